namespace Crm.EventStore.Tests;

public sealed class WaitingLineTests
{
    private readonly WaitingLine line = new();

    [Fact]
    public async Task A_busy_tenant_does_not_starve_a_quiet_one()
    {
        for (var i = 0; i < 2000; i++)
        {
            line.Add(From("busy"));
        }

        line.Add(From("quiet"));

        var group = await line.Take(default);
        group.Count.ShouldBe(512);
        group.Count(w => w.Request.Tenant == "quiet").ShouldBe(1);
    }

    [Fact]
    public async Task Two_requests_for_one_stream_go_in_two_groups_in_the_order_of_arrival()
    {
        var cup = Guid.CreateVersion7();
        var (first, second, other) = (From("acme", cup), From("acme", cup), From("acme"));
        line.Add(first);
        line.Add(second);
        line.Add(other);

        (await line.Take(default)).ShouldBe([first, other]);
        (await line.Take(default)).ShouldBe([second]);
    }

    [Fact]
    public async Task The_same_stream_id_of_two_tenants_is_two_streams()
    {
        var cup = Guid.CreateVersion7();
        line.Add(From("acme", cup));
        line.Add(From("globex", cup));

        (await line.Take(default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_group_stays_below_a_megabyte()
    {
        for (var i = 0; i < 10; i++)
        {
            line.Add(new Waiting(StoreFixture.To(Guid.CreateVersion7(), 0, new CoffeeOrdered(new string('x', 300_000), 1m)), StoreFixture.Types));
        }

        (await line.Take(default)).Count.ShouldBe(3);
    }

    [Fact]
    public void Past_its_capacity_the_store_says_that_it_is_too_busy()
    {
        for (var i = 0; i < WaitingLine.Capacity; i++)
        {
            line.Add(From("acme"));
        }

        Should.Throw<StoreUnavailable>(() => line.Add(From("acme")));
    }

    private static Waiting From(string tenant, Guid? stream = null) =>
        new(StoreFixture.To(stream ?? Guid.CreateVersion7(), 0, new CoffeeServed(1)) with { Tenant = tenant }, StoreFixture.Types);
}
