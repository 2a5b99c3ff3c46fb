using Crm.Domain;
using Crm.Domain.Contacts;
using Crm.EventModel;

namespace Crm.Projections.Contacts;

/// <summary>Every contact as it stands, and as it stood at any moment. What is known of the person stays sealed.</summary>
public sealed class ContactList : ReadModel<ContactList.Row>
{
    /// <param name="RegisteredAt">Null while there are only facts dated before the registration; such a row is not listed.</param>
    /// <param name="Name">Sealed, as are mail and phone.</param>
    /// <param name="BuyingRole"><c>user</c>, <c>technical-evaluator</c>, <c>buyer</c> or <c>decision-maker</c>.</param>
    public sealed record Row(
        Guid ContactId, DateTimeOffset? RegisteredAt, Guid? CustomerId, string? Name, string? Email, string? Phone, string? Title, string? BuyingRole,
        string? ExternalId);

    /// <summary>Members that hold sealed text.</summary>
    public static readonly IReadOnlyList<string> Sealed = [nameof(Row.Name), nameof(Row.Email), nameof(Row.Phone)];

    public override string Name => "contact_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IContactEvent);

    /// <summary>Those of a customer.</summary>
    public override IReadOnlyList<string> Indexes => ["customer_id"];

    /// <inheritdoc cref="Indexes"/>
    public override IReadOnlyList<string> HistoryIndexes => ["customer_id, contact_id"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var contact = row ?? new Row(e.StreamId, null, null, null, null, null, null, null, null);
        return e.Data switch
        {
            ContactRegistered x => With(contact, x) with { RegisteredAt = e.OccurredAt, CustomerId = x.CustomerId },
            ContactChanged x => Changed(contact, x),
            _ => row
        };
    }

    private static Row Changed(Row row, ContactChanged change) => row with
    {
        Name = change.Name?.Sealed ?? row.Name,
        Email = Change.Of(change.Cleared, "email", change.Email?.Sealed, row.Email),
        Phone = Change.Of(change.Cleared, "phone", change.Phone?.Sealed, row.Phone),
        Title = Change.Of(change.Cleared, "title", change.Title, row.Title),
        BuyingRole = Change.Of(change.Cleared, "buyingRole", BuyingRoles.Word(change.BuyingRole), row.BuyingRole),
        ExternalId = Change.Of(change.Cleared, "externalId", change.ExternalId, row.ExternalId)
    };

    private static Row With(Row row, ContactRegistered contact) => row with
    {
        Name = contact.Name.Sealed,
        Email = contact.Email?.Sealed,
        Phone = contact.Phone?.Sealed,
        Title = contact.Title,
        BuyingRole = BuyingRoles.Word(contact.BuyingRole),
        ExternalId = contact.ExternalId
    };
}
