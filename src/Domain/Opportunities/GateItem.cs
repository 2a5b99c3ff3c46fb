using Crm.Domain.Activities;
using Crm.Domain.Conditions;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>One thing that a gate asks for.</summary>
/// <param name="Stage">Whose gate it is; the last stage's where it is asked for before winning.</param>
/// <param name="Vocabulary">What the playbook that asks for it can ask.</param>
/// <param name="IsInIt">Whether the opportunity is in that stage.</param>
public sealed record GateItem(string Stage, Gate Gate, GateItemSection Section, Vocabulary Vocabulary, bool IsInIt = false)
{
    private readonly Evidence? asked = Section.Holds is null
        ? new(Section.Key, Section.Name, Section.Attachment, Section.Field, Section.Touch?.Asked, Approval: Section.Approval) : null;

    private readonly Evidence? waiver = Section.OrApproval is { } flow ? new(Section.Key, Section.Name, Approval: flow) : null;

    public GateAsk Asks => Section switch
    {
        { Holds: not null } => GateAsk.Condition,
        { Attachment: not null } => GateAsk.Attachment,
        { Touch: not null } => GateAsk.Touch,
        { Approval: not null } => GateAsk.Approval,
        _ => GateAsk.Field
    };

    /// <summary>Whether whoever wins it, or tells of payment or delivery, can say what is asked for then.</summary>
    internal bool IsOfVoucher => Section.Field is { } told && OpportunityFields.GateOf(told) == Gate;

    public bool IsAskedOf(Opportunity deal) => Section.When is null || Holds(Section.When, deal);

    public bool IsMetBy(Opportunity deal) => IsMetByItself(deal) || waiver?.FoundIn(deal) is not null;

    /// <summary>Whether it is met without an approval that stands in.</summary>
    public bool IsMetByItself(Opportunity deal) =>
        asked is null ? Holds(Section.Holds!, deal) : asked.FoundIn(deal, Counts(deal)) is not null;

    /// <summary>What serves, or stands in for what does not; null where nothing does, or a condition is asked for and holds.</summary>
    public Evidence? Found(Opportunity deal) => IsMetByItself(deal) ? asked?.FoundIn(deal, Counts(deal)) : waiver?.FoundIn(deal);

    /// <summary>What could serve with other words to it.</summary>
    public IReadOnlyList<NearEvidence> Near(Opportunity deal) => asked?.NearIn(deal) ?? [];

    /// <summary>What would serve, in words.</summary>
    public string Serves => string.Concat(
        asked is null ? $"that {Section.Holds!.Json.GetRawText()} holds" : asked.Serves(),
        Section.InStage ? ", since it is in the stage" : "", waiver is null ? "" : $"; or {waiver.Serves()}");

    /// <summary>What would serve, and how much of it there is.</summary>
    public GateNeed Need(Opportunity deal) =>
        GateNeed.Of(this, Section, asked is null ? Holds(Section.Holds!, deal) ? 1 : 0 : asked.CountIn(deal, Counts(deal)));

    internal bool Is(GatePassed passed) => (passed.Stage, passed.Gate, passed.Evidence.Key) == (Stage, Gate, Section.Key);

    internal GatePassed? Passed(Opportunity deal) =>
        Found(deal) is { } evidence ? new(Stage, Gate, evidence, IsMetByItself(deal) ? null : Asks) : null;

    internal RuleFault Fault(Opportunity deal, string at) => new(at, "opportunity.gate-item", string.Concat(
        Gate switch
        {
            Gate.Entry => $"To come to {Stage}",
            Gate.Exit => $"To go on from {Stage}",
            Gate.Win => "To be won",
            _ => $"To count as {(Gate == Gate.Paid ? "paid" : "delivered")}"
        },
        $" it takes '{Section.Key}' ({Section.Name}): {Serves}.", asked?.Nearby(deal)), Need(deal));

    // In a stage that it skips nothing ever happened to it.
    private Func<Guid, bool>? Counts(Opportunity deal) => !Section.InStage ? null : IsInIt ? deal.CameInStage.Contains : _ => false;

    private bool Holds(UnreadCondition condition, Opportunity deal) =>
        condition.Read(Vocabulary, out _)!.Holds(OpportunityFields.RowOf(deal));
}
