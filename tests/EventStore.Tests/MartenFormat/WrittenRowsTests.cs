using Crm.EventModel;

namespace Crm.EventStore.Tests.MartenFormat;

/// <summary>What a writer owes a Marten that reads the same tables.</summary>
public sealed class WrittenRowsTests : IAsyncLifetime
{
    private static readonly Guid Cup = Guid.Parse("0198a5f0-0000-7000-8000-000000000001");
    private static readonly Guid First = Guid.Parse("0198a5f0-0000-7000-8000-0000000000a1");
    private StoreFixture crm = null!;

    public async Task InitializeAsync()
    {
        crm = await StoreFixture.New();
        var said = new Metadata("rep-1", CorrelationId: "flow-1", CausationId: "cause-1", RequestId: "request-1", Source: "api", PlaybookVersion: 3);
        await crm.Append(new AppendRequest(StoreFixture.Tenant, [new StreamAppend(Cup, "coffee", 0,
        [
            new NewEvent(First, new CoffeeOrdered("拿铁", 4.50m), new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.FromHours(8)), said),
            new NewEvent(Guid.CreateVersion7(), new CoffeeServed(3), null, new Metadata())
        ])]));
    }

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public Task The_stream_has_its_row_at_its_last_version() => Holds("""
        mt_streams where (tenant_id, id, type, version, is_archived) = ('acme', '0198a5f0-0000-7000-8000-000000000001', 'coffee', 2, false)
        """);

    [Fact]
    public Task An_event_has_its_alias_its_type_and_camelCase_JSON() => Holds("""
        mt_events where (seq_id, version, type, mt_dotnet_type) = (1, 1, 'coffee_ordered', 'Crm.EventStore.Tests.CoffeeOrdered, Crm.EventStore.Tests')
            and id = '0198a5f0-0000-7000-8000-0000000000a1' and data = '{"drink": "拿铁", "price": 4.50}' and bdata is null
        """);

    [Fact]
    public Task Who_and_why_stand_in_Martens_columns_and_the_rest_in_headers() => Holds("""
        mt_events where (version, user_name, correlation_id, causation_id) = (1, 'rep-1', 'flow-1', 'cause-1')
            and headers = '{"occurredAt": "2026-11-20T09:30:00+08:00", "source": "api", "request": "request-1", "playbook": 3}'
        """);

    [Fact]
    public Task What_nobody_said_is_null_and_headers_are_empty() => Holds("""
        mt_events where version = 2 and user_name is null and correlation_id is null and causation_id is null and headers = '{}'
        """);

    [Fact]
    public async Task Every_event_has_tenant_time_and_a_flag_and_numbers_follow_versions()
    {
        (await crm.Count("mt_events where tenant_id = 'acme' and not is_archived and timestamp between now() - interval '1 minute' and now()")).ShouldBe(2);
        (await crm.Count("mt_events where seq_id = version")).ShouldBe(2);
    }

    private async Task Holds(string from) => (await crm.Count(from)).ShouldBe(1);
}
