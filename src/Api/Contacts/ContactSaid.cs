using Crm.Api.Leads;
using Crm.Domain.Contacts;

namespace Crm.Api.Contacts;

/// <summary>What is said of a contact when it is registered, or changed, in clear.</summary>
/// <param name="Name">Of a registration there always is one.</param>
internal sealed record ContactSaid(
    string? Name, string? Email = null, string? Phone = null, string? Title = null, BuyingRole? BuyingRole = null, string? ExternalId = null)
{
    /// <summary>What is wrong with it; files are kept as they are, whatever is in them.</summary>
    public IEnumerable<(string Member, string Code, string Message)> Check() =>
        Email is null || NormalForm.IsEmail(NormalForm.Email(Email)!) ? []
            : [("email", "not-an-email", "This is no mail address; it is written name@example.com.")];

    /// <summary>The same in normal form.</summary>
    /// <param name="country">Where telephone numbers without country code are.</param>
    public ContactSaid Normal(string country) => this with
    {
        Name = NormalForm.Text(Name),
        Email = NormalForm.Email(Email),
        Phone = NormalForm.Phone(Phone, country),
        Title = NormalForm.Text(Title)
    };

    /// <summary>What is left without what is said apart.</summary>
    public ContactSaid Without(ContactSaid apart) => this with
    {
        Email = apart.Email is null ? Email : null,
        Phone = apart.Phone is null ? Phone : null,
        Title = apart.Title is null ? Title : null,
        BuyingRole = apart.BuyingRole is null ? BuyingRole : null
    };

    /// <param name="known">What is known of the person already, where that is: it is not sealed twice.</param>
    public async Task<RegisterContact> Registration(Guid customer, Seal seal, ContactRegistered? known = null) => new(
        customer, (await seal.Again(known?.Name, Name))!, await seal.Again(known?.Email, Email), await seal.Again(known?.Phone, Phone), Title, BuyingRole, ExternalId);

    /// <inheritdoc cref="Registration"/>
    /// <param name="cleared">Members that are not known any more.</param>
    public async Task<ChangeContact> Change(IReadOnlyList<string>? cleared, Seal seal, ContactRegistered? known) => new(
        await Again(seal, known?.Name, Name), await Again(seal, known?.Email, Email), await Again(seal, known?.Phone, Phone), Title, BuyingRole, ExternalId, cleared);

    // What is not said of a change stays as it is.
    private static async Task<Domain.Personal?> Again(Seal seal, Domain.Personal? known, string? said) => said is null ? null : await seal.Again(known, said);
}
