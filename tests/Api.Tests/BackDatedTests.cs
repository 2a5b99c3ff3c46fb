using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.EventStore;
using Crm.Projections;
using Crm.Support;
using Npgsql;

namespace Crm.Api.Tests;

/// <summary>What is told late is decided on the state as it was then.</summary>
public sealed class BackDatedTests : IAsyncLifetime
{
    private static readonly Guid Lead = Guid.Parse("0198a5f0-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly StateCache cache = new();
    private NpgsqlDataSource database = null!;
    private Store store = null!;

    public async Task InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await TestCluster.NewDatabase());
        await Migrator.Migrate(database, default);
        store = await Store.Open(database, EventCatalog.Types, StoreSettings.Default, default);
        await Send(new CaptureLead("web"), Noon);
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
        cache.Dispose();
    }

    [Fact]
    public async Task Several_touches_may_be_dated_before_the_lead_was_captured()
    {
        await Touch(Noon.AddHours(-5));
        await Touch(Noon.AddHours(-3));
        await Touch(Noon.AddHours(-4));

        (await store.ReadStream("main", Lead, null, default)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task An_assignment_cannot_be_dated_before_the_capture_even_after_such_a_touch()
    {
        await Touch(Noon.AddHours(-5));

        (await Should.ThrowAsync<Rejection>(() => Send(new AssignLead("rep-1"), Noon.AddHours(-3)))).Code.ShouldBe("lead.before-first");
    }

    private Task<Written> Touch(DateTimeOffset at) => Send(new TouchLead(Guid.CreateVersion7(), TouchKind.Call, Direction.Outbound), at);

    private Task<Written> Send(ILeadCommand command, DateTimeOffset at) => new Commands(store, cache).Send(
        LeadDecider.Instance, Lead, command, new Call(Caller.Developer, at, IfMatch: null, Key: null, RequestId: null, Source: "test"), default);
}
