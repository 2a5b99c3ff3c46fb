using System.Text.Json;
using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Projections.Activities;

/// <summary>Every visit that a phone told of: who went where and when, how far from the address that was, and what speaks against
/// it.</summary>
public sealed class VisitLog : EventLog<VisitLog.Row>
{
    /// <param name="RecordId">The lead, opportunity or customer that it was made to.</param>
    /// <param name="Record"><c>lead</c>, <c>opportunity</c> or <c>customer</c>.</param>
    /// <param name="VisitId">Its touch.</param>
    /// <param name="At">When it was made.</param>
    /// <param name="ToldAt">When the phone told of it.</param>
    /// <param name="Kind">Of the touch: <c>visit</c>, <c>meeting</c> …</param>
    /// <param name="IsDoubtful">Whether anything speaks against it.</param>
    /// <param name="Doubts">What, in kebab-case, and behind a colon the other visit that it does not go with.</param>
    /// <param name="Place">Where the phone was, sealed.</param>
    public sealed record Row(
        Guid RecordId, long Position, string Record, Guid VisitId, Guid? CustomerId, string Rep, DateTimeOffset At, DateTimeOffset ToldAt,
        string Kind, bool IsNear, bool IsDoubtful, int? DistanceMetres, int? AccuracyMetres, IReadOnlyList<string> Doubts,
        IReadOnlyList<string> Ticks, IReadOnlyList<string> Photos, string? Place);

    public override string Name => "visits";

    public override int Version => 1;

    public override Type Reads => typeof(ITouched);

    public override IReadOnlyList<string> Indexes => ["rep, at", "customer_id", "at"];

    public override Row? Say(Recorded e) => e.Data is not ITouched { Visit: { } visit } touch ? null : new(
        e.StreamId, e.Position, e.Data switch { LeadTouched => "lead", OpportunityTouched => "opportunity", _ => "customer" },
        touch.TouchId,
        visit.CustomerId, visit.Rep, e.OccurredAt, e.RecordedAt, Word(touch.Kind), visit.IsNear, visit.Doubts is { Count: > 0 },
        visit.DistanceMetres, visit.AccuracyMetres,
        [.. (visit.Doubts ?? []).Select(doubt => doubt.VisitId is { } other ? $"{Word(doubt.Of)}:{other}" : Word(doubt.Of))],
        visit.Ticks ?? [], visit.Photos ?? [], touch.Place?.Sealed);

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
