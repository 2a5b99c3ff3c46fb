using Crm.Domain.Activities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Leads;

/// <summary>
/// How ripe a lead is. It rises level by level by evidence, keeps what it reached when the playbook asks for other things, and falls back
/// when its evidence goes.
/// </summary>
public static class LeadLevels
{
    /// <exception cref="Rejection">There is no such level, it is below the lead's, or evidence is missing.</exception>
    public static IReadOnlyList<ILeadEvent> Raise(Lead lead, RaiseLead c)
    {
        var reached = Next(lead, c.Levels);
        var wanted = c.Levels.Select(level => level.Key).ToList().IndexOf(c.Level) switch
        {
            < 0 => throw Unknown(c),
            var place when place < reached => throw Rejection.WrongState("lead.level-passed",
                $"This lead has passed {c.Level} and is at {lead.Level?.Level}; it falls back by a withdrawal, with the reason."),
            var place => c.Levels.Take(place + 1).Skip(reached).ToList()
        };

        var missing = wanted.SelectMany(level => Missing(lead, level).Select(one => Fault(lead, level, one))).ToList();
        if (missing.Count > 0)
        {
            throw Rejection.BrokenRules(
                "lead.level-evidence", $"{missing.Count} pieces of evidence are missing for {c.Level}; errors names each.", missing);
        }

        // Where the playbook has fewer levels by now, what comes next is higher all the same.
        var rank = Math.Max(reached, lead.Level?.Rank ?? 0);
        return [.. wanted.Select((level, i) => new LeadLevelReached(
            level.Key, level.Name, rank + i + 1, c.Playbook, [.. Asked(level).Select(one => one.FoundIn(lead)!)]))];
    }

    /// <exception cref="Rejection">It has not come to that level.</exception>
    public static IReadOnlyList<ILeadEvent> Lower(Lead lead, LowerLead c)
    {
        var kept = c.Level is null ? 0 : lead.Levels.FindIndex(one => one.Level == c.Level) + 1;
        return kept == 0 && c.Level is not null
            ? throw Rejection.WrongState("lead.level-not-reached", $"This lead has not come to {c.Level}.")
            : [FellBack(lead, kept, FellBackBecause.Hand) with { Reason = c.Reason }];
    }

    /// <summary>Where what a level asked for is not there any more, it is lost, with those above it; null where all is there.</summary>
    public static LeadFellBack? React(Lead lead)
    {
        var kept = lead.Levels.FindIndex(level => Gone(lead, level).Any());
        return kept < 0 ? null : FellBack(lead, kept, FellBackBecause.Evidence) with
        {
            Gone = [.. lead.Levels.Skip(kept).SelectMany(level => Gone(lead, level))]
        };
    }

    /// <summary>Which of a playbook's levels comes next, from 0: what it has reached is not asked for again, whatever is asked for now.</summary>
    public static int Next(Lead lead, IReadOnlyList<LevelSection> levels) =>
        levels.Index().Where(one => lead.Levels.Any(reached => reached.Level == one.Item.Key)).Select(one => one.Index + 1).LastOrDefault();

    /// <summary>What a level asks for and the lead has not.</summary>
    public static IEnumerable<Evidence> Missing(Lead lead, LevelSection level) => Asked(level).Where(one => one.FoundIn(lead) is null);

    private static IEnumerable<Evidence> Asked(LevelSection level) => (level.Evidence ?? []).Select(one => one.AskedFor());

    private static IEnumerable<Evidence> Gone(Lead lead, LeadLevelReached level) =>
        level.Evidence.Where(one => one.FoundIn(lead) is null);

    private static LeadFellBack FellBack(Lead lead, int kept, FellBackBecause because)
    {
        var left = kept == 0 ? null : lead.Levels[kept - 1];
        return new(lead.Level!.Level, [.. lead.Levels.Skip(kept).Select(level => level.Level)], left?.Rank ?? 0, because, left?.Level);
    }

    private static RuleFault Fault(Lead lead, LevelSection level, Evidence missing) => new("/level", "lead.evidence-missing", $"{level.Key} asks for '{missing.Key}' ({missing.Name}): {missing.Serves()}."
            + missing.Nearby(lead));

    private static Rejection Unknown(RaiseLead c) => Rejection.BrokenRule("lead.level-unknown", c.Levels.Count == 0
        ? "The playbook that is in force has no levels."
        : $"There is no level '{c.Level}'; there are {string.Join(", ", c.Levels.Select(level => level.Key))}.", "level");
}
