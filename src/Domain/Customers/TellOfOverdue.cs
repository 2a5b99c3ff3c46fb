using System.Globalization;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Domain.Customers;

/// <summary>Somebody is to hear that a customer was not seen for too long.</summary>
/// <param name="Rep">Who is told.</param>
/// <param name="Kind">By which the alert is told.</param>
/// <param name="Since">When somebody should have followed up: of the same he hears once.</param>
public sealed record OverdueNotice(
    string Rep, string Kind, AlertSeverity Severity, DateTimeOffset Since, IReadOnlyDictionary<string, string> Params);

/// <summary>
/// Whoever has a customer hears once when it was not seen for longer than its tier allows; where the playbook wants it, his superior hears
/// some days later. Whoever follows up ends that, and it can be told of again.
/// </summary>
public static class TellOfOverdue
{
    public const string OfOwn = "customer-overdue";
    public const string OfOthers = "customer-long-overdue";

    public static IEnumerable<OverdueNotice> React(CustomerFacts facts, CustomerPolicy policy, DateTimeOffset now)
    {
        if (facts is not { Rep: { } rep, TierSince: { } since }
            || policy.Tiers.FirstOrDefault(one => one.Key == facts.Tier) is not { } tier)
        {
            yield break;
        }

        var due = Cadence.DueAt(since, facts.LastFor(tier), tier.VisitEveryDays);
        if (due < now)
        {
            yield return new(rep, OfOwn, AlertSeverity.Warning, due, Params(facts, tier, due));
        }

        if (tier.SuperiorAfterDays is { } days && due.AddDays(days) < now && policy.Above(rep) is [var superior, ..])
        {
            yield return new(superior, OfOthers, AlertSeverity.Critical, due, Params(facts, tier, due, rep));
        }
    }

    private static Dictionary<string, string> Params(CustomerFacts facts, TierSection tier, DateTimeOffset due, string? rep = null)
    {
        var told = new Dictionary<string, string> { ["tier"] = tier.Key, ["days"] = $"{tier.VisitEveryDays}", ["dueAt"] = Text(due) };
        if (facts.LastFor(tier) is { } last)
        {
            told["lastTouchAt"] = Text(last);
        }

        if (rep is not null)
        {
            told["rep"] = rep;
        }

        return told;
    }

    private static string Text(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
