using Crm.Domain.Forecasting;

namespace Crm.Domain.Tests.Forecasting;

public sealed class ForecastComparisonTests
{
    private static readonly string[] Kinds =
        ["stage", "amount", "date", "owner", "won", "lost", "reopened", "flag", "late", "corrected"];

    private static readonly IForecastEngine Engine = ForecastEngines.Of("stage-weighted/1");

    [Fact]
    public void The_shares_of_any_two_forecasts_come_to_their_difference_to_the_cent()
    {
        var seen = new HashSet<ForecastCause>();
        for (var seed = 0; seed < 60; seed++)
        {
            var (random, history) = (new Random(seed), new DealHistory(seed, deals: 20, changes: 150, Kinds));
            var (one, other) = (Side(history, random), Side(history, random));
            var (then, now) = ForecastComparison.IsEarlier(one.Manifest, other.Manifest) ? (one, other) : (other, one);

            var split = history.Split(then, now);

            (split.Then, split.Now).ShouldBe((Total(then), Total(now)));
            split.Shares.Sum(share => share.Value).ShouldBe(Total(now) - Total(then), $"seed {seed}");
            seen.UnionWith(split.Shares.Select(share => share.Cause));
        }

        seen.ShouldBe(Enum.GetValues<ForecastCause>().Except(
            [ForecastCause.Detail, ForecastCause.Readings, ForecastCause.Engine]), ignoreOrder: true, "all of them happened");
    }

    [Theory]
    [InlineData("stage", ForecastCause.Stage)]
    [InlineData("amount", ForecastCause.Amount)]
    [InlineData("date", ForecastCause.Date)]
    [InlineData("owner", ForecastCause.Owner)]
    [InlineData("won", ForecastCause.Won)]
    [InlineData("lost", ForecastCause.Lost)]
    public void What_did_not_happen_adds_nothing(string kind, ForecastCause cause)
    {
        var history = new DealHistory(seed: 7, deals: 30, changes: 40, kind);
        var manifest = Funnel.Manifest with { Scope = kind == "owner" ? new(Rep: "li") : new() };

        // Time goes by and odds are learned anew in any case.
        history.Between(history.Side(history.Head, 30, manifest), history.Side(history.Head, 60, manifest))
            .Select(share => share.Cause).Distinct().Except([ForecastCause.Time, ForecastCause.Model]).ShouldBe([cause]);
    }

    [Theory]
    [InlineData("late", ForecastCause.Late)]
    [InlineData("flag", ForecastCause.Flagged)]
    public void What_became_known_since_of_the_same_moment_is_told_apart(string kind, ForecastCause cause)
    {
        var history = new DealHistory(seed: 7, deals: 30, changes: 40, kind);

        history.Between(history.Side(30, 30), history.Side(history.Head, 30)).Select(share => share.Cause).Distinct().ShouldBe([cause]);
    }

    [Fact]
    public void What_was_put_right_since_is_told_apart_from_what_came_late()
    {
        var history = new DealHistory(seed: 7, deals: 30, changes: 60, "late", "corrected");

        var shares = history.Between(history.Side(60, 30), history.Side(history.Head, 30));

        shares.Select(share => share.Cause).Distinct().ShouldBe([ForecastCause.Late, ForecastCause.Corrected], ignoreOrder: true);
    }

    [Fact]
    public void A_forecast_differs_from_itself_by_nothing()
    {
        var history = new DealHistory(seed: 3, deals: 30, changes: 100, Kinds);
        var side = history.Side(90, 45);

        history.Between(side, side).ShouldBeEmpty();
    }

    [Fact]
    public void Of_two_changes_each_is_worth_what_it_adds_after_the_one_before()
    {
        var then = Funnel.Open(2000, "B", 100);
        var now = then with { Stage = "D", Amount = 300, OpenedAt = then.OpenedAt };
        ForecastSide Side(ForecastDeal deal) => new(Funnel.Manifest, new([.. Funnel.Decided, deal]));

        ForecastComparison.Between(Side(then), Side(now), new Dictionary<Guid, DealRestated>()).Shares.ShouldBe(
        [
            new(ForecastCause.Stage, Funnel.Id(2000), 48), new(ForecastCause.Amount, Funnel.Id(2000), 120)
        ]);
    }

    [Fact]
    public void What_went_there_and_came_back_is_told()
    {
        var deal = Funnel.Open(2000, "B", 100);

        ThereAndBack.Of([deal, deal with { Amount = 900 }, deal]).ShouldBe([ForecastCause.Amount]);
        ThereAndBack.Of([deal, deal with { Amount = 900 }, deal with { Amount = 101 }]).ShouldBeEmpty();
        ThereAndBack.Of([null, deal, deal with { Status = ForecastDeal.Lost }]).ShouldBe([ForecastCause.Opened]);
        ThereAndBack.Of([deal, deal with { Status = ForecastDeal.Lost }, deal with { StageSince = Funnel.Monday }])
            .ShouldBe([ForecastCause.Opened]);
    }

    private static ForecastSide Side(DealHistory history, Random random)
    {
        var day = random.Next(20, 62);
        return history.Side(random.Next(1, (int)history.Head), day, Funnel.Manifest with
        {
            Scope = random.Next(3) == 0 ? new(Rep: "li") : new(),
            Settings = new(Pooling: random.Next(2) * 40, StaleDays: random.Next(2) == 0 ? null : 20),
            Span = random.Next(2) == 0 ? Funnel.Manifest.Span
                : Funnel.Manifest.Span with { From = Funnel.Today.AddDays(-20), To = Funnel.Today.AddDays(15) }
        });
    }

    private static decimal Total(ForecastSide side) => Engine.Run(side.Manifest, side.Known).Totals.Total.Value;
}
