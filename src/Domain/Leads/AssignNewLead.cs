using System.Globalization;
using Crm.Domain.Conditions;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Leads;

/// <summary>How reps stand when a lead is to be given to one of them.</summary>
public interface ILeadBooks
{
    /// <summary>How many open leads a rep has.</summary>
    int OpenOf(string rep);

    /// <summary>Where in the log he last got a lead by a rule; 0 where he never did.</summary>
    long LastTurn(string rule, string rep);

    /// <summary>Whether he cannot come in, and so work on nothing.</summary>
    bool IsSuspended(string rep);
}

/// <summary>
/// A lead that is nobody's goes to a rep by the first rule that fits it and has somebody who knows it. The same lead, books, rules and moment give the same rep,
/// and the fact says why him and why not the others.
/// </summary>
public static class AssignNewLead
{
    // Without a limit a rep is reckoned to have room for so many, where reps are compared by how full they are.
    private const int UsualCapacity = 100;
    private const int MostPassedOver = 100;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    /// <param name="otherRules">When other rules come into force, as far as is known by now: then they are asked about what is left in the pool.</param>
    /// <returns>One fact; none where it is somebody's, or closed, where nothing is said of assignment, or the same was said already.</returns>
    public static ILeadEvent? Decide(Lead lead, LeadClock clock, ILeadBooks books, LeadPolicy policy, DateTimeOffset now, DateTimeOffset? otherRules = null)
    {
        // Whoever is sent mails is nobody's until he comes to us.
        if (!clock.IsOpen || clock.Rep is not null || clock.Nurture is not null || policy.Document.Assignment is null)
        {
            return null;
        }

        var given = Given(lead, clock, books, policy, now);
        if (given is not LeadLeftInPool left)
        {
            return given;
        }

        var (isDue, isSooner) = (clock.TryAgainAt <= now, otherRules is not null && !(clock.TryAgainAt <= otherRules));
        return left.Why == clock.LeftBecause && !isDue && !isSooner ? null : left with { TryAgainAt = left.TryAgainAt < otherRules ? left.TryAgainAt : otherRules ?? left.TryAgainAt };
    }

    private static ILeadEvent Given(Lead lead, LeadClock clock, ILeadBooks books, LeadPolicy policy, DateTimeOffset now)
    {
        var row = LeadFields.RowOf(lead);
        if (policy.HeldBack.Holds(row))
        {
            return new LeadLeftInPool("held-back");
        }

        if (policy.FirstResponse is { } first && clock.Round >= first.Rounds)
        {
            return ToSuperior(clock, books, policy, now);
        }

        var fitting = policy.Rules.Where(rule => rule.When.Holds(row)).ToList();
        return fitting.Select(rule => ByRule(rule, lead, clock, books, policy, now)).FirstOrDefault(given => given is not null)
            ?? ByNobody(fitting, lead, clock, books, policy, now);
    }

    // Nobody can have it by any rule: since all have had it, since those who could are shut out, or since nobody knows it.
    private static ILeadEvent ByNobody(List<RulePolicy> fitting, Lead lead, LeadClock clock, ILeadBooks books, LeadPolicy policy, DateTimeOffset now)
    {
        var barred = fitting.SelectMany(rule => rule.Reps.Select(rep => Barred(rep, rule, lead, clock, books)).OfType<PassedOver>())
            .DistinctBy(one => one.Rep).OrderBy(one => one.Rep, StringComparer.Ordinal).Take(MostPassedOver).ToList();
        return barred.Any(one => one.Why == "had-it") ? ToSuperior(clock, books, policy, now)
            : barred.Any(one => one.Why == "suspended") ? new LeadLeftInPool("nobody-free", PassedOver: barred, TryAgainAt: Later(clock, now))
            : new LeadLeftInPool("no-rule", PassedOver: barred.Count > 0 ? barred : null);
    }

    // Those who had it did not follow up: whoever is above the last of them has it now.
    private static ILeadEvent ToSuperior(LeadClock clock, ILeadBooks books, LeadPolicy policy, DateTimeOffset now)
    {
        var last = clock.Had.Where(had => clock.Turns.Contains(had.Key)).OrderBy(had => had.Value).ThenBy(had => had.Key, StringComparer.Ordinal).Select(had => had.Key).LastOrDefault();
        return last is not null && policy.Above(last).FirstOrDefault(rep => !books.IsSuspended(rep)) is { } superior
            ? new LeadAssigned(superior, Ground: new(AssignedBy.Rounds, Round: clock.Round), Terms: policy.TermsFrom(now) is { SilentAt: { } silent } ? new(SilentAt: silent) : null)
            : new LeadLeftInPool("rounds-used-up");
    }

    // Null where nobody knows what it takes: then the next rule may.
    private static ILeadEvent? ByRule(RulePolicy rule, Lead lead, LeadClock clock, ILeadBooks books, LeadPolicy policy, DateTimeOffset now)
    {
        var judged = rule.Reps.Select(rep => (Rep: rep, Barred: Barred(rep, rule, lead, clock, books))).ToList();
        var able = judged.Where(one => one.Barred is null).Select(one => one.Rep).ToList();
        if (able.Count == 0)
        {
            return null;
        }

        var waiting = able.Select(rep => (Rep: rep, Why: Waiting(rep, books, now))).ToList();
        var free = waiting.Where(one => one.Why is null).Select(one => one.Rep).ToList();

        // Nobody is at work: those who have room get it all the same, unless the rule waits for somebody.
        var roomy = waiting.Where(one => one.Why is null || one.Why.Why == "not-at-work").Select(one => one.Rep).ToList();
        var candidates = free.Count > 0 || rule.Section.OnlyAtWork ? free : roomy;
        var chosen = candidates.OrderBy(rep => Turn(rep, rule, books)).ThenBy(rep => rep.Name, StringComparer.Ordinal).FirstOrDefault();

        PassedOver[] passed = [.. judged.Where(one => one.Barred is not null).Select(one => one.Barred!),
            .. waiting.Where(one => one.Rep != chosen).Select(one => one.Why is { } why && !candidates.Contains(one.Rep) ? why : Behind(one.Rep, rule, books))];
        var told = passed.OrderBy(one => one.Rep, StringComparer.Ordinal).Take(MostPassedOver).ToList();
        return chosen is not null
            ? new LeadAssigned(chosen.Name, Ground: new(AssignedBy.Rule, rule.Section.Key, clock.Round + 1, told), Terms: policy.TermsFrom(now))
            : new LeadLeftInPool("nobody-free", rule.Section.Key, told, TryAgain(able, clock, books, now));
    }

    private static PassedOver? Barred(RepPolicy rep, RulePolicy rule, Lead lead, LeadClock clock, ILeadBooks books)
    {
        var (section, details) = (rep.Section, lead.Details!);
        return books.IsSuspended(rep.Name) ? new(rep.Name, "suspended")
            : clock.Turns.Contains(rep.Name) ? new(rep.Name, "had-it")
            : Lacks(Knowing.Region, details.Region) ? new(rep.Name, "region")
            : Lacks(Knowing.Industry, details.Industry) ? new(rep.Name, "industry")
            : Lacks(Knowing.Product, details.Product) ? new(rep.Name, "product")
            : null;

        bool Lacks(Knowing what, string? wanted) => rule.Section.Match?.Contains(what) == true
            && section.KnownOf(what) is { Count: > 0 } known && (wanted is null || !known.Any(one => CaseFolding.Fold(one) == CaseFolding.Fold(wanted)));
    }

    private static PassedOver? Waiting(RepPolicy rep, ILeadBooks books, DateTimeOffset now) =>
        rep.Section.Capacity is { } capacity && books.OpenOf(rep.Name) >= capacity ? new(rep.Name, "full", $"{books.OpenOf(rep.Name)}/{capacity}")
        : rep.IsAtWork(now) ? null
        : new(rep.Name, "not-at-work", rep.Calendar!.OpensAt(now)?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    private static PassedOver Behind(RepPolicy rep, RulePolicy rule, ILeadBooks books) => new(rep.Name, "turn", rule.Section.By == Domain.Playbooks.Turn.LeastLoaded
        ? $"{books.OpenOf(rep.Name)}/{rep.Section.Capacity ?? UsualCapacity}" : null);

    private static decimal Turn(RepPolicy rep, RulePolicy rule, ILeadBooks books) => rule.Section.By == Domain.Playbooks.Turn.LeastLoaded
        ? (decimal)books.OpenOf(rep.Name) / (rep.Section.Capacity ?? UsualCapacity)
        : books.LastTurn(rule.Section.Key, rep.Name);

    // When somebody comes to work who has room; otherwise after a while, which grows, since nobody tells when there is room.
    private static DateTimeOffset TryAgain(IReadOnlyList<RepPolicy> able, LeadClock clock, ILeadBooks books, DateTimeOffset now)
    {
        var opens = able.Where(rep => !(books.OpenOf(rep.Name) >= rep.Section.Capacity)).Select(rep => rep.Calendar?.OpensAt(now)).Min();
        return opens > now ? opens.Value : Later(clock, now);
    }

    private static DateTimeOffset Later(LeadClock clock, DateTimeOffset now)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(clock.Attempts, 10));
        return now + (pause < LongestPause ? pause : LongestPause);
    }
}
