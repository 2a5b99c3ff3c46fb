using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Projections;
using Crm.Projections.SpotChecks;

namespace Crm.Api.SpotChecks;

/// <param name="Day">Of whose new leads some are drawn, in the tenant's zone; left out, yesterday.</param>
/// <param name="Count">How many.</param>
/// <param name="Seed">By which they are drawn; left out, one that is made of tenant and day.</param>
public sealed record DrawSpotCheckRequest(DateOnly? Day = null, [Between(1, 20)] int Count = 3, [Text(200)] string? Seed = null);

/// <param name="LeadId">One of those that were drawn.</param>
/// <param name="Genuine">Whether it is what it says; left out where nobody can tell yet.</param>
public sealed record CallSpotCheckRequest(Guid LeadId, bool Reached, bool? Genuine = null, [Text(4000)] string? Note = null);

/// <param name="To">The members who are told, by id; left out, all who may draw.</param>
public sealed record PublishSpotCheckRequest([Items(200), Text(60)] IReadOnlyList<string>? To = null);

public sealed record SpotCheckQuestion(Times Times, ListWords Words) : IListQuestion
{
    public Asked Asked => Asked.Of(Times, Words);
}

/// <summary>A lead that was drawn, and what came of it.</summary>
/// <param name="Hash">SHA-256 over the seed, a space and the lead's id: leads are drawn in the order of their hashes.</param>
/// <param name="Reached">Null until it was called.</param>
/// <param name="Note">For those who may draw; what it says of a person is for nobody else.</param>
public sealed record SpotCheckedLead(Guid LeadId, string? Hash, bool? Reached, bool? Genuine, string? Note);

/// <param name="Day">On which the leads were captured, in the tenant's zone.</param>
/// <param name="Seed">By which they were drawn; null until all of it is published, but for those who may draw.</param>
/// <param name="Asked">How many were to be drawn.</param>
/// <param name="NewLeads">From how many they were drawn.</param>
/// <param name="AtPosition">Up to where in the log those were known.</param>
/// <param name="Called">Of how many it is said what came of it.</param>
/// <param name="Reached">How many were; null until it is published.</param>
/// <param name="Genuine">How many were; null until it is published.</param>
/// <param name="Leads">In the order in which they were drawn; null until all of it is published, but for those who may draw.</param>
[Sparse]
public sealed record SpotCheckAnswer(
    Guid Id, DateTimeOffset DrawnAt, DateOnly Day, string? Seed, int Asked, int NewLeads, long AtPosition, int Called, int? Reached,
    int? Genuine, DateTimeOffset? PublishedAt, IReadOnlyList<SpotCheckedLead>? Leads)
{
    /// <summary>The list for those who may draw, and for those who wait until it is published.</summary>
    public static RecordList<SpotCheckList.Row, SpotCheckAnswer> List(bool mayDraw) => new(
        "spot-check", Catalog.SpotChecks, "drawnAt", (row, unsealer, tenant, ct) => Of(row, mayDraw, unsealer, tenant, ct),
        SpotCheckList.Unasked);

    private static async Task<SpotCheckAnswer> Of(SpotCheckList.Row r, bool mayDraw, Unsealer unsealer, string tenant, CancellationToken ct)
    {
        var isWhole = mayDraw || r.PublishedAt is not null;
        var leads = new List<SpotCheckedLead>();
        foreach (var lead in isWhole ? SpotCheckList.LeadsOf(r) : [])
        {
            leads.Add(new(lead.LeadId, lead.Hash, lead.Reached, lead.Genuine, mayDraw ? await unsealer.Open(tenant, lead.Note, ct) : null));
        }

        return new(
            r.CheckId, r.DrawnAt!.Value, r.Day!.Value, isWhole ? r.Seed : null, r.Asked, r.NewLeads, r.AtPosition, r.Called, r.Reached,
            r.Genuine, r.PublishedAt, isWhole ? leads : null);
    }
}
