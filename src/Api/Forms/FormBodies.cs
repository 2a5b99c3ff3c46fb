using Crm.Api.CustomFields;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Projections;
using Crm.Projections.Forms;

namespace Crm.Api.Forms;

/// <param name="Name">What people call it.</param>
/// <param name="Source">What the leads that come by it have as their source.</param>
/// <param name="Origins">Where the pages are that may send it by script: <c>https://www.example.com</c>. None: only pages of this server's own origin, and other servers.</param>
/// <param name="PerMinute">How many it takes in a minute, 1 to 6000.</param>
/// <param name="Honeypot">A field that people do not see; what comes with it filled in is thrown away.</param>
/// <param name="Country">Where telephone numbers without country code are, as <c>CN</c>; left out, where the tenant is.</param>
/// <param name="Layout">The form of the playbook in force that says what it asks; left out, all that can be filled in.</param>
public sealed record PublishFormRequest(
    [Text(80)] string Name, string Source, [Items(20)] IReadOnlyList<string>? Origins = null, [Between(1, 6000)] int PerMinute = 60, [Text(40)] string Honeypot = "website_url",
    string? Campaign = null, string? Product = null, [Text(2)] string? Country = null, [Text(40)] string? Layout = null)
{
    internal PublishForm Command => new(Name, Source, Origins ?? [], PerMinute, Honeypot, Campaign, Product, Country, Layout);
}

/// <summary>What is absent stays as it is; what is null is not said any more.</summary>
public sealed record ChangeFormRequest(
    [Text(80)] string? Name = null, string? Source = null, [Items(20)] IReadOnlyList<string>? Origins = null, [Between(1, 6000)] int? PerMinute = null,
    [Text(40)] string? Honeypot = null, string? Campaign = null, string? Product = null, [Text(2)] string? Country = null,
    [Text(40)] string? Layout = null)
{
    internal ChangeForm Command(IReadOnlyList<string> cleared) =>
        new(Name, Source, Origins, PerMinute, Honeypot, Campaign, Product, Country, cleared, Layout);
}

public sealed record RetireFormRequest(string? Reason = null);

/// <inheritdoc cref="WriteAnswer"/>
/// <param name="Key">For the web page: <c>/forms/{key}</c> is where it is sent to.</param>
public sealed record PublishedForm(Guid Id, long Version, long Position, string Key) : AnswerOfWrite;

/// <summary>What somebody fills in. A number, an address, or a company and a name there has to be.</summary>
/// <param name="Custom">By the fields that the playbook adds to leads.</param>
public sealed record SubmissionRequest(
    string? Company = null, string? Contact = null, [Text(SubmissionRequest.LongestEmail)] string? Email = null,
    [Text(SubmissionRequest.LongestPhone)] string? Phone = null, string? Role = null, string? Region = null, string? Industry = null,
    [Between(0, 10_000_000)] int? Employees = null, SizeBand? SizeBand = null, string? Product = null,
    [Text(SubmissionRequest.LongestMessage)] string? Message = null, CustomSaid? Custom = null) : IChecked
{
    internal const int LongestEmail = 254;
    internal const int LongestPhone = 40;
    internal const int LongestMessage = 4000;

    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (Phone is null && Email is null && (Company is null || Contact is null))
        {
            yield return ("phone", Http.Code.Missing, "Somebody has to be found again: fill in phone or email, or company and contact.");
        }

        if (Email is not null && !NormalForm.IsEmail(NormalForm.Email(Email)!))
        {
            yield return ("email", "not-an-email", "This is no mail address; it is written name@example.com.");
        }
    }

    internal LeadSaid Of(FormPublished form) => new(
        form.Source, Company, Contact, Email, Phone, Role, Region, Industry, Employees, form.Campaign, Product ?? form.Product, Message, SizeBand: SizeBand);
}

/// <summary>It came in. What became of it is not told to everybody.</summary>
public sealed record SubmissionAnswer(bool Received);

public enum FormStatus { Open, Retired }

public sealed record FormQuestion(Times Times, ListWords Words, FormStatus? Status = null) : IListQuestion
{
    public Asked Asked => Asked.Of(Times, Words, ("status", Status is { } status ? ChoiceShape.Spell(status.ToString()) : null));
}

[Sparse]
public sealed record FormAnswer(
    Guid Id, string Status, DateTimeOffset PublishedAt, string Name, string Source, string? Campaign, string? Product, string? Country,
    IReadOnlyList<string> Origins, int PerMinute, string Honeypot, string Key, string? Layout)
{
    public static readonly RecordList<FormList.Row, FormAnswer> List = new("form", Catalog.Forms, "publishedAt", (row, _, tenant, _) => Task.FromResult(Of(row, tenant)));

    private static FormAnswer Of(FormList.Row r, string tenant) => new(
        r.FormId, r.Status, r.PublishedAt!.Value, r.Name, r.Source, r.Campaign, r.Product, r.Country, r.Origins, r.PerMinute, r.Honeypot,
        new FormKey(tenant, r.FormId).ToString(), r.Layout);
}
