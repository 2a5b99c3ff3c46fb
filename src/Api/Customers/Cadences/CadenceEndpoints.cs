using Crm.Api.Access;
using Crm.Api.Conversion;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Domain.Customers;
using Crm.Projections;

namespace Crm.Api.Customers.Cadences;

/// <summary>Tiers of customers over HTTP: set, and how often customers are to be seen and were.</summary>
public static class CadenceEndpoints
{
    private const int Most = 1000;
    private const int DaysLeftOut = 90;

    // At the beginning of the calendar there are no days before.
    private static readonly DateTimeOffset First = DateTimeOffset.MinValue.AddDays(DaysLeftOut);

    public static void MapCadences(this IEndpointRouteBuilder app)
    {
        var customers = app.MapGroup("/customers").WithTags("Customers").ChangedByThoseWhoSee("customer");

        customers.MapPost("/{id:guid}/tier", async (
            Guid id, Body<SetTierRequest> body, Incoming incoming, CurrentPlaybook playbooks, Writes writes, CancellationToken ct) =>
        {
            var playbook = await playbooks.Of(incoming.By.Tenant, ct);
            var known = (playbook.Document?.Tiers ?? []).Select(tier => tier.Key);
            var command = new SetCustomerTier(body.Value.Tier, [.. known], body.Value.Reason);
            return await writes.Send(
                CustomerDecider.Instance, id, command, incoming.Call(body, body.Value.OccurredAt), ct, playbook.Version);
        }).Changes().Needs(Functions.CustomersWrite).WithName("setCustomerTier")
            .WithSummary("Put a customer into a tier of the playbook, or out of any");

        customers.MapGet("/overdue", async (
            Query<OverdueQuestion> query, Caller by, Headers headers, IfNoneMatch held, CaredCustomers cared, Queries queries,
            CancellationToken ct) =>
        {
            var q = query.Value;
            MustSee(by);
            var lens = await queries.Lens(q.Times, by.Zone, ct);
            var (found, shown, moment, playbook) = await cared.Of(by, lens, headers.MinPosition, span: null, ct);
            var overdue = found.Where(one => (q.Tier is null || one.Tier.Key == q.Tier) && (q.Rep is null || one.Rep == q.Rep))
                .Select(one => new OverdueCustomer(
                    one.Id, by.Sight.Hides("customer", "name") ? null : one.Name, one.Tier.Key, one.TierSince, one.Rep, one.Team, one.Last,
                    Cadence.DueAt(one.TierSince, one.Last, one.Tier.VisitEveryDays)))
                .Where(one => one.DueAt < moment).OrderBy(one => one.DueAt).ThenBy(one => one.CustomerId).ToList();
            var (position, version) = (queries.Token(shown), Catalog.CustomerTiers.Version);
            var answer = new OverdueAnswer(lens.AsOf, lens.KnownAt, moment, shown, version, playbook, overdue.Count,
                [.. overdue.Take(Most)]);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position, moment), held);
        }).Produces<OverdueAnswer>().Needs(Functions.CustomersRead).Costs(5).WithName("listOverdueCustomers")
            .WithSummary("Customers that nobody has seen for longer than their tier allows, now or as of any moment");

        app.MapGet("/reports/cadence", async (
            Query<CadenceQuestion> query, Caller by, Headers headers, IfNoneMatch held, CaredCustomers cared, Queries queries,
            TimeProvider clock, CancellationToken ct) =>
        {
            var q = query.Value;
            MustSee(by);
            Queries.MustFollow("from", q.From, "to", q.To, by.Zone);
            var lens = await queries.Lens(q.Times, by.Zone, ct);
            var to = q.To?.In(by.Zone) ?? lens.AsOf ?? lens.KnownAt ?? clock.GetUtcNow();
            var from = q.From?.In(by.Zone) ?? (to > First ? to.AddDays(-DaysLeftOut) : DateTimeOffset.MinValue);
            var (found, shown, _, playbook) = await cared.Of(by, lens, headers.MinPosition, (from, to), ct);
            var counted = found.Select(one =>
                (one.Rep, Periods: Cadence.Within(from, to, one.TierSince, one.Tier.VisitEveryDays, one.Seen)));
            var reps = counted.GroupBy(one => one.Rep).OrderBy(rep => rep.Key, StringComparer.Ordinal)
                .Select(rep => new CadenceOfRep(rep.Key, Share.Part(rep.Sum(one => one.Periods.Met), rep.Sum(one => one.Periods.Periods))))
                    .ToList();
            var all = Share.Part(reps.Sum(rep => rep.Periods.Count), reps.Sum(rep => rep.Periods.Of));
            var position = queries.Token(shown);
            return new Positioned(
                new CadenceAnswer(lens.AsOf, lens.KnownAt, shown, Catalog.CustomerTiers.Version, playbook, from, to, all, reps), position,
                WeakTag.Of(held.Request, by, position, playbook, to), held);
        }).WithTags("Reports").Produces<CadenceAnswer>().Needs(Functions.ActivityRead).Costs(5).WithName("getCadence")
            .WithSummary("How many of the periods in which customers were to be seen they were, by rep, as of any moment");
    }

    internal static void MustSee(Caller by) =>
        FigureSight.MustSee(by, ["opportunity", "customer"], [], "touches", "customerId", "rep", "team", "tier");
}
