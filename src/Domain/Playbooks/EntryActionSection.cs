using Crm.Domain.Conditions;
using Crm.Domain.Contacts;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>What happens by itself when an opportunity comes to a stage, once each time that it comes: one of <c>mail</c>, <c>task</c>,
/// <c>document</c>, <c>approval</c> and <c>webhook</c>.</summary>
/// <param name="Key">By which the opportunity's history names it, such as <c>review</c>.</param>
/// <param name="Name">Such as 方案技术评审.</param>
/// <param name="When">Of which opportunities, as they are when they come; left out, of all.</param>
/// <param name="Mail">To whoever the lead was, or to people at the customer.</param>
/// <param name="Task">What somebody is to do.</param>
/// <param name="Document">A file that is made and attached.</param>
/// <param name="Approval">What is asked to be approved.</param>
/// <param name="Webhook">What the receivers of webhooks are told.</param>
public sealed record EntryActionSection(
    [Text(40)] string Key, [Text(80)] string Name, UnreadCondition? When = null, EntryMailSection? Mail = null,
    CareTaskSection? Task = null, EntryDocumentSection? Document = null, EntryApprovalSection? Approval = null, EntryWebhookSection? Webhook = null);

/// <param name="Template">Its key.</param>
/// <param name="Roles">Those at the customer who have one of these roles in its decisions to buy, each role once; left out, whoever the
/// lead was.</param>
public sealed record EntryMailSection([Text(40)] string Template, [Items(4)] IReadOnlyList<BuyingRole>? Roles = null);

/// <summary>An HTML file, made of a template.</summary>
/// <param name="Template">Its key; its <c>html</c> is what the file says, its <c>subject</c> what it is called.</param>
/// <param name="Label">Under which it is attached, so that it can serve at gates.</param>
public sealed record EntryDocumentSection([Text(40)] string Template, [Text(80)] string? Label = null);

/// <param name="Flow">Its key. Whoever has the opportunity asks.</param>
/// <param name="Purpose">What it is asked for, such as a contract.</param>
public sealed record EntryApprovalSection([Text(40)] string Flow, [Text(200)] string? Purpose = null);

/// <param name="Topic">By which the receiver knows what to do.</param>
public sealed record EntryWebhookSection([Text(80)] string Topic);
