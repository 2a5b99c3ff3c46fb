using Crm.Domain.Playbooks;
using Crm.Domain.Scoring.Points;

namespace Crm.Domain.Scoring.Leads;

/// <summary>
/// When points that fade will have brought a lead into another band, if nothing happens to it. What a rule gave goes towards nothing and
/// never back, so over a span of time the points are no more than what falling rules give at its beginning and rising ones at its end,
/// and no less than the other way round: spans that lie in one band are left out, and the others halved.
/// </summary>
public sealed class BandCrossing
{
    // It is looked for to within that.
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(1);

    // After so many half-lives of the slowest nothing is left of any points: they are given to two digits.
    private const int MostHalfLives = 40;

    // Points that stay close to a bound for long are looked at again after a while.
    private const int MostAsked = 400;
    private static readonly TimeSpan While = TimeSpan.FromMinutes(1);

    private readonly ScoreBandsSection bands;
    private readonly Func<DateTimeOffset, (decimal Falling, decimal Rising)> points;
    private readonly Dictionary<DateTimeOffset, (decimal Falling, decimal Rising)> known = [];
    private readonly string band;

    private BandCrossing(ScoreBandsSection bands, string band, Func<DateTimeOffset, (decimal Falling, decimal Rising)> points) =>
        (this.bands, this.band, this.points) = (bands, band, points);

    /// <param name="row">The value of a field by its name.</param>
    /// <returns>A moment by which it is to be looked at, at most a second late, and early where that is hard to tell; null where it never
    /// will be in another.</returns>
    public static DateTimeOffset? After(
        DateTimeOffset now, PointsModel model, ScoreBandsSection bands, Func<string, object?> row, IReadOnlyList<Behaviour> behaviour)
    {
        var seen = behaviour.Select(one => one.Kind).ToHashSet(StringComparer.Ordinal);
        var fading = model.Rules.OfType<PointsRule.ForBehaviour>().Where(rule => rule.HalfLifeDays is > 0 && seen.Contains(rule.Kind))
            .ToList();

        // What is dated ahead counts from then on.
        var ahead = behaviour.Where(one => one.At >= now).Select(one => (DateTimeOffset?)one.At.AddTicks(1)).Min();
        if (fading.Count == 0)
        {
            return ahead;
        }

        var rising = fading.Where(rule => rule.Points < 0).Select(rule => rule.Key).ToHashSet(StringComparer.Ordinal);
        var crossing = new BandCrossing(bands, LeadPoints.BandOf(bands, model.Score(now, row, behaviour).Score)!, moment =>
        {
            var reasons = model.Score(moment, row, behaviour).Reasons
                .ToLookup(reason => rising.Contains(reason.Key), reason => reason.Points);
            return (reasons[false].Sum(), reasons[true].Sum());
        });
        var end = ahead ?? now + (TimeSpan.FromDays((double)Math.Min(fading.Max(rule => rule.HalfLifeDays!.Value), 3650)) * MostHalfLives);
        return crossing.Earliest(now, end) is not { } found ? ahead
            : crossing.known.Count > MostAsked && found < now + While ? now + While : found;
    }

    private DateTimeOffset? Earliest(DateTimeOffset from, DateTimeOffset to)
    {
        var ((falling, rising), (fallen, risen)) = (At(from), At(to));
        if (Band(fallen + rising) == band && Band(falling + risen) == band)
        {
            return null;
        }

        if (to - from <= Grain || known.Count > MostAsked)
        {
            return known.Count > MostAsked || Band(fallen + risen) != band ? to : null;
        }

        var middle = from + ((to - from) / 2);
        return Earliest(from, middle) ?? Earliest(middle, to);
    }

    private string Band(decimal total) => LeadPoints.BandOf(bands, Math.Clamp(total, 0m, 100m))!;

    private (decimal Falling, decimal Rising) At(DateTimeOffset moment)
    {
        if (!known.TryGetValue(moment, out var there))
        {
            known.Add(moment, there = points(moment));
        }

        return there;
    }
}
