using System.Globalization;

namespace Crm.Domain.Commitments;

/// <summary>Somebody is to hear of a clash.</summary>
/// <param name="Rep">Whose promise is part of it.</param>
/// <param name="Kind">By which the alert is told.</param>
/// <param name="Key">Of the same key he hears once.</param>
/// <param name="CustomerId">At whom one of his promises is.</param>
/// <param name="Params">What it is told with; nothing of a person is among it.</param>
public sealed record ClashNotice(string Rep, string Kind, string Key, Guid CustomerId, IReadOnlyDictionary<string, string> Params);

/// <summary>Whoever made one of several promises that cannot all be kept hears of it once.</summary>
public static class TellOfClash
{
    public const string OfTerms = "commitment-clash";
    public const string OfPlan = "commitment-beyond-plan";

    /// <param name="cause">The promise that was just made or moved, or the plan that was just made; whoever is part of other clashes heard
    /// of them.</param>
    public static IEnumerable<ClashNotice> React(CommitmentClash clash, Guid cause) => clash switch
    {
        CommitmentClash.OtherTerms(var one, var other, var differs) when one.Id == cause || other.Id == cause =>
            OfBoth(one, other, differs).DistinctBy(notice => notice.Rep),
        CommitmentClash.BeyondPlan beyond when beyond.Plan.Id == cause || beyond.Of.Any(one => one.Id == cause) => OfAll(beyond, cause),
        _ => []
    };

    private static IEnumerable<ClashNotice> OfBoth(StandingPromise one, StandingPromise other, IReadOnlyList<string> differs)
    {
        var key = string.Join(' ', ((Guid[])[one.Id, other.Id]).Order());
        return [Side(one, other), Side(other, one)];

        ClashNotice Side(StandingPromise own, StandingPromise others) =>
            new(own.Rep, OfTerms, key, own.CustomerId, new Dictionary<string, string>
            {
                ["product"] = own.Product,
                ["dueAt"] = Text(own.DueAt),
                ["rep"] = others.Rep,
                ["otherDueAt"] = Text(others.DueAt),
                ["differs"] = string.Join(", ", differs)
            });
    }

    // Whoever promises more on top hears of it again; the others know.
    private static IEnumerable<ClashNotice> OfAll(CommitmentClash.BeyondPlan clash, Guid cause) =>
        clash.Of.Where(one => one.IsOpen).OrderBy(one => one.Id != cause).DistinctBy(one => one.Rep).Select(one => new ClashNotice(
            one.Rep, OfPlan, one.Id == cause ? $"{clash.Plan.Id} {one.Id}" : $"{clash.Plan.Id}", one.CustomerId,
            new Dictionary<string, string>
            {
                ["product"] = clash.Plan.Product,
                ["promised"] = Text(clash.Promised),
                ["planned"] = Text(clash.Plan.Quantity),
                ["startsAt"] = Text(clash.Plan.StartsAt),
                ["endsAt"] = Text(clash.Plan.EndsAt)
            }));

    private static string Text(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(decimal quantity) => quantity.ToString(CultureInfo.InvariantCulture);
}
