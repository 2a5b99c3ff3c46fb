using Crm.Api.Access;
using Crm.Api.Conversion;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;

namespace Crm.Api.Leads;

/// <summary>Leads that fell silent, over HTTP.</summary>
public static class SilentEndpoints
{
    public static void MapSilent(this IEndpointRouteBuilder leads)
    {
        leads.MapGet("/silent", (
            Query<Paged<SilentQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(LeadAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<LeadAnswer>>().Needs(Functions.LeadsRead).WithName("listSilentLeads")
            .WithSummary("Leads that were touched and of which nothing has come for some days, now or as of any moment");

        leads.MapGet("/silence", async (
            Query<SilenceQuestion> query, Caller by, Headers headers, IfNoneMatch held, SilentLeads silent, Queries queries,
            CancellationToken ct) =>
        {
            var q = query.Value;
            FigureSight.MustSee(by, ["lead"],
                [.. q.Groups.Select(g => ("by", g)), .. q.Filters.Where(f => f.Value is not null).Select(f => (f.Field, f.Field))]);
            var answer = await silent.Of(by, q, await queries.Lens(q.Times, by.Zone, ct), headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position, answer.Moment), held);
        })
        .Produces<SilenceAnswer>().Needs(Functions.LeadsRead).WithName("getSilence")
        .WithSummary("How many leads fell silent, of how many that are open and were touched, now or as of any moment");
    }
}

/// <param name="Days">More than so many times 24 hours have gone by; left out, 14.</param>
public sealed record SilentQuestion(
    Times Times, ListWords Words, [Between(1, 365)] int? Days = null, string? Q = null, string? Rep = null, string? Team = null,
    string? Region = null, string? Source = null, string? Campaign = null) : IListQuestion
{
    public const int UsualDays = 14;

    public Asked Asked =>
        Asked.Of(Times, Words, ("rep", Rep), ("team", Team), ("region", Region), ("source", Source), ("campaign", Campaign)).Seeking(Q) with
        {
            Passing = new Passing("days", LeadIs.SilentBy, at => LeadIs.Silent(at, Days ?? UsualDays))
        };
}

/// <param name="Days">More than so many times 24 hours have gone by; left out, 14.</param>
/// <param name="By">Group by these, comma-separated: rep, team, source, region, campaign.</param>
public sealed record SilenceQuestion(
    Times Times, [Between(1, 365)] int? Days = null, string? By = null, string? Rep = null, string? Team = null, string? Source = null,
    string? Region = null, string? Campaign = null) : IChecked
{
    public static readonly IReadOnlyList<string> Dimensions = ["rep", "team", "source", "region", "campaign"];

    public IReadOnlyList<string> Groups => By?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    public IReadOnlyList<(string Field, string? Value)> Filters =>
        [("rep", Rep), ("team", Team), ("source", Source), ("region", Region), ("campaign", Campaign)];

    public IEnumerable<(string Member, string Code, string Message)> Check() => Grouping.Faults(Groups, Dimensions);
}

/// <param name="By">The values of the dimensions asked for.</param>
/// <param name="Silent">How many fell silent, of how many that are open and were touched.</param>
public sealed record SilenceGroup(IReadOnlyDictionary<string, string?> By, Share Silent);

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Moment">The moment that is asked about: <c>asOf</c> or <c>knownAt</c>, or else now.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="Days">Silent is a lead of which nothing has come for more than so many times 24 hours.</param>
/// <param name="Silent">How many fell silent, of how many that are open and were touched.</param>
/// <param name="Groups">Those in which there is anything to count.</param>
public sealed record SilenceAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, DateTimeOffset Moment, long Position, int ReadModelVersion, int Days, Share Silent,
    IReadOnlyList<SilenceGroup> Groups);
