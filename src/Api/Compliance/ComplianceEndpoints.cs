using Crm.Api.Access;
using Crm.Api.Conversion;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Domain.Compliance;
using Crm.Domain.Playbooks;

namespace Crm.Api.Compliance;

/// <summary>How much of what is required reps do in time, over HTTP.</summary>
public static class ComplianceEndpoints
{
    public static void MapCompliance(this IEndpointRouteBuilder app) =>
        app.MapGet("/reports/compliance", async (
            Query<ComplianceQuestion> query, Caller by, Headers headers, IfNoneMatch held, ComplianceReport report, Queries queries,
                CancellationToken ct) =>
        {
            var answer = await report.Of(by, query.Value, await queries.Lens(query.Value.Times, by.Zone, ct), headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position, answer.PlaybookVersion, answer.To), held);
        })
        .Produces<ComplianceAnswer>().WithTags("Reports").Needs(Functions.ActivityRead).Costs(5).WithName("getCompliance")
        .WithSummary("How much of what was required each rep did in time, from 0 to 100, with its parts, as of any moment");
}

/// <param name="From">What is due at this moment or later; left out, ninety days before the end.</param>
/// <param name="To">What is due before this moment; left out, before the moment that is asked about.</param>
/// <param name="Team">Only reps of this team.</param>
/// <param name="Rep">Only this one.</param>
public sealed record ComplianceQuestion(Times Times, Moment? From = null, Moment? To = null, string? Team = null, string? Rep = null);

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersions">The same moments, position and versions give the same answer for ever.</param>
/// <param name="PlaybookVersion">The playbook that names weight and parts: the one in force at the end.</param>
/// <param name="To">Never later than the moment that is asked about: what is not due yet is not required yet.</param>
/// <param name="Weight">In the appraisal, in percent.</param>
/// <param name="Reps">Those of whom anything was required.</param>
public sealed record ComplianceAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, IReadOnlyDictionary<string, int> ReadModelVersions, long PlaybookVersion,
    DateTimeOffset From, DateTimeOffset To, int Weight, IReadOnlyList<ComplianceOfRep> Reps);

/// <param name="Team">As the organisation has him; null for none.</param>
/// <param name="Score">100 × in time / required of all parts together, to two places.</param>
/// <param name="Points">What that comes to in the appraisal: the score by the weight.</param>
public sealed record ComplianceOfRep(string Rep, string? Team, double Score, double Points, IReadOnlyList<CompliancePart> Parts)
{
    internal static ComplianceOfRep Of(string rep, string? team, ComplianceScore score) => new(
        rep, team, (double)score.Score!.Value, (double)score.Points!.Value,
        [.. score.Parts.Select(part => new CompliancePart(part.Part, Share.Part(part.InTime, part.Required)))]);
}

/// <param name="Part"><c>first-responses</c>, <c>tasks</c>, <c>commitments</c>, <c>gates</c> or <c>cadence</c>.</param>
/// <param name="InTime">Of those that were due.</param>
public sealed record CompliancePart(RequiredPart Part, Share InTime);
