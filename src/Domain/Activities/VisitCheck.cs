using Crm.Domain.Playbooks;

namespace Crm.Domain.Activities;

/// <summary>A visit as a phone tells of it.</summary>
/// <param name="Position">Where the phone was; null where it did not know.</param>
public sealed record VisitTold(
    Guid TouchId, string Rep, string Device, DateTimeOffset At, GeoPoint? Position = null, int? AccuracyMetres = null,
    IReadOnlyList<string>? Ticks = null, IReadOnlyList<string>? Photos = null);

/// <summary>Another visit of the same person.</summary>
public readonly record struct VisitStop(Guid TouchId, DateTimeOffset At, GeoPoint Position, int? AccuracyMetres);

/// <summary>Looks at a visit when it is told: how far it was from where it should have been, and what speaks against it.</summary>
public static class VisitCheck
{
    /// <param name="customer">To whom it was made; null where that is nobody who is a customer yet.</param>
    /// <param name="address">Where that customer is; null where nobody knows.</param>
    /// <param name="others">Visits of the same person that are known.</param>
    /// <param name="photosKnown">Photos of it that served for another visit, and for which.</param>
    /// <param name="now">When it is told.</param>
    public static Visit Of(
        VisitTold told, Guid? customer, GeoPoint? address, IReadOnlyCollection<VisitStop> others,
        IReadOnlyDictionary<string, Guid> photosKnown, VisitsSection rules, DateTimeOffset now)
    {
        // One photo that is named three times is one.
        IReadOnlyList<string> photos = [.. (told.Photos ?? []).Distinct()];
        var distance = told.Position is { } position && address is { } place ? (int?)Math.Round(position.MetresTo(place)) : null;
        List<VisitDoubt> doubts =
        [
            .. Where(told, address, distance, rules), .. TooFast(told, others, rules),
            .. now - told.At > TimeSpan.FromHours(rules.ToldWithinHours) ? [new VisitDoubt(VisitDoubtOf.ToldLate)] : (VisitDoubt[])[],
            .. photos.Where(photosKnown.ContainsKey).Select(photo => photosKnown[photo]).Distinct()
                .Select(other => new VisitDoubt(VisitDoubtOf.PhotoKnown, other)),
            .. photos.Count < rules.Photos ? [new VisitDoubt(VisitDoubtOf.PhotosMissing)] : (VisitDoubt[])[]
        ];
        var isNear = distance is not null && doubts.All(
            doubt => doubt.Of is VisitDoubtOf.ToldLate or VisitDoubtOf.PhotoKnown or VisitDoubtOf.PhotosMissing);
        return new(
            told.Rep, told.Device, isNear, customer, distance, told.AccuracyMetres, doubts.Count > 0 ? doubts : null,
            NullIfEmpty([.. (told.Ticks ?? []).Distinct()]), NullIfEmpty(photos));
    }

    private static IEnumerable<VisitDoubt> Where(VisitTold told, GeoPoint? address, int? distance, VisitsSection rules)
    {
        if (address is null)
        {
            yield return new(VisitDoubtOf.NoAddress);
        }

        if (told.Position is null)
        {
            yield return new(VisitDoubtOf.NoPosition);
        }
        else if (told.AccuracyMetres is null || told.AccuracyMetres > rules.MaximumAccuracyMetres)
        {
            yield return new(VisitDoubtOf.PoorAccuracy);
        }

        if (distance > rules.WithinMetres)
        {
            yield return new(VisitDoubtOf.TooFar);
        }
    }

    // The one before it and the one behind it are enough: whoever is too fast over three is too fast over two of them.
    private static IEnumerable<VisitDoubt> TooFast(VisitTold told, IReadOnlyCollection<VisitStop> others, VisitsSection rules)
    {
        var own = others.Where(other => told.Position is not null && other.TouchId != told.TouchId)
            .OrderBy(other => other.At).ThenBy(other => other.TouchId).ToLookup(other => other.At <= told.At);
        return own[true].TakeLast(1).Concat(own[false].Take(1)).Where(other => IsTooFast(told, other, rules))
            .Select(other => new VisitDoubt(VisitDoubtOf.TooFast, other.TouchId));
    }

    // By how much both may be wrong they may have been closer.
    private static bool IsTooFast(VisitTold told, VisitStop other, VisitsSection rules)
    {
        var metres = told.Position!.Value.MetresTo(other.Position) - (told.AccuracyMetres ?? 0) - (other.AccuracyMetres ?? 0);
        return metres > rules.WithinMetres && metres / 1000 > rules.FastestKmh * (told.At - other.At).Duration().TotalHours;
    }

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> list) => list.Count > 0 ? list : null;
}
