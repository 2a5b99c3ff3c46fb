using Crm.Domain.DataSources;
using Crm.EventModel;

namespace Crm.Projections.DataSources;

/// <summary>Every reading of a data source: of when it is, whether it is used, and what is odd about it. Its
/// values are in the event.</summary>
public sealed class SourceReadingList : ReadModel<SourceReadingList.Row>
{
    /// <param name="MeasuredAt">Of which moment its values are; null while it is not known.</param>
    /// <param name="Source">The key of its source.</param>
    /// <param name="Key">By which its sender calls it.</param>
    /// <param name="Outcome"><c>good</c>, <c>held</c>, <c>accepted</c> or <c>rejected</c>.</param>
    /// <param name="Rows">Of how many customers it tells.</param>
    /// <param name="Unknown">How many of its subjects are no customers here.</param>
    /// <param name="Hash">SHA-256 over its values.</param>
    /// <param name="FreshMinutes">So long its values hold.</param>
    /// <param name="Marks">What is odd about it: the fault, what was found, and what is expected.</param>
    /// <param name="Reason">Why it was accepted or rejected.</param>
    public sealed record Row(
        Guid ReadingId, DateTimeOffset? MeasuredAt, Guid? SourceId, string? Source, string? Key, string? Outcome, int Rows, int Unknown,
        decimal? Median, string? Hash, int FreshMinutes, string? Channel, IReadOnlyList<string> Marks, string? SettledBy, string? Reason);

    public override string Name => "source_reading_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(ISourceReadingEvent);

    public override IReadOnlyList<string> Indexes => ["source_id, measured_at"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var reading = row ?? new Row(e.StreamId, null, null, null, null, null, 0, 0, null, null, 0, null, [], null, null);
        return e.Data switch
        {
            SourceReadingTaken x => reading with
            {
                MeasuredAt = x.Summary.MeasuredAt,
                SourceId = x.Source,
                Source = x.SourceKey,
                Key = x.Key,
                Outcome = reading.Outcome ?? Word(x.Outcome),
                Rows = x.Summary.Rows,
                Unknown = x.Unknown,
                Median = x.Summary.Median,
                Hash = x.Summary.Hash,
                FreshMinutes = x.FreshMinutes,
                Channel = x.Channel,
                Marks = [.. x.Marks.Select(mark => $"{Word(mark.Fault)}: {mark.Found}, expected {mark.Expected}")]
            },
            SourceReadingAccepted x => reading with { Outcome = Word(ReadingOutcome.Accepted), SettledBy = x.By, Reason = x.Reason },
            SourceReadingRejected x => reading with { Outcome = Word(ReadingOutcome.Rejected), SettledBy = x.By, Reason = x.Reason },
            _ => row
        };
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
