using Crm.Domain.Forecasting;

namespace Crm.Domain.Tests.Forecasting;

/// <summary>Opportunities that came so far and no further, and a forecast of those that are open.</summary>
internal static class Funnel
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateOnly Today = new(2026, 3, 2);
    public static readonly string[] Stages = ["A", "B", "C", "D"];

    private static readonly IForecastEngine Engine = ForecastEngines.Of("stage-weighted/1");

    /// <summary>The worked example: of 1000 leads that came to A, 200 came to B, 80 to C, 40 to D, and 24 were won.</summary>
    public static IReadOnlyList<ForecastDeal> Decided { get; } = [.. Enumerable.Range(0, 1000).Select(i => Closed(
        i + 1, i < 40 ? 3 : i < 80 ? 2 : i < 200 ? 1 : 0, isWon: i < 24))];

    public static ForecastManifest Manifest { get; } = new(
        "stage-weighted/1", new(), new(ForecastPeriod.Quarter, new(2026, 1, 1), new(2026, 4, 1), Monday.AddDays(-60), Monday.AddDays(30)),
        "UTC", "2026a", Today, Monday, Position: 7, Playbook: 0, new(), "CNY", Digits: 2);

    public static ForecastDeal Open(int id, string stage, decimal amount = 1_000_000, double days = 1) => ForecastDeal.New(Id(id)) with
    {
        OpenedAt = Monday.AddDays(-days),
        Pipeline = "standard",
        Stage = stage,
        StageSince = Monday.AddDays(-days),
        Amount = amount,
        Currency = "CNY",
        ExpectedClose = Today.AddDays(10)
    };

    /// <param name="last">The place of the stage that it came to.</param>
    public static ForecastDeal Closed(int id, int last, bool isWon, double stay = 10) => ForecastDeal.New(Id(id)) with
    {
        OpenedAt = Monday.AddDays(-300),
        Status = isWon ? ForecastDeal.Won : ForecastDeal.Lost,
        Pipeline = "standard",
        Stage = Stages[last],
        StageSince = Monday.AddDays(-200),
        ClosedAt = Monday.AddDays(-200 + stay),
        Amount = 1,
        Currency = "CNY",
        Stays = [.. Stages.Take(last).Select(stage => FormattableString.Invariant($"{stay:F4} {stage}"))]
    };

    public static ForecastResult Run(IEnumerable<ForecastDeal> deals, ForecastManifest? manifest = null) =>
        Engine.Run(manifest ?? Manifest, new([.. deals]));

    public static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
}
