using Crm.Domain.Scoring.Leads;

namespace Crm.Domain.Leads;

/// <summary>What rules make of a lead after something happened to it, or a moment has come: one after another, each on what the one before
/// has made of it.</summary>
public static class LeadRoutine
{
    /// <param name="facts">All that happened to it.</param>
    /// <param name="has">Whether something happened, not only a moment has come.</param>
    /// <param name="isForSale">Whether rules may give it to somebody, or send it mails.</param>
    public static IReadOnlyList<ILeadEvent> React(
        Lead lead, LeadClock clock, IReadOnlyList<LeadFact> facts, ILeadBooks books, RulesInForce rules, DateTimeOffset now, bool has,
        bool isForSale)
    {
        var policy = rules.Policy;
        var decided = new List<ILeadEvent>();
        Take(has ? FlagLead.React(lead, clock, policy) : []);
        Take(clock.IsOpen && LeadLevels.React(lead) is { } fell ? [fell] : []);
        Take(clock.Nurture is { Stop: { } why } stopped ? [new LeadNurtureEnded(stopped.Sequence, why)] : []);
        if (!isForSale)
        {
            return decided;
        }

        var band = EnterScoreBand.Now(lead, clock, facts, policy, now);
        if (NurtureLead.React(lead, clock, band?.Band, policy, rules.Version, now) is { } started)
        {
            Take([.. EnterScoreBand.React(clock, band) is { } entered ? (ILeadEvent[])[entered] : [], started]);
        }

        Take(AssignNewLead.Decide(lead, clock, books, policy, now, rules.Until) is { } given ? [given] : []);
        Take(EnterScoreBand.React(clock, band) is { } crossed ? [crossed] : []);
        return decided;

        void Take(IReadOnlyList<ILeadEvent> some)
        {
            decided.AddRange(some);
            lead = some.Aggregate(lead, Lead.Evolve);
            clock = some.Aggregate(clock, (state, fact) => LeadClock.Evolve(state, fact, now));
        }
    }
}

/// <summary>The rules by which it is decided.</summary>
/// <param name="Version">Of the playbook; 0 for rules on trial.</param>
/// <param name="Until">When others come into force, as far as is known by now; null for never.</param>
public sealed record RulesInForce(LeadPolicy Policy, long Version = 0, DateTimeOffset? Until = null);
