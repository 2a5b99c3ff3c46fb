namespace Crm.EventStore.Tests;

public sealed class ClaimReaderTests : IAsyncLifetime
{
    private StoreFixture crm = null!;

    public async Task InitializeAsync() => crm = await StoreFixture.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public async Task Many_who_ask_at_once_are_each_told_of_what_they_asked()
    {
        var holders = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var (i, holder) in holders.Index())
        {
            await crm.Append(new AppendRequest(StoreFixture.Tenant, [new StreamAppend(holder, "coffee", 0, [StoreFixture.Event(new CoffeeServed(1))])])
            {
                Claims = [new Claim("seat", $"{i}", holder)]
            });
        }

        var told = await Task.WhenAll(holders.Index().Select(seat => crm.Store.Holders(StoreFixture.Tenant, [("seat", $"{seat.Index}"), ("seat", "none")], default)));

        told.Select(found => found.ShouldHaveSingleItem()).ShouldBe(holders.Select((holder, i) => KeyValuePair.Create(("seat", $"{i}"), holder)));
    }
}
