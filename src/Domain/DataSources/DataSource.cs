using System.Collections.Immutable;

namespace Crm.Domain.DataSources;

/// <summary>Where figures come from that are not ours, and how it does.</summary>
public sealed record DataSource
{
    public static readonly DataSource None = new();

    // Enough for a median that a single odd one does not move.
    private const int MostKept = 8;

    public string? Key { get; private init; }

    public SourceTerms? Terms { get; private init; }

    public bool IsPaused { get; private init; }

    public bool IsRetired { get; private init; }

    /// <summary>The last good readings, as they came.</summary>
    public ImmutableList<(Guid Id, ReadingSummary Summary)> Good { get; private init; } = [];

    /// <summary>The last readings of all, as they came.</summary>
    public ImmutableList<(Guid Id, ReadingOutcome Outcome)> Heard { get; private init; } = [];

    /// <summary>The good reading that was measured last.</summary>
    public (Guid Id, ReadingSummary Summary)? Newest { get; private init; }

    /// <summary>Since when it says the same.</summary>
    public DateTimeOffset? SameSince { get; private init; }

    /// <summary>From when it is watched.</summary>
    public DateTimeOffset? From { get; private init; }

    /// <summary>The first moment for which it was not fetched yet; null where it is sent.</summary>
    public DateTimeOffset? NextPull { get; private init; }

    /// <summary>Null while it gives what can be used.</summary>
    public SourceFailed? Outage { get; private init; }

    public bool IsWatched => Terms is not null && !IsPaused && !IsRetired;

    /// <summary>When its last good values hold no more.</summary>
    public DateTimeOffset? StaleAt => Terms is not { } terms || From is not { } from ? null
        : (Newest is { } newest && newest.Summary.MeasuredAt > from ? newest.Summary.MeasuredAt : from) + terms.FreshFor();

    /// <summary>When something is to be done about it.</summary>
    public DateTimeOffset? DueAt => !IsWatched ? null
        : Outage is not null ? NextPull
        : NextPull is { } next && next < StaleAt ? next : StaleAt;

    public static DataSource Evolve(DataSource state, ISourceEvent @event) => @event switch
    {
        SourceRegistered e => state.Said(e.Terms, e.From) with { Key = e.Key },
        SourceChanged e => state.Said(e.Terms, e.From),
        SourcePaused => state with { IsPaused = true },
        SourceResumed e => (state with { IsPaused = false, Outage = null }).Watched(e.From),
        SourceRetired => state with { IsRetired = true },
        SourceHeard e => state.Hear(e),
        SourceFailed e => state with { Outage = e },
        SourceRecovered => state with { Outage = null },
        _ => state
    };

    private DataSource Said(SourceTerms terms, DateTimeOffset from) => (this with { Terms = terms }).Watched(from);

    private DataSource Watched(DateTimeOffset from) =>
        this with { From = from, NextPull = Terms is { EveryMinutes: not null } ? from : null };

    private DataSource Hear(SourceHeard e)
    {
        var state = this with
        {
            Heard = [.. Heard.TakeLast(MostKept * 2), (e.Reading, e.Outcome)],
            NextPull = e.Due is { } due && Terms?.EveryMinutes is { } minutes && due >= NextPull ? due.AddMinutes(minutes) : NextPull
        };
        if (e.Outcome is not (ReadingOutcome.Good or ReadingOutcome.Accepted))
            return state;

        var isNewest = Newest is not { } newest || e.Summary.MeasuredAt >= newest.Summary.MeasuredAt;
        return state with
        {
            Good = [.. Good.TakeLast(MostKept - 1), (e.Reading, e.Summary)],
            Newest = isNewest ? (e.Reading, e.Summary) : Newest,
            SameSince = isNewest && e.Summary.Hash != Newest?.Summary.Hash ? e.Summary.MeasuredAt : SameSince
        };
    }
}
