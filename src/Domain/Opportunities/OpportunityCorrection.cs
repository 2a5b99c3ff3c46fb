namespace Crm.Domain.Opportunities;

/// <summary>How an earlier fact has to be read once somebody put it right. The fact itself stays as it was recorded.</summary>
public static class OpportunityCorrection
{
    /// <summary>The fact as corrected; null when it was withdrawn. A corrected time is for whoever folds.</summary>
    public static IOpportunityEvent? Restate(IOpportunityEvent fact, OpportunityCorrected correction) =>
        correction.Withdrawn ? null : Corrected(fact, correction);

    /// <summary>Two corrections of one event as one: what the later says stands, what it leaves out stands from the earlier.</summary>
    public static OpportunityCorrected Over(OpportunityCorrected? earlier, OpportunityCorrected later) =>
        earlier is null ? later : later with
        {
            OccurredAt = later.OccurredAt ?? earlier.OccurredAt,
            Amount = later.Amount ?? earlier.Amount,
            Stage = later.Stage ?? earlier.Stage,
            ExpectedClose = later.ExpectedClose ?? earlier.ExpectedClose,
            LossReason = later.LossReason ?? earlier.LossReason,
            Rep = later.Rep ?? earlier.Rep,
            Team = later.Team ?? earlier.Team,
            Region = later.Region ?? earlier.Region,
            Product = later.Product ?? earlier.Product
        };

    internal static IReadOnlyList<IOpportunityEvent> Decide(Opportunity state, CorrectOpportunity c)
    {
        if (c.Fact is null)
            throw Broken("opportunity.event-unknown", "eventId", $"This opportunity has no event {c.EventId}; its events list those that it has.");
        if (c.Fact is OpportunityCorrected)
            throw Broken("opportunity.correction-of-correction", "eventId", "A correction cannot be corrected; correct again what it names.");

        var before = state.Corrections.GetValueOrDefault(c.EventId);
        var said = new OpportunityCorrected(
            c.EventId, c.Reason, c.Withdrawn, c.OccurredAt, c.Amount, c.Stage, c.ExpectedClose, c.LossReason,
            c.Rep, c.Team, c.Region, c.Product);

        MustFit(c.Fact, said, before);
        if (c.Stage is not null)
            OpportunityRules.Stage(state.Opened!.Pipeline, c.Stage, c.Playbook);
        if (c.Amount is not null)
            OpportunityRules.Amount(c.Amount, state.Amount!.Currency);

        return SaysWhatIs(c.Fact, said, before) ? [] : [said];
    }

    private static void MustFit(IOpportunityEvent fact, OpportunityCorrected said, OpportunityCorrected? before)
    {
        var members = Members(fact);
        if (Given(said).FirstOrDefault(member => !members.Contains(member)) is { } stranger)
            throw Broken("opportunity.correction-field", stranger, $"{fact.GetType().Name} has no {stranger}; {Choice(members)}.");
        if (fact is OpportunityOpened && said.Withdrawn)
            throw Broken("opportunity.correction-field", "withdrawn", "The opening cannot be withdrawn; correct it, or lose the opportunity.");

        // After an earlier correction it does say something: that the fact is not, or no longer, withdrawn.
        if (before is null && !said.Withdrawn && said.OccurredAt is null && !Given(said).Any())
            throw Broken("opportunity.correction-empty", null, $"This corrects nothing; {Choice(members)}.");
    }

    // The reason alone makes no new correction.
    private static bool SaysWhatIs(IOpportunityEvent fact, OpportunityCorrected said, OpportunityCorrected? before) => before is null
        ? !said.Withdrawn && said.OccurredAt is null && Corrected(fact, said).Equals(fact)
        : Over(before, said) with { Reason = before.Reason } == before;

    private static IOpportunityEvent Corrected(IOpportunityEvent fact, OpportunityCorrected c) => fact switch
    {
        OpportunityOpened e => e with
        {
            Amount = c.Amount ?? e.Amount,
            Stage = c.Stage ?? e.Stage,
            ExpectedClose = c.ExpectedClose ?? e.ExpectedClose,
            Rep = c.Rep ?? e.Rep,
            Team = c.Team ?? e.Team,
            Region = c.Region ?? e.Region,
            Product = c.Product ?? e.Product
        },
        OpportunityChanged e when c.Product is not null => e with { Product = c.Product, Cleared = e.Cleared?.Where(name => name != "product").ToList() },
        OpportunityAssigned e => e with { Rep = c.Rep ?? e.Rep, Team = c.Team ?? e.Team, Region = c.Region ?? e.Region },
        OpportunityAmountChanged e => e with { Amount = c.Amount ?? e.Amount },
        OpportunityCloseDateChanged e => e with { ExpectedClose = c.ExpectedClose ?? e.ExpectedClose },
        OpportunityStageEntered e => e with { Stage = c.Stage ?? e.Stage },
        OpportunityWon e => e with { Amount = c.Amount ?? e.Amount },
        OpportunityLost e => e with { Reason = c.LossReason ?? e.Reason },
        OpportunityReopened e => e with { Stage = c.Stage ?? e.Stage },
        _ => fact
    };

    // What Corrected puts right in each kind of fact; a time can be put right in all.
    private static string[] Members(IOpportunityEvent fact) => fact switch
    {
        OpportunityOpened => ["amount", "stage", "expectedClose", "rep", "team", "region", "product"],
        OpportunityChanged => ["product"],
        OpportunityAssigned => ["rep", "team", "region"],
        OpportunityAmountChanged or OpportunityWon => ["amount"],
        OpportunityCloseDateChanged => ["expectedClose"],
        OpportunityStageEntered or OpportunityReopened => ["stage"],
        OpportunityLost => ["lossReason"],
        _ => []
    };

    private static IEnumerable<string> Given(OpportunityCorrected c)
    {
        (object? Value, string Name)[] members =
        [
            (c.Amount, "amount"), (c.Stage, "stage"), (c.ExpectedClose, "expectedClose"), (c.LossReason, "lossReason"),
            (c.Rep, "rep"), (c.Team, "team"), (c.Region, "region"), (c.Product, "product")
        ];
        return members.Where(member => member.Value is not null).Select(member => member.Name);
    }

    private static string Choice(string[] members) => $"what can be put right in it: {string.Join(", ", [.. members, "occurredAt"])}";

    private static Rejection Broken(string code, string? field, string message) => Rejection.BrokenRule(code, message, field);
}
