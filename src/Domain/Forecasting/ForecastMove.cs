using Crm.Domain.Forecasting.Factors;

namespace Crm.Domain.Forecasting;

/// <summary>A forecast with what it was made of.</summary>
/// <param name="Deals">As of the manifest's moment and position.</param>
/// <param name="Shadows">What other engines say of the same, where any are asked.</param>
public sealed record ForecastStand(
    ForecastManifest Manifest, ForecastResult Result, IReadOnlyList<ForecastDeal> Deals, IReadOnlyList<ForecastShadow>? Shadows = null)
{
    /// <summary>What is to be expected of the whole span: of what is open, and what was won in it already.</summary>
    public decimal Figure => Result.Totals.Figure;
}

/// <summary>Why a forecast moved.</summary>
/// <param name="By"><c>deal</c>, <c>team</c>, <c>rep</c>, <c>product</c> or <c>factor</c>: each of them comes to the whole move; or
/// <c>source</c>, a part of what factors did.</param>
/// <param name="Name">The opportunity's id, the key of the factor or the source, or what the team, rep or product is called; null of
/// those of which it is not known, and of all that no factor did.</param>
/// <param name="Effect">By how much it moved the figure.</param>
/// <param name="What">Of a deal: <c>new</c>, <c>gone</c>, <c>won</c> or <c>changed</c>; of a source: <c>new</c>, <c>gone</c>, <c>stale</c>,
/// <c>other-reading</c> or <c>same-reading</c>.</param>
public sealed record MoveCause(string By, string? Name, decimal Effect, string? What = null);

/// <summary>How far the figure of a forecast went from one run to a later one of the same schedule, and by what.</summary>
public static class ForecastMove
{
    private const int MostOfEach = 5;

    /// <summary>(after − before) / |before| · 100; from nothing to something it moves by 100.</summary>
    public static decimal Percent(decimal before, decimal after) =>
        after == before ? 0 : before == 0 ? 100 * Math.Sign(after) : (after - before) / Math.Abs(before) * 100;

    /// <summary>Whether it went farther than a guard lets it; exactly so far is not too far.</summary>
    public static bool IsBeyond(decimal before, decimal after, int percent) => Math.Abs(Percent(before, after)) > percent;

    /// <summary>The sources, factors, deals, teams, reps and products that moved it most, of each the largest first.</summary>
    public static IReadOnlyList<MoveCause> Causes(ForecastStand before, ForecastStand after)
    {
        var (then, now) = (Shares(before), Shares(after));
        var deals = then.Keys.Union(now.Keys).Select(id => Of(id, then.GetValueOrDefault(id), now.GetValueOrDefault(id)));
        return
        [
            .. Largest(Sources(before, after)), .. Largest(Factors(before, after)),
            .. Largest(deals), .. Largest(Groups("team", then, now, share => share.Team)),
            .. Largest(Groups("rep", then, now, share => share.Rep)), .. Largest(Groups("product", then, now, share => share.Product))
        ];
    }

    // What no factor did is what stages, amounts and wins did.
    private static IEnumerable<MoveCause> Factors(ForecastStand before, ForecastStand after)
    {
        if (before.Result.Totals.Weighed is null && after.Result.Totals.Weighed is null)
        {
            return [];
        }

        var moved = Moved(before, after, factor => factor.Key).Select(one => new MoveCause("factor", one.Key, one.Effect)).ToList();
        return [.. moved, new("factor", Name: null, after.Figure - before.Figure - moved.Sum(cause => cause.Effect))];
    }

    private static IEnumerable<MoveCause> Sources(ForecastStand before, ForecastStand after) =>
        Moved(before, after, factor => factor.Source).Select(one => new MoveCause(
            "source", one.Key, one.Effect, Read(Use(before, one.Key), Use(after, one.Key))));

    private static IEnumerable<(string Key, decimal Effect)> Moved(
        ForecastStand before, ForecastStand after, Func<FactorTotal, string?> key) =>
        Effects(before).Select(factor => (Key: key(factor), Effect: -factor.Effect))
            .Concat(Effects(after).Select(factor => (Key: key(factor), factor.Effect)))
            .Where(one => one.Key is not null).GroupBy(one => one.Key!).Select(same => (same.Key, same.Sum(one => one.Effect)));

    private static IReadOnlyList<FactorTotal> Effects(ForecastStand stand) => stand.Result.Totals.Weighed?.Factors ?? [];

    private static ReadingUse? Use(ForecastStand stand, string source) =>
        stand.Manifest.Readings?.FirstOrDefault(use => use.Source == source);

    private static string Read(ReadingUse? then, ReadingUse? now) => (then, now) switch
    {
        (_, null) => "gone",
        (null, _) => "new",
        (_, { IsStale: true }) => "stale",
        _ => then.ReadingId == now.ReadingId ? "same-reading" : "other-reading"
    };

    private static IEnumerable<MoveCause> Largest(IEnumerable<MoveCause> causes) => causes.Where(cause => cause.Effect != 0)
        .OrderByDescending(cause => Math.Abs(cause.Effect)).ThenBy(cause => cause.Name, StringComparer.Ordinal).Take(MostOfEach);

    private static MoveCause Of(Guid id, Share? then, Share? now) => new(
        "deal", id.ToString("D"), (now?.Value ?? 0) - (then?.Value ?? 0),
        then is null ? "new" : now is null ? "gone" : now.IsWon && !then.IsWon ? "won" : "changed");

    // What went over to another team takes from the one and gives to the other.
    private static IEnumerable<MoveCause> Groups(
        string by, Dictionary<Guid, Share> then, Dictionary<Guid, Share> now, Func<Share, string?> of) =>
        then.Values.Select(share => (Name: of(share), Effect: -share.Value))
            .Concat(now.Values.Select(share => (Name: of(share), Effect: share.Value)))
            .GroupBy(one => one.Name).Select(same => new MoveCause(by, same.Key, same.Sum(one => one.Effect)));

    // Each opportunity's part of the figure. They come to it, to the cent.
    private static Dictionary<Guid, Share> Shares(ForecastStand stand)
    {
        var manifest = stand.Manifest;
        var won = stand.Deals.Where(deal => deal.Status == ForecastDeal.Won && StageModel.IsBusiness(deal) && manifest.Scope.Holds(deal)
            && deal.Currency == manifest.Currency && deal.ClosedAt >= manifest.Span.Begin && deal.ClosedAt < manifest.Span.End);
        return stand.Result.Contributions
            .Select(one => (Id: one.OpportunityId, Share: new Share(one.Value, one.Team, one.Rep, one.Product, IsWon: false)))
            .Concat(won.Select(deal => (Id: deal.OpportunityId, Share: new Share(deal.Amount ?? 0, deal.Team, deal.Rep, deal.Product, IsWon: true))))
            .ToDictionary(one => one.Id, one => one.Share);
    }

    private sealed record Share(decimal Value, string? Team, string? Rep, string? Product, bool IsWon);
}
