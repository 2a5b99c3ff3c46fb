using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Support;

namespace Crm.EventStore.Tests.Faults;

/// <summary>An event that a foreign hand wrote and nobody can read.</summary>
public sealed class UnreadableEventTests : IAsyncLifetime
{
    private CupStore crm = null!;

    public async Task InitializeAsync() => crm = await CupStore.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public async Task It_stops_its_read_model_and_once_skipped_is_in_nobodys_way()
    {
        await using var follower = AtWork.Follower(crm.ConnectionString);
        var cup = Guid.CreateVersion7();
        await crm.Append(CupStore.Ordering(cup, "tea"));
        await using (var hand = new ForeignWriter(crm.ConnectionString))
        {
            await hand.Run($$"""
                update mt_streams set version = 2 where id = '{{cup}}';
                insert into mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
                values (nextval('mt_events_sequence'), gen_random_uuid(), '{{cup}}', 2, '{"price": "dear"}', 'cup_repriced', 'acme')
                """);
        }

        await Patience.Until("the read model stops", async () => await crm.Count("crm.read_model_stop") == 1);
        await new ReadModelSet(crm.Database, [CupStore.Bar]).Resume(CupStore.Bar, "written by hand", default);
        await crm.CaughtUp();

        // A back-dated fact folds the whole stream anew, and so comes by the unreadable one again.
        var yesterday = new NewEvent(Guid.CreateVersion7(), new CupDrunk(), DateTimeOffset.UtcNow.AddDays(-1), new Metadata());
        await crm.Append(new AppendRequest(CupStore.Tenant, [new StreamAppend(cup, "cup", 2, [yesterday])]));

        await crm.CaughtUp();
        (await crm.Count("crm.coffee_bar where drunk")).ShouldBe(1);
    }
}
