namespace Crm.Api.Notifications.Sending;

/// <summary>One message as it goes out.</summary>
/// <param name="Id">The same at every attempt.</param>
/// <param name="To">Of mail: the address.</param>
/// <param name="Mention">By which a messenger calls somebody by name.</param>
/// <param name="Text">Plain.</param>
/// <param name="Html">The same as HTML; null for plain text alone.</param>
/// <param name="Unsubscribe">Where whoever gets it can say that he wants no more.</param>
/// <param name="Data">What a program is told.</param>
/// <param name="Limit">Of mail that goes out by itself.</param>
public sealed record Letter(
    Guid Id, string Subject, string Text, string? To = null, string? Mention = null, string? Html = null, Uri? Unsubscribe = null,
    object? Data = null, MailLimit? Limit = null);

/// <summary>How much mail goes out by itself.</summary>
/// <param name="Address">A keyed hash of the address: no more than one goes there within a day.</param>
/// <param name="MostADay">Nor more than so many from a tenant.</param>
public sealed record MailLimit(string Address, int MostADay);

/// <summary>What came of sending one.</summary>
/// <param name="Answer">The last word of whoever was to take it, or what stood in the way.</param>
/// <param name="IsFinal">It will never be taken.</param>
/// <param name="RetryAfter">How long it wants to be left alone.</param>
public sealed record Posted(bool IsTaken, string? Answer, bool IsFinal = false, TimeSpan? RetryAfter = null);
