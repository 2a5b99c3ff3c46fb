using Crm.Domain;
using Crm.Domain.Contacts;
using Crm.EventModel;

namespace Crm.Projections.Contacts;

/// <summary>Who has which role in a customer's decisions to buy, since when, and what he was before; as it stands, and as it stood at any
/// moment.</summary>
public sealed class BuyingRoleList : ReadModel<BuyingRoleList.Row>
{
    /// <param name="CustomerId">Null while there are only facts dated before the registration.</param>
    /// <param name="Name">Sealed.</param>
    /// <param name="BuyingRole"><c>user</c>, <c>technical-evaluator</c>, <c>buyer</c> or <c>decision-maker</c>; null where none is
    /// known.</param>
    /// <param name="RoleSince">Null where there is no role; such a row is not listed.</param>
    /// <param name="PreviousRole">What the contact was before that; null where none was known.</param>
    public sealed record Row(
        Guid ContactId, Guid? CustomerId, string? Name, string? Title, string? BuyingRole, DateTimeOffset? RoleSince, string? PreviousRole);

    /// <summary>Members that hold sealed text.</summary>
    public static readonly IReadOnlyList<string> Sealed = [nameof(Row.Name)];

    public override string Name => "buying_role_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IContactEvent);

    /// <summary>Those of a customer.</summary>
    public override IReadOnlyList<string> Indexes => ["customer_id"];

    /// <summary>What was so at a customer, and from when on.</summary>
    public override IReadOnlyList<string> HistoryIndexes => ["customer_id, at"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var contact = row ?? new Row(e.StreamId, null, null, null, null, null, null);
        return e.Data switch
        {
            ContactRegistered x => Become(contact with { CustomerId = x.CustomerId, Name = x.Name.Sealed, Title = x.Title },
                BuyingRoles.Word(x.BuyingRole), e.OccurredAt),
            ContactChanged x => Become(
                contact with { Name = x.Name?.Sealed ?? contact.Name, Title = Change.Of(x.Cleared, "title", x.Title, contact.Title) },
                Change.Of(x.Cleared, "buyingRole", BuyingRoles.Word(x.BuyingRole), contact.BuyingRole), e.OccurredAt),
            _ => row
        };
    }

    // Who is nobody's contact yet has no part in any decision.
    private static Row Become(Row row, string? role, DateTimeOffset at) => row.CustomerId is null
        ? row with { BuyingRole = role }
        : role == row.BuyingRole && (row.RoleSince is null) == (role is null)
            ? row
            : row with
            {
                BuyingRole = role,
                RoleSince = role is null ? null : at,
                PreviousRole = row.RoleSince is null ? row.PreviousRole
                : row.BuyingRole
            };
}
