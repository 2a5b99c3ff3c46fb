using System.Collections.Immutable;

namespace Crm.Domain.SpotChecks;

/// <summary>Some of a day's new leads, and whether they are genuine.</summary>
public sealed record SpotCheck
{
    public static readonly SpotCheck None = new();

    public SpotCheckDrawn? Drawn { get; private init; }

    /// <summary>What came of the calls, by lead.</summary>
    public ImmutableDictionary<Guid, SpotCheckCalled> Calls { get; private init; } = ImmutableDictionary<Guid, SpotCheckCalled>.Empty;

    public SpotCheckPublished? Published { get; private init; }

    public static SpotCheck Evolve(SpotCheck state, ISpotCheckEvent @event) => @event switch
    {
        SpotCheckDrawn e => state with { Drawn = e },
        SpotCheckCalled e => state with { Calls = state.Calls.SetItem(e.LeadId, e) },
        SpotCheckPublished e => state with { Published = e },
        _ => state
    };
}
