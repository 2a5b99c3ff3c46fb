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
/// <param name="By"><c>deal</c>, <c>team</c> or <c>product</c>: each of them comes to the whole move.</param>
/// <param name="Name">The opportunity's id, or what the team or product is called; null of those of which it is not known.</param>
/// <param name="Effect">By how much it moved the figure.</param>
/// <param name="What">Of a deal: <c>new</c>, <c>gone</c>, <c>won</c> or <c>changed</c>.</param>
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

    /// <summary>The deals, teams and products that moved it most, the largest first.</summary>
    public static IReadOnlyList<MoveCause> Causes(ForecastStand before, ForecastStand after)
    {
        var (then, now) = (Shares(before), Shares(after));
        var deals = then.Keys.Union(now.Keys).Select(id => Of(id, then.GetValueOrDefault(id), now.GetValueOrDefault(id)));
        return
        [
            .. Largest(deals), .. Largest(Groups("team", then, now, share => share.Team)),
            .. Largest(Groups("product", then, now, share => share.Product))
        ];
    }

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
            .Select(one => (Id: one.OpportunityId, Share: new Share(one.Value, one.Team, one.Product, IsWon: false)))
            .Concat(won.Select(deal => (Id: deal.OpportunityId, Share: new Share(deal.Amount ?? 0, deal.Team, deal.Product, IsWon: true))))
            .ToDictionary(one => one.Id, one => one.Share);
    }

    private sealed record Share(decimal Value, string? Team, string? Product, bool IsWon);
}
