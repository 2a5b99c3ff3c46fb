using Crm.Api.Access;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Campaigns;
using Crm.EventStore;
using Crm.Projections;
using Crm.Projections.Campaigns;

namespace Crm.Api.Campaigns;

/// <summary>Campaigns over HTTP, and what is spent for them.</summary>
public static class CampaignEndpoints
{
    public static void MapCampaigns(this IEndpointRouteBuilder app)
    {
        var campaigns = app.MapGroup("/campaigns").WithTags("Campaigns").ChangedByThoseWhoSee("campaign");

        campaigns.MapPost("/", (Body<RegisterCampaignRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
        {
            var r = body.Value;
            return writes.Send(CampaignDecider.Instance, Guid.CreateVersion7(),
                new RegisterCampaign(NormalForm.Text(r.Code)!, r.Name, r.Channel, r.StartsOn, r.EndsOn, r.Budget),
                incoming.Call(body, r.OccurredAt, StatusCodes.Status201Created), ct, createdUnder: "/api/v1/campaigns");
        }).Creates().Needs(Functions.CampaignsWrite).WithName("registerCampaign").WithSummary("Register a campaign");

        campaigns.MapPatch("/{id:guid}", (Guid id, Patch<ChangeCampaignRequest> patch, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(CampaignDecider.Instance, id, patch.Value.Command(patch.Cleared), incoming.Call(patch.Body, patch.Value.OccurredAt), ct))
            .Changes().Needs(Functions.CampaignsWrite).WithName("changeCampaign").WithSummary("Change what is known of a campaign, member by member");

        campaigns.MapPost("/{id:guid}/spend", (Guid id, Body<SpendRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
        {
            var (r, call) = (body.Value, incoming.Call(body, body.Value.OccurredAt));
            return writes.Send(CampaignDecider.Instance, id, new SpendOnCampaign(r.Id ?? call.NewId("spend"), r.Amount, r.Reference), call, ct);
        }).Changes().Needs(Functions.CampaignsWrite).WithName("spendOnCampaign").WithSummary("Record what was spent for a campaign, now or back-dated");

        campaigns.MapGet("/{id:guid}", (Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(CampaignAnswer.List, by, id, query.Value, held, Missing(), ct))
            .Produces<CampaignAnswer>().Needs(Functions.CampaignsRead).WithName("getCampaign").WithSummary("One campaign, now or as of any moment");

        campaigns.MapGet("/{id:guid}/events", (Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.Events<ICampaignEvent>(CampaignAnswer.List, by, id, query.Value.Times, held, Missing(), ct))
            .Produces<EventList>().Needs(Functions.CampaignsRead).WithName("getCampaignEvents").WithSummary("What happened to a campaign, in the order of recording");

        campaigns.MapGet("/", (Query<Paged<CampaignQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(CampaignAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<CampaignAnswer>>().Needs(Functions.CampaignsRead).WithName("listCampaigns").WithSummary("Campaigns, newest first, now or as of any moment");

        campaigns.MapSearch(CampaignAnswer.List, Functions.CampaignsRead).WithName("searchCampaigns").WithSummary("Campaigns that a filter describes, now or as of any moment");

        campaigns.MapExport("campaigns", CampaignAnswer.List, Functions.CampaignsRead, (CampaignQuestion q) => q.Asked)
            .WithName("exportCampaigns").WithSummary("All campaigns that are asked for, as a file, now or as of any moment");
    }

    public static Rejection Missing() => Rejection.Unknown("campaign.unknown", "There is no such campaign.");
}

/// <summary>A code stands for one campaign of a tenant at most; a claim keeps it so.</summary>
public static class CampaignCodes
{
    public const string Kind = "campaign-code";

    public static IEnumerable<Claim> ClaimedBy(object fact, Guid campaign) => fact is CampaignRegistered e ? [new Claim(Kind, e.Code, campaign)] : [];
}

/// <param name="Code">What leads call it. It stays, and no other campaign has it.</param>
public sealed record RegisterCampaignRequest(
    [Text(80)] string Code, string Name, string? Channel = null, DateOnly? StartsOn = null, DateOnly? EndsOn = null, Money? Budget = null,
    DateTimeOffset? OccurredAt = null);

/// <summary>What is absent stays as it is; what is null is not known any more.</summary>
public sealed record ChangeCampaignRequest(
    string? Name = null, string? Channel = null, DateOnly? StartsOn = null, DateOnly? EndsOn = null, Money? Budget = null, DateTimeOffset? OccurredAt = null)
{
    public ChangeCampaign Command(IReadOnlyList<string> cleared) => new(Name, Channel, StartsOn, EndsOn, Budget, [.. cleared.Except(["occurredAt"])]);
}

/// <param name="Id">Names it, so that it is counted once however often it is sent; left out, the server makes one.</param>
/// <param name="Reference">The voucher: number of the invoice.</param>
public sealed record SpendRequest([Field("spent")] Money Amount, string? Reference = null, Guid? Id = null, DateTimeOffset? OccurredAt = null);

public sealed record CampaignQuestion(
    Times Times, ListWords Words, string? Q = null, string? Code = null, string? Name = null, string? Channel = null) : IListQuestion
{
    public Asked Asked => Asked.Of(Times, Words, ("code", Code), ("name", Name), ("channel", Channel)).Seeking(Q);
}

/// <param name="Code">What leads call it.</param>
/// <param name="EndsOn">The last day.</param>
/// <param name="Spent">All that was spent for it; null while nothing is.</param>
[Sparse]
public sealed record CampaignAnswer(
    Guid Id, DateTimeOffset RegisteredAt, string? Code, string? Name, string? Channel, DateOnly? StartsOn, DateOnly? EndsOn, Money? Budget, Money? Spent)
{
    public static readonly RecordList<CampaignList.Row, CampaignAnswer> List = new(
        "campaign", Catalog.Campaigns, "registeredAt", (row, _, _, _) => Task.FromResult(Of(row)),
        shownIn: new Dictionary<string, string> { ["currency"] = "budget" }, searched: ["name", "code"]);

    public static CampaignAnswer Of(CampaignList.Row r) => new(
        r.CampaignId, r.RegisteredAt!.Value, r.Code, r.Name, r.Channel, r.StartsOn, r.EndsOn, Amount(r.Budget, r), Amount(r.Spent, r));

    private static Money? Amount(decimal? amount, CampaignList.Row r) => amount is { } known ? Money.Of(known, r.Currency!) : null;
}
