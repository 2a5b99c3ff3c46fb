using Crm.EventStore.Sealing;

namespace Crm.EventStore.Tests;

public sealed class RecentKeysTests
{
    private readonly RecentKeys<int, string> keys = new(most: 10);

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(97)]
    public void What_was_put_in_stays_until_as_many_others_came_as_half_of_them_hold(int earlier)
    {
        Keep(1, earlier);
        keys.Keep(-1, "made");
        Keep(1000, 5);
        keys.Find(-1, out var key).ShouldBeTrue();
        key.ShouldBe("made");

        Keep(2000, 12);
        keys.Find(1000, out _).ShouldBeFalse();
    }

    [Fact]
    public void What_is_used_stays()
    {
        keys.Keep(-1, "used");
        for (var name = 0; name < 100; name++)
        {
            keys.Keep(name, $"{name}");

            keys.Find(-1, out var key).ShouldBeTrue();
            key.ShouldBe("used");
        }
    }

    private void Keep(int from, int howMany)
    {
        for (var name = from; name < from + howMany; name++)
        {
            keys.Keep(name, $"{name}");
        }
    }
}
