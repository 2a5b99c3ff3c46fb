namespace Crm.EventModel;

/// <summary>
/// The facts of one stream in the order in which everything folds them: by when they happened, then by version, with corrections laid
/// over the facts that they name. What holds from the first counts as having happened with the first of them. Decisions and read models use
/// the same order, so they never disagree about the past.
/// </summary>
public static class FoldOrder
{
    /// <summary>The facts that stand, of the events of one stream given in the order of their versions.</summary>
    public static IReadOnlyList<Recorded> Of(IReadOnlyList<Recorded> stream, EventTypes types)
    {
        var corrected = Corrected(stream, types);
        var dated = FromTheFirst(corrected, types);
        return IsSorted(dated) ? dated : [.. dated.OrderBy(e => e.OccurredAt).ThenBy(e => e.Version)];
    }

    /// <summary>What was said on a stream and not taken back, corrections not yet applied, in the order of versions.</summary>
    public static IReadOnlyList<Recorded> Said(IReadOnlyList<Recorded> stream, EventTypes types)
    {
        var retracted = stream.Where(e => types.IsRetraction(e.Data)).ToList();
        if (retracted.Count == 0)
        {
            return stream;
        }

        var gone = retracted.SelectMany(e => types.CorrectionBy(e.Data)!.Corrects(e.Data).Append(e.EventId)).ToHashSet();
        return [.. stream.Where(e => !gone.Contains(e.EventId))];
    }

    /// <summary>Whether an event simply follows after the facts so far: not back-dated, no correction, and not from the first.</summary>
    public static bool Follows(Recorded e, DateTimeOffset newest, EventTypes types) =>
        e.OccurredAt >= newest && types.CorrectionBy(e.Data) is null && !types.HoldsFromTheFirst(e.Data);

    // What was said of earlier times since may have made another fact the first.
    private static IReadOnlyList<Recorded> FromTheFirst(IReadOnlyList<Recorded> facts, EventTypes types)
    {
        if (!facts.Any(fact => types.HoldsFromTheFirst(fact.Data)))
        {
            return facts;
        }

        var first = facts.Min(fact => fact.OccurredAt);
        return [.. facts.Select(fact => types.HoldsFromTheFirst(fact.Data) ? fact with { OccurredAt = first } : fact)];
    }

    private static IReadOnlyList<Recorded> Corrected(IReadOnlyList<Recorded> stream, EventTypes types)
    {
        if (!stream.Any(e => types.CorrectionBy(e.Data) is not null))
        {
            return stream;
        }

        var said = Said(stream, types);
        var corrections = new Dictionary<Guid, object>();
        foreach (var e in said)
        {
            if (types.CorrectionBy(e.Data) is { } correction)
            {
                var corrected = correction.Corrects(e.Data)[0];
                corrections[corrected] = corrections.TryGetValue(corrected, out var earlier) ? correction.Over(earlier, e.Data) : e.Data;
            }
        }

        return [.. said.Select(fact => corrections.TryGetValue(fact.EventId, out var data) ? Restated(fact, data, types) : fact).OfType<Recorded>()];
    }

    // A correction cannot be corrected; one that names another changes nothing.
    private static Recorded? Restated(Recorded fact, object data, EventTypes types)
    {
        if (types.CorrectionBy(fact.Data) is not null)
        {
            return fact;
        }

        var correction = types.CorrectionBy(data)!;
        return correction.Restate(fact.Data, data) is { } restated
            ? fact with { Data = restated, OccurredAt = correction.OccurredAt(data) ?? fact.OccurredAt }
            : null;
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
