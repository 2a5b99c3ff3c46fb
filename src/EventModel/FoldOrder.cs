namespace Crm.EventModel;

/// <summary>
/// The facts of one stream in the order in which everything folds them: by when they happened, then by version, with corrections laid
/// over the facts that they name. Decisions and read models use the same order, so they never disagree about the past.
/// </summary>
public static class FoldOrder
{
    /// <summary>The facts that stand, of the events of one stream given in the order of their versions.</summary>
    public static IReadOnlyList<Recorded> Of(IReadOnlyList<Recorded> stream, EventTypes types)
    {
        var corrected = Corrected(stream, types);
        return IsSorted(corrected) ? corrected : [.. corrected.OrderBy(e => e.OccurredAt).ThenBy(e => e.Version)];
    }

    /// <summary>Whether an event simply follows after the facts so far: neither back-dated nor a correction of one of them.</summary>
    public static bool Follows(Recorded e, DateTimeOffset newest, EventTypes types) =>
        e.OccurredAt >= newest && types.CorrectionBy(e.Data) is null;

    private static IReadOnlyList<Recorded> Corrected(IReadOnlyList<Recorded> stream, EventTypes types)
    {
        if (!stream.Any(e => types.CorrectionBy(e.Data) is not null))
        {
            return stream;
        }

        var facts = stream.Select(e => (Recorded?)e).ToList();
        var places = stream.Select((e, place) => (e.EventId, place)).ToDictionary(x => x.EventId, x => x.place);
        foreach (var e in stream)
        {
            if (types.CorrectionBy(e.Data) is { } correction
                && places.TryGetValue(correction.Corrects(e.Data), out var place)
                && facts[place] is { } fact && types.CorrectionBy(fact.Data) is null)
            {
                facts[place] = correction.Restate(fact.Data, e.Data) is { } data
                    ? fact with { Data = data, OccurredAt = correction.OccurredAt(e.Data) ?? fact.OccurredAt }
                    : null;
            }
        }

        return [.. facts.OfType<Recorded>()];
    }

    private static bool IsSorted(IReadOnlyList<Recorded> facts)
    {
        for (var i = 1; i < facts.Count; i++)
        {
            if (facts[i].OccurredAt < facts[i - 1].OccurredAt)
            {
                return false;
            }
        }

        return true;
    }
}
