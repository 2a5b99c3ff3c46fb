using Crm.Domain.Conditions;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>The road that an opportunity takes.</summary>
/// <param name="Key">By which opportunities name it.</param>
/// <param name="Stages">In their order; each has a name of its own. Won and Lost are outcomes, not stages.</param>
/// <param name="Win">What has to be there before an opportunity is won, beside what the last stage asks for; left out, nothing.</param>
/// <param name="LossReasons">Why one can be lost, word for word; left out, for any reason.</param>
/// <param name="Paid">The vouchers by which a won one counts as paid; left out, none is asked for.</param>
/// <param name="Delivered">The vouchers by which a won one counts as delivered; left out, none is asked for.</param>
/// <param name="Review">What whoever has one is asked once it is won or lost; left out, nothing.</param>
/// <param name="FollowUp">When an open one lies still; left out, nobody is told.</param>
public sealed record PipelineSection(
    [Text(80)] string Key, [Text(80)] string Name, [Items(30)] IReadOnlyList<StageSection> Stages,
    [Items(20)] IReadOnlyList<GateItemSection>? Win = null, [Items(50), Text(80)] IReadOnlyList<string>? LossReasons = null,
    [Items(20)] IReadOnlyList<GateItemSection>? Paid = null, [Items(20)] IReadOnlyList<GateItemSection>? Delivered = null,
    ReviewSection? Review = null, FollowUpSection? FollowUp = null);

/// <param name="Entry">What has to be there before an opportunity comes to it; left out, nothing.</param>
/// <param name="Exit">What has to be there before it goes on from it; left out, nothing.</param>
/// <param name="Limits">How long it may be there; left out, as long as it takes.</param>
/// <param name="OnEntry">What happens by itself when one comes to it; left out, nothing.</param>
public sealed record StageSection(
    [Text(80)] string Name, [Items(20)] IReadOnlyList<GateItemSection>? Entry = null,
    [Items(20)] IReadOnlyList<GateItemSection>? Exit = null, [Items(20)] IReadOnlyList<LimitSection>? Limits = null,
    [Items(20)] IReadOnlyList<EntryActionSection>? OnEntry = null);

/// <summary>What a gate asks for: one of <c>attachment</c>, <c>field</c>, <c>touch</c>, <c>approval</c> and <c>holds</c>.</summary>
/// <param name="Key">By which the opportunity's history names it.</param>
/// <param name="Name">What people are told is missing, such as 样品试用签字照片.</param>
/// <param name="Attachment">A file attached under this label.</param>
/// <param name="Field">A member of the opportunity that is known, such as <c>expectedClose</c>.</param>
/// <param name="Touch">Something that happened with it, such as a meeting.</param>
/// <param name="Approval">The key of a flow by which something about it was granted.</param>
/// <param name="Holds">What has to be so of it.</param>
/// <param name="When">Asked for only of opportunities for which this holds; left out, of all.</param>
/// <param name="InStage">Whether only counts what came while it was in the stage: of an exit's attachments, touches and approvals.</param>
/// <param name="OrApproval">The key of a flow: what is granted by it stands in for what is missing, such as a win without voucher.</param>
public sealed record GateItemSection(
    [Text(40)] string Key, [Text(80)] string Name, [Text(80)] string? Attachment = null, [Text(40)] string? Field = null,
    TouchSection? Touch = null, [Text(40)] string? Approval = null, UnreadCondition? Holds = null, UnreadCondition? When = null,
    bool InStage = false, [Text(40)] string? OrApproval = null);
