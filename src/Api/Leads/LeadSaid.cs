using Crm.Domain.CustomFields;
using Crm.Domain.Leads;

namespace Crm.Api.Leads;

/// <summary>What is said of a lead when it is captured, or changed, in clear.</summary>
/// <param name="Source">Of a capture there always is one.</param>
/// <param name="Custom">In normal form already.</param>
public sealed record LeadSaid(
    string? Source, string? Company = null, string? Contact = null, string? Email = null, string? Phone = null, string? Role = null, string? Region = null,
    string? Industry = null, int? Employees = null, string? Campaign = null, string? Product = null, string? Message = null, string? ExternalId = null,
    SizeBand? SizeBand = null, CustomValues? Custom = null)
{
    public LeadSignature Signature => new(Company, Contact, Email, Phone);

    /// <summary>The same in normal form.</summary>
    /// <param name="country">Where telephone numbers without country code are.</param>
    public LeadSaid Normal(string country) => this with
    {
        Source = NormalForm.Text(Source),
        Company = NormalForm.Text(Company),
        Contact = NormalForm.Text(Contact),
        Email = NormalForm.Email(Email),
        Phone = NormalForm.Phone(Phone, country),
        Role = NormalForm.Text(Role),
        Region = NormalForm.Region(Region),
        Industry = NormalForm.Text(Industry),
        Campaign = NormalForm.Text(Campaign),
        Product = NormalForm.Text(Product)
    };

    public async Task<CaptureLead> Command(Seal seal, string? rep = null, string? team = null) => new(
        Source!, Company, await seal.Of(Contact), await seal.Of(Email), await seal.Of(Phone), Role, Region, Industry, Employees, Campaign, Product,
        await seal.Of(Message), ExternalId, rep, team, SizeBand, Custom: Custom);
}
