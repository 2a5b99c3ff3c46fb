using Crm.Api.Access;
using Crm.Api.Conversion;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Domain.Activities;
using Crm.Domain.Leads;

namespace Crm.Api.Leads;

/// <summary>How ripe leads are, over HTTP: raised by evidence, lowered with the reason, looked at and counted.</summary>
public static class LevelEndpoints
{
    public static void MapLevels(this IEndpointRouteBuilder leads)
    {
        leads.MapPost("/{id:guid}/level", async (
            Guid id, Body<RaiseLeadRequest> body, Incoming incoming, CurrentPlaybook playbooks, Writes writes, CancellationToken ct) =>
        {
            var playbook = await playbooks.Of(incoming.By.Tenant, ct);
            var command = new RaiseLead(body.Value.Level, playbook.Document?.Levels ?? [], playbook.Version);
            return await writes.Send(LeadDecider.Instance, id, command, incoming.Call(body, body.Value.OccurredAt), ct, playbook.Version);
        }).Changes().Needs(Functions.LeadsWrite).WithName("raiseLead")
        .WithSummary("Raise a lead to a level of the playbook, by the evidence that is there");

        leads.MapPost("/{id:guid}/level/withdrawal", (
            Guid id, Body<LowerLeadRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
        {
            var command = new LowerLead(body.Value.Level, body.Value.Reason);
            return writes.Send(LeadDecider.Instance, id, command, incoming.Call(body, occurredAt: null), ct);
        }).Changes().Needs(Functions.LeadsWrite).WithName("lowerLead").WithSummary("Have a lead fall back to a lower level, with the reason");

        leads.MapGet("/{id:guid}/level", (
            Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, LevelsReached levels, CancellationToken ct) =>
            levels.Of(by, id, query.Value.Times, held, ct))
            .Produces<LeadLevelAnswer>().HasVersion().Needs(Functions.LeadsRead).WithName("getLeadLevel")
            .WithSummary("How ripe a lead is, by what evidence, and what is missing for more, now or as of any moment");

        leads.MapGet("/levels", async (
            Query<LevelQuestion> query, Caller by, Headers headers, IfNoneMatch held, LevelFigures figures, Queries queries, CancellationToken ct) =>
        {
            var q = query.Value;
            FieldSight.MustSee(by, "lead", "level");
            var used = q.Filters.Where(filter => filter.Value is not null).Select(filter => (filter.Column, filter.Column));
            FigureSight.MustSee(by, ["lead"], [.. q.Groups.Select(group => ("by", group)), .. used]);
            var answer = await figures.Of(by, q, await queries.Lens(q.Times, by.Zone, ct), headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position, answer.Moment), held);
        })
        .Produces<LevelsAnswer>().Needs(Functions.LeadsRead).WithName("getLeadLevels")
        .WithSummary("How many open leads are at which level, and how many rose from each to the next and how fast, as of any moment");
    }
}

/// <param name="Level">Its key in the playbook. Levels between are reached with it.</param>
public sealed record RaiseLeadRequest([Domain.Text(20)] string Level, DateTimeOffset? OccurredAt = null);

/// <param name="Reason">In words.</param>
/// <param name="Level">The level that it falls back to; left out, none.</param>
public sealed record LowerLeadRequest(string Reason, [Domain.Text(20)] string? Level = null);

/// <param name="Level">The level that it is at; null where it has come to none.</param>
/// <param name="Since">When it came to that, from below or from above; null where it never had one.</param>
/// <param name="Reached">The levels that it has come to and not lost, in their order.</param>
/// <param name="Next">What comes next by the playbook of that moment; null where nothing does, and for leads that are closed, merged or flagged.</param>
public sealed record LeadLevelAnswer(Guid Id, string? Level, DateTimeOffset? Since, IReadOnlyList<ReachedLevel> Reached, NextLevel? Next);

/// <param name="At">When it came to it.</param>
/// <param name="Playbook">The version that asked for the evidence.</param>
public sealed record ReachedLevel(
    string Level, string Name, int Rank, DateTimeOffset At, long Playbook, IReadOnlyList<EvidenceAnswer> Evidence);

/// <param name="Asked">What was asked for, in words.</param>
/// <param name="Field">The field that is known.</param>
/// <param name="IsThere">False for a moment only: then the level is lost.</param>
public sealed record EvidenceAnswer(string Key, string Name, string Asked, Guid? AttachmentId, string? Field, Guid? TouchId, bool IsThere);

/// <param name="Missing">What it asks for and is not there; where nothing is missing, the lead can be raised.</param>
public sealed record NextLevel(string Level, string Name, IReadOnlyList<MissingEvidence> Missing);

/// <param name="Asked">What would serve, in words.</param>
/// <param name="Near">Files under another label, and touches of the kind that went or came to something else: the last five.</param>
public sealed record MissingEvidence(string Key, string Name, string Asked, IReadOnlyList<NearEvidence> Near);

/// <param name="From">Leads that came to a level at this moment or later; left out, from the beginning.</param>
/// <param name="To">Before this moment; left out, to the end.</param>
/// <param name="By">Group by these, comma-separated: rep, team, source, region, campaign.</param>
public sealed record LevelQuestion(
    Times Times, Moment? From = null, Moment? To = null, string? By = null, string? Rep = null, string? Team = null, string? Source = null,
    string? Region = null, string? Campaign = null) : IChecked
{
    public IReadOnlyList<string> Groups => By?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    public IReadOnlyList<(string Column, string? Value)> Filters =>
        [("rep", Rep), ("team", Team), ("source", Source), ("region", Region), ("campaign", Campaign)];

    public IEnumerable<(string Member, string Code, string Message)> Check() => Grouping.Faults(Groups, SilenceQuestion.Dimensions);
}

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Moment">The moment that is asked about: <c>asOf</c> or <c>knownAt</c>, or else now.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="Levels">In the order of the playbook that was in force at that moment, or of the newest where that had none; those that it does not name come last.</param>
/// <param name="AtNone">Open leads that have come to no level.</param>
/// <param name="Steps">From each level to the next.</param>
/// <param name="Groups">Those in which there is anything to count.</param>
public sealed record LevelsAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, DateTimeOffset Moment, long Position, int ReadModelVersion,
    DateTimeOffset? From, DateTimeOffset? To, IReadOnlyList<LevelCount> Levels, long AtNone, IReadOnlyList<LevelStep> Steps, IReadOnlyList<LevelGroup> Groups);

/// <param name="By">The values of the dimensions asked for.</param>
public sealed record LevelGroup(
    IReadOnlyDictionary<string, string?> By, IReadOnlyList<LevelCount> Levels, long AtNone, IReadOnlyList<LevelStep> Steps);

/// <param name="Name">As the playbook calls it; null for one that it does not name any more.</param>
/// <param name="Leads">Open leads that are at it.</param>
public sealed record LevelCount(string Level, string? Name, long Leads);

/// <param name="Rose">Of the leads that came to <c>from</c> for the first time in the span, those that have come to <c>to</c> since, whenever.</param>
/// <param name="Days">How long that took them, from the first time at the one to the first time at the other; null where none did.</param>
public sealed record LevelStep(string From, string To, Share Rose, Stay? Days);
