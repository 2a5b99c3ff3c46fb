namespace Crm.Support.Months;

/// <summary>Who gets a lead, by the words of the playbook's documentation.</summary>
public sealed class PlainAssignment(IReadOnlyList<MonthLead> leads)
{
    private readonly Dictionary<(string Rule, string Rep), int> turns = [];
    private int turn;

    /// <summary>Those who cannot come in.</summary>
    public HashSet<string> Away { get; } = [];

    /// <returns>Null where there is nothing to say, or the same was said already.</returns>
    /// <param name="otherRules">When other rules come into force that are known by now.</param>
    public MonthFact? Ask(MonthLead lead, MonthRules rules, DateTime at, DateTime? otherRules)
    {
        var state = lead.State;
        if (state.IsClosed || state.Rep is not null)
        {
            return null;
        }

        var said = Answer(lead, rules, at);
        if (said.Type != "lead_left_in_pool")
        {
            return said;
        }

        said = said with { TryAgainAt = new[] { said.TryAgainAt, otherRules }.Min() };
        var isDue = state.TryAgainAt <= at;
        var isEarlier = otherRules is not null && !(state.TryAgainAt <= otherRules);
        return said.Why == state.Why && !isDue && !isEarlier ? null : said;
    }

    public static MonthFact Terms(MonthFact fact, MonthRules rules, DateTime at) =>
        fact with
        {
            RespondBy = rules.In.After(at, rules.Due),
            RemindAt = rules.In.After(at, rules.Remind),
            SilentAt = MonthRules.SilentAfter(at)
        };

    private MonthFact Answer(MonthLead lead, MonthRules rules, DateTime at)
    {
        if (lead.Campaign == MonthRules.HeldBack)
        {
            return Left("held-back");
        }

        if (lead.State.Round >= MonthRules.Rounds)
        {
            return Superior(lead, at);
        }

        var (hadIt, isAway) = (false, false);
        foreach (var rule in rules.Rules.Where(rule => rule.Holds(lead)))
        {
            var named = MonthRules.Reps.Where(rep => rule.Reps?.Contains(rep.Name) != false).ToList();
            var present = named.Where(rep => !Away.Contains(rep.Name)).ToList();
            var fresh = present.Where(rep => !lead.State.Turns.Contains(rep.Name)).ToList();
            var able = fresh.Where(rep => !rule.ByRegion || rep.Region == lead.Region).ToList();
            if (able.Count > 0)
            {
                return ByRule(lead, rule, rules, able, at);
            }

            hadIt |= present.Count > fresh.Count;
            isAway |= named.Count > present.Count;
        }

        return hadIt ? Superior(lead, at)
            : isAway ? Left("nobody-free") with { TryAgainAt = at + Pause(lead.State.Attempts) }
            : Left("no-rule");
    }

    private MonthFact ByRule(MonthLead lead, MonthRule rule, MonthRules rules, List<MonthRep> able, DateTime at)
    {
        var roomy = able.Where(rep => OpenOf(rep) < rep.Capacity).ToList();
        var atWork = roomy.Where(rep => rep.Hours.IsOpen(at)).ToList();
        var candidates = atWork.Count > 0 || rule.OnlyAtWork ? atWork : roomy;
        if (candidates.Count == 0)
        {
            var opens = roomy.Select(rep => (DateTime?)rep.Hours.OpensAt(at)).Min();
            return Left("nobody-free") with { Rule = rule.Key, TryAgainAt = opens > at ? opens : at + Pause(lead.State.Attempts) };
        }

        var chosen = candidates
            .OrderBy(rep => rule.LeastLoaded ? (decimal)OpenOf(rep) / rep.Capacity : turns.GetValueOrDefault((rule.Key, rep.Name)))
            .ThenBy(rep => rep.Name, StringComparer.Ordinal).First();
        turns[(rule.Key, chosen.Name)] = ++turn;
        var given = new MonthFact("lead_assigned", at, 0) { Rep = chosen.Name, By = "rule", Rule = rule.Key, Round = lead.State.Round + 1 };
        return Terms(given, rules, at);
    }

    // Whoever is above the last of those who had it; nobody expects more of him than not to be silent.
    private MonthFact Superior(MonthLead lead, DateTime at) =>
        lead.State.Left.LastOrDefault(lead.State.Turns.Contains) is { } last
        && MonthRules.Above(last).FirstOrDefault(rep => !Away.Contains(rep)) is { } superior
            ? new("lead_assigned", at, 0) { Rep = superior, By = "rounds", Round = lead.State.Round, SilentAt = MonthRules.SilentAfter(at) }
            : Left("rounds-used-up");

    /// <summary>How long the rules are not asked again: a quarter of an hour, half an hour and so on up to a day.</summary>
    public static TimeSpan Pause(int attempts) => attempts == 0 ? TimeSpan.FromMinutes(15)
        : Pause(attempts - 1) * 2 is var twice && twice < TimeSpan.FromDays(1) ? twice
        : TimeSpan.FromDays(1);

    private static MonthFact Left(string why) => new("lead_left_in_pool", default, 0) { Why = why };

    private int OpenOf(MonthRep rep) => leads.Count(lead => lead.State is { IsClosed: false } state && state.Rep == rep.Name);
}
