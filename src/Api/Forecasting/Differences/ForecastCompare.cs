using System.Globalization;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Forecasting;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Forecasting;

/// <summary>Compares two forecasts: by which causes they differ, by which opportunities, by which events.</summary>
public sealed class ForecastCompare(ForecastDesk desk, ForecastSplits splits, DealChanges changes, Cursors cursors, Store store)
{
    /// <exception cref="Rejection">One is out of sight, they are in different currencies, or one does not come to its own total.</exception>
    public async Task<ForecastCompareAnswer> Between(Caller by, CompareQuestion asked, CancellationToken ct)
    {
        var (a, b) = (await desk.Find(by, asked.A, ct), await desk.Find(by, asked.B, ct));
        var isForward = ForecastComparison.IsEarlier(a.Manifest, b.Manifest);
        var (then, now) = isForward ? (await Side(by, a, ct), await Side(by, b, ct)) : (await Side(by, b, ct), await Side(by, a, ct));
        var (split, learned) = await splits.Between(by.Tenant, then, now, ct);
        if ((split.Then, split.Now) != (Total(isForward ? a : b), Total(isForward ? b : a)))
            throw Rejection.WrongState("forecast.differs", "One of them does not come to its own total any more; replay both to see where.");

        var gap = ForecastGap.Between(then.Manifest, now.Manifest);
        var pages = split.Shares.Where(share => asked.Cause is null || share.Cause == asked.Cause).GroupBy(share => share.Cause)
            .OrderBy(same => same.Key).Select(same => Shown.Of(same.Key, [.. same], Behind(by, asked), asked.Page.Limit)).ToList();
        var decided = Decided(then.Known, now.Known);
        var (back, isWhole) = await Back(by.Tenant, then, now, gap, learned, ct);
        var (someDecided, someBack) = (decided.Take(asked.Page.Limit).ToList(), back.Take(asked.Page.Limit).ToList());
        var events = await changes.Events(
            by.Tenant, [.. pages.SelectMany(page => page.Items).Select(share => share.OpportunityId).Concat(someDecided)
                .Concat(someBack.Select(one => one.Id)).Distinct()], gap, ct);

        return new(
            asked.A, asked.B, Money.Of(Total(a), a.Manifest.Currency), Money.Of(Total(b), a.Manifest.Currency),
            Money.Of(Total(b) - Total(a), a.Manifest.Currency),
            [
                .. pages.Select(page => new ForecastCauseAnswer(
                    Word(page.Cause), Text(page.Value), page.Total,
                    [.. page.Items.Select(share => new DealShareAnswer(share.OpportunityId, Text(share.Value), Grounds(page.Cause, share.OpportunityId)))],
                    page.End < page.Total ? Cursor(by, asked, page) : null))
            ],
            new(decided.Count, [.. someDecided.Select(id => new DecidedDealAnswer(id, Grounds(ForecastCause.Model, id)))]),
            new(back.Count, isWhole,
            [
                .. someBack.Select(one => new ThereAndBackAnswer(
                    one.Id, [.. one.What.Select(Word)], [.. one.What.SelectMany(cause => Grounds(cause, one.Id)
                        .Concat(Grounds(ForecastCause.Late, one.Id)).Concat(Grounds(ForecastCause.Corrected, one.Id))).Distinct()
                        .OrderBy(e => e.Position)]))
            ]));

        string Text(decimal value) => Money.Of(isForward ? value : -value, a.Manifest.Currency).ToString();

        IReadOnlyList<GroundAnswer> Grounds(ForecastCause cause, Guid id) =>
            events.TryGetValue(id, out var stream) ? [.. gap.Grounds(cause, stream, store.Types).Select(GroundAnswer.Of)] : [];
    }

    internal static string Word(ForecastCause cause) => cause.ToString().ToLowerInvariant();

    private static decimal Total(ForecastRun run) => run.Totals.Total.Value;

    private async Task<ForecastSide> Side(Caller by, ForecastRun run, CancellationToken ct) =>
        new(run.Manifest, await desk.Known(by.Tenant, run.Manifest, fromEvents: false, ct));

    private static IReadOnlyList<Guid> Decided(ForecastKnown then, ForecastKnown now)
    {
        var before = then.Deals.Where(IsDecided).ToDictionary(deal => deal.OpportunityId, deal => (deal.Status, deal.ClosedAt));
        var after = now.Deals.Where(IsDecided).ToDictionary(deal => deal.OpportunityId, deal => (deal.Status, deal.ClosedAt));
        return [.. before.Keys.Union(after.Keys).Where(id => before.GetValueOrDefault(id) != after.GetValueOrDefault(id)).Order()];

        static bool IsDecided(ForecastDeal deal) => deal is { OpenedAt: not null, IsFlagged: false } && deal.Status != ForecastDeal.Open;
    }

    // What happened between the two moments is in rows; what became known of the time before is in the events that were read already.
    private async Task<(IReadOnlyList<(Guid Id, IReadOnlyList<ForecastCause> What)> Back, bool IsWhole)> Back(
        string tenant, ForecastSide then, ForecastSide now, ForecastGap gap, IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>> learned,
        CancellationToken ct)
    {
        var states = await changes.States(tenant, gap, ct);
        var before = then.Known.Deals.ToDictionary(deal => deal.OpportunityId);
        var found = new SortedDictionary<Guid, HashSet<ForecastCause>>();
        foreach (var path in states.GroupBy(deal => deal.OpportunityId))
        {
            var first = learned.TryGetValue(path.Key, out var stream)
                ? gap.Restated(stream, store.Types).After : before.GetValueOrDefault(path.Key);
            Look(path.Key, [first, .. path]);
        }

        foreach (var (id, stream) in learned)
        {
            Look(id, gap.Learning(stream, store.Types));
        }

        return ([.. found.Select(one => (one.Key, (IReadOnlyList<ForecastCause>)[.. one.Value.Order()]))], states.Count < DealChanges.MostStates);

        void Look(Guid id, IReadOnlyList<ForecastDeal?> path)
        {
            if (path.Any(deal => deal is not null && (then.Manifest.Scope.Holds(deal) || now.Manifest.Scope.Holds(deal)))
                && ThereAndBack.Of(path) is { Count: > 0 } what)
            {
                (found.TryGetValue(id, out var known) ? known : found[id] = []).UnionWith(what);
            }
        }
    }

    private int Behind(Caller by, CompareQuestion asked) => asked is { Page.Cursor: { } cursor, Cause: { } cause }
        ? int.Parse(cursors.Read(cursor, Bound(by, asked, cause), (code, message) => Fault.InQuery("cursor", code, message)).Keys[0]!,
            CultureInfo.InvariantCulture) : 0;

    private string Cursor(Caller by, CompareQuestion asked, Shown page) =>
        cursors.Write(new(Position: 0, [page.End.ToString(CultureInfo.InvariantCulture)]), Bound(by, asked, page.Cause));

    private static string Bound(Caller by, CompareQuestion asked, ForecastCause cause) =>
        $"{by.Tenant} forecasts {asked.A} {asked.B} {Word(cause)}";

    /// <summary>A page of the shares of a cause.</summary>
    private sealed record Shown(ForecastCause Cause, decimal Value, int Total, IReadOnlyList<ForecastShare> Items, int End)
    {
        public static Shown Of(ForecastCause cause, IReadOnlyList<ForecastShare> shares, int behind, int limit)
        {
            var items = shares.OrderByDescending(share => Math.Abs(share.Value)).ThenBy(share => share.OpportunityId)
                .Skip(behind).Take(limit).ToList();
            return new(cause, shares.Sum(share => share.Value), shares.Count, items, behind + items.Count);
        }
    }
}
