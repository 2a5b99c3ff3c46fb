using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Access;
using Crm.Domain.Leads;
using Crm.EventStore.Sealing;
using Crm.Projections.Leads;

namespace Crm.Api.Leads;

/// <summary>Leads that are nobody's: who may have them, and how they come back.</summary>
public static class PoolEndpoints
{
    public static void MapPool(this IEndpointRouteBuilder app)
    {
        var leads = app.MapGroup("/leads").WithTags("Leads").ChangedByThoseWhoSee("lead");

        app.MapGet("/pool", (Query<Paged<PoolQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(LeadAnswer.List, InPool(by), query.Value.Asked, headers.MinPosition, held, ct))
            .WithTags("Leads").Produces<PageOf<LeadAnswer>>().Needs(Functions.LeadsClaim).WithName("listPool").WithSummary("Leads that nobody has, newest first, now or as of any moment");

        leads.MapPost("/{id:guid}/claim", async (Guid id, Body<ClaimLeadRequest> body, Incoming incoming, LeadClaims claims, Writes writes, CancellationToken ct) =>
            writes.Answer(await claims.Claim(id, incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.LeadsClaim).WithName("claimLead").WithSummary("Take a lead from the pool for oneself");

        leads.MapPost("/{id:guid}/release", async (Guid id, Body<ReleaseLeadRequest> body, Incoming incoming, Sealer sealer, Writes writes,
            CancellationToken ct) =>
        {
            var seal = new Seal(sealer, incoming.By.Tenant, person: id, isNew: false, ct);
            var command = new ReleaseLead(await seal.Of(body.Value.Reason));
            var call = incoming.Call(body, occurredAt: null) with { PersonKeys = seal.Made };
            return await writes.Send(LeadDecider.Instance, id, command, call, ct);
        }).Changes().Needs(Functions.LeadsWrite).WithName("releaseLead").WithSummary("Put a lead back into the pool");
    }

    // What is nobody's is for everybody to see who may have it; who the person is, for whoever takes it.
    private static Caller InPool(Caller by) => by.Sight.Owners is null ? by : by with
    {
        Sight = by.Sight with { Owners = null, Hidden = by.Sight.Hidden.Concat(LeadList.Sealed.Select(member => $"lead.{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member)}")).ToHashSet() }
    };
}

public sealed record ClaimLeadRequest;

/// <param name="Reason">In a few words, for whoever gets it next.</param>
public sealed record ReleaseLeadRequest(string? Reason = null);

public sealed record PoolQuestion(Times Times, ListWords Words, string? Q = null, string? Region = null, string? Source = null, string? Campaign = null) : IListQuestion
{
    public Asked Asked => Asked.Of(Times, Words, ("status", "new"), ("region", Region), ("source", Source), ("campaign", Campaign))
        .Without("flag").Seeking(Q);
}
