using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain.Contacts;
using Crm.Projections;
using Crm.Projections.Contacts;

namespace Crm.Api.Contacts;

public sealed record BuyingRoleQuestion(Times Times, ListWords Words, Guid? CustomerId = null, BuyingRole? BuyingRole = null)
    : IListQuestion
{
    public Asked Asked => Asked.Of(
        Times, Words, ("customerId", CustomerId?.ToString()),
        ("buyingRole", BuyingRole is { } role ? ChoiceShape.Spell(role.ToString()) : null));
}

/// <param name="Id">The contact's.</param>
/// <param name="Name">Null where the person has been forgotten.</param>
/// <param name="Title">What the person does at the customer.</param>
/// <param name="BuyingRole"><c>user</c>, <c>technical-evaluator</c>, <c>buyer</c> or <c>decision-maker</c>.</param>
/// <param name="RoleSince">From when on.</param>
/// <param name="PreviousRole">The role before this one; null for none.</param>
[Sparse]
public sealed record BuyingRoleAnswer(
    Guid Id, Guid CustomerId, string? Name, string? Title, string BuyingRole, DateTimeOffset RoleSince, string? PreviousRole)
{
    // Fields are hidden as those of the contact.
    public static readonly RecordList<BuyingRoleList.Row, BuyingRoleAnswer> List =
        new("contact", Catalog.BuyingRoles, "roleSince", Of, BuyingRoleList.Sealed);

    private static async Task<BuyingRoleAnswer> Of(BuyingRoleList.Row r, Unsealer unsealer, string tenant, CancellationToken ct) => new(
        r.ContactId, r.CustomerId!.Value, await unsealer.Open(tenant, r.Name, ct), r.Title, r.BuyingRole!, r.RoleSince!.Value,
        r.PreviousRole);
}
