namespace Crm.Domain.Leads;

/// <summary>Leads that are no business: nobody gets one, and nothing is expected of whoever has it.</summary>
public static class FlagLead
{
    /// <exception cref="Rejection">There is no such lead, or it is part of another.</exception>
    public static IReadOnlyList<ILeadEvent> Decide(
        Lead lead, LeadClock clock, RecordFlag flag, string? reason, string? rule = null) => lead switch
        {
            { Captured: null } => throw Rejection.Unknown("lead.unknown", "There is no such lead."),
            { MergedInto: not null } => throw LeadMerge.Merged(),
            _ when lead.Flag == flag => [],
            _ => [new LeadFlagged(flag, reason, rule), .. clock.Due is null ? [] : (ILeadEvent[])[new LeadClocksStopped(clock.Rep)]]
        };

    /// <summary>What the rules say of one that is open: the first that fits flags it, unless somebody vouched for it.</summary>
    public static IReadOnlyList<ILeadEvent> React(Lead lead, LeadClock clock, LeadPolicy policy)
    {
        if (!clock.IsOpen || lead.IsVouchedFor || policy.Flags.Count == 0)
        {
            return [];
        }

        var row = LeadFields.RowOf(lead);
        return policy.Flags.FirstOrDefault(rule => rule.When.Holds(row)) is { Section: var fits }
            ? Decide(lead, clock, fits.Flag, reason: null, fits.Key)
            : [];
    }

    public static Rejection Flagged() =>
        Rejection.WrongState("lead.flagged", "This lead is flagged as a test or as junk; withdraw the flag first.");
}
