using Crm.Domain;

namespace Crm.Api.Notifications.Sending;

/// <summary>Names messages after what they are about, whom for and which way: who works out the same gets the same.</summary>
internal static class MessageIds
{
    public static Guid OfAlert(string tenant, Guid channel, Guid alert) => StreamId.From(tenant, "message", $"{channel:N} {alert:N}");

    public static Guid OfDigest(string tenant, Guid channel, string member, DateTimeOffset due) =>
        StreamId.From(tenant, "message", $"{channel:N} {member} {due.UtcTicks}");

    /// <param name="mailed">The fact that says it is to go out.</param>
    public static Guid OfNurture(string tenant, Guid mailed) => StreamId.From(tenant, "message", $"nurture {mailed:N}");

    /// <inheritdoc cref="OfNurture"/>
    public static Guid OfEntry(string tenant, Guid mailed) => StreamId.From(tenant, "message", $"entry {mailed:N}");

    /// <summary>Of those at the customer each gets one of his own.</summary>
    public static Guid OfEntry(string tenant, Guid mailed, Guid contact) =>
        StreamId.From(tenant, "message", $"entry {mailed:N} {contact:N}");
}
