using System.Text.Json;
using Crm.Domain.DataSources;
using Crm.EventModel;

namespace Crm.Projections.DataSources;

/// <summary>What data sources there are, since when each gives nothing, and when there is something to be done about it.</summary>
public sealed class DataSourceList : ReadModel<DataSourceList.Row>
{
    /// <param name="RegisteredAt">Null while there are only facts dated before it was registered; such a row is not listed.</param>
    /// <param name="Key">By which rules name it.</param>
    /// <param name="Kind"><c>push</c> or <c>pull</c>.</param>
    /// <param name="Status"><c>active</c>, <c>paused</c> or <c>retired</c>.</param>
    /// <param name="LastGoodAt">Of when its last good reading is.</param>
    /// <param name="HeardAt">When it last had anything to say.</param>
    /// <param name="Trouble"><c>silent</c>, <c>unreachable</c> or <c>held</c>; null while it gives what can be used.</param>
    /// <param name="WatchedFrom">From when it is watched.</param>
    /// <param name="NextPull">For which moment it is fetched next.</param>
    /// <param name="DueAt">When something is to be done; null where nothing is.</param>
    public sealed record Row(
        Guid SourceId, DateTimeOffset? RegisteredAt, string? Key, string? Kind, string Status, int? FreshMinutes, int? EveryMinutes,
        Guid? LastGood, DateTimeOffset? LastGoodAt, DateTimeOffset? HeardAt, string? Trouble, DateTimeOffset? TroubleSince, string? Detail,
        DateTimeOffset? WatchedFrom, DateTimeOffset? NextPull, DateTimeOffset? DueAt);

    private const string Active = "active";

    public override string Name => "data_source_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(ISourceEvent);

    public override IReadOnlyList<string> Indexes => ["due_at"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var source = row ?? new Row(
            e.StreamId, null, null, null, Active, null, null, null, null, null, null, null, null, null, null, null);
        return e.Data switch
        {
            SourceRegistered x => Due(Said(source, x.Terms, x.From) with { Key = x.Key, RegisteredAt = e.OccurredAt }),
            SourceChanged x => Due(Said(source, x.Terms, x.From)),
            SourcePaused => Due(source with { Status = source.Status == Active ? "paused" : source.Status }),
            SourceResumed x => Due(Over(Watched(source, x.From)) with { Status = source.Status == "paused" ? Active : source.Status }),
            SourceRetired => Due(source with { Status = "retired" }),
            SourceHeard x => Due(Heard(source, x, e.OccurredAt)),
            SourceFailed x => Due(source with { Trouble = Word(x.Because), TroubleSince = e.OccurredAt, Detail = x.Detail }),
            SourceRecovered => Due(Over(source)),
            _ => row
        };
    }

    private static Row Said(Row row, SourceTerms terms, DateTimeOffset from) => Watched(
        row with { Kind = Word(terms.Kind), FreshMinutes = terms.FreshMinutes, EveryMinutes = terms.EveryMinutes }, from);

    private static Row Watched(Row row, DateTimeOffset from) =>
        row with { WatchedFrom = from, NextPull = row.EveryMinutes is null ? null : from };

    private static Row Over(Row row) => row with { Trouble = null, TroubleSince = null, Detail = null };

    private static Row Heard(Row row, SourceHeard x, DateTimeOffset at)
    {
        var isUsed = x.Outcome is ReadingOutcome.Good or ReadingOutcome.Accepted;
        var isNewest = isUsed && (row.LastGoodAt is null || x.Summary.MeasuredAt >= row.LastGoodAt);
        return row with
        {
            HeardAt = at,
            LastGood = isNewest ? x.Reading : row.LastGood,
            LastGoodAt = isNewest ? x.Summary.MeasuredAt : row.LastGoodAt,
            NextPull = x.Due is { } due && row.EveryMinutes is { } minutes && due >= row.NextPull ? due.AddMinutes(minutes) : row.NextPull
        };
    }

    // While nothing comes it is only tried again.
    private static Row Due(Row row)
    {
        var since = row.LastGoodAt is { } good && good > row.WatchedFrom ? good : row.WatchedFrom;
        var stale = row.FreshMinutes is { } minutes ? since?.AddMinutes(minutes) : null;
        return row with
        {
            DueAt = row.Status != Active || row.RegisteredAt is null ? null
                : row.Trouble is not null || (row.NextPull is { } next && next < stale) ? row.NextPull : stale
        };
    }

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
