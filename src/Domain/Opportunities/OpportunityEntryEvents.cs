namespace Crm.Domain.Opportunities;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.

/// <summary>
/// An action of its stage was done when it came there; it is done once for each time that it comes. It says one of what came of it: a task,
/// an approval, an attachment, a mail, a topic that receivers of webhooks are told of by this very event, or why it could not be done.
/// </summary>
/// <param name="Action">Its key, as the stage has it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Stage">To which it came.</param>
/// <param name="Entry">The fact by which it came.</param>
/// <param name="Playbook">The version that asks for it.</param>
/// <param name="Mail">The key of the template that the customer is sent.</param>
/// <param name="Webhook">The topic.</param>
/// <param name="Failed">A code that says why nothing came of it.</param>
/// <param name="Contacts">Those at the customer who are sent the mail; null where it goes to whoever the lead was.</param>
public sealed record OpportunityEntryActed(
    string Action, string Name, string Stage, Guid Entry, long Playbook, Guid? TaskId = null, Guid? ApprovalId = null,
    Guid? AttachmentId = null, string? Mail = null, string? Webhook = null, string? Failed = null,
    IReadOnlyList<Guid>? Contacts = null) : IOpportunityEvent;
