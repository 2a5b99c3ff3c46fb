using Crm.Domain.Conditions;

namespace Crm.Domain.Scoring.Points;

/// <summary>
/// What a lead's fields and behaviour are worth, as people set it: how leads are scored before there is a history to learn from.
/// </summary>
/// <param name="Rules">Each with a key of its own; reasons come in this order.</param>
public sealed record PointsModel(IReadOnlyList<PointsRule> Rules)
{
    private const int Digits = 2;

    /// <summary>The score as of a moment.</summary>
    /// <param name="moment">Counts what occurred before it, as everywhere.</param>
    /// <param name="row">The value of a field by its name, as it was then; null where it is not known.</param>
    /// <param name="behaviour">In any order.</param>
    public PointsScore Score(DateTimeOffset moment, Func<string, object?> row, IReadOnlyList<Behaviour> behaviour)
    {
        List<PointsReason> reasons = [.. Rules.Select(rule => Reason(rule, moment, row, behaviour)).OfType<PointsReason>()];
        var total = reasons.Sum(reason => reason.Points);
        return new(Math.Clamp(total, 0m, 100m), total, reasons);
    }

    /// <summary>What is wrong with the rules, a sentence each; a model with faults still scores.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var twice in Rules.GroupBy(rule => rule.Key, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            yield return $"'{twice.Key}' is there twice; each rule has a key of its own.";
        }

        foreach (var rule in Rules.OfType<PointsRule.ForBehaviour>())
        {
            if (rule.HalfLifeDays is <= 0)
            {
                yield return $"The half-life of '{rule.Key}' is {rule.HalfLifeDays} days; it is above 0, or left out for points that stay.";
            }

            if (rule.Cap is <= 0)
            {
                yield return $"The cap of '{rule.Key}' is {rule.Cap}; it is above 0, or left out.";
            }
        }
    }

    private static PointsReason? Reason(
        PointsRule rule, DateTimeOffset moment, Func<string, object?> row, IReadOnlyList<Behaviour> behaviour) => rule switch
        {
            PointsRule.ForFields fields when fields.When.Holds(row) => Reason(fields),
            PointsRule.ForBehaviour kind => Reason(kind, moment, [.. behaviour.Where(seen => seen.Kind == kind.Kind && seen.At < moment)]),
            _ => null
        };

    private static PointsReason Reason(PointsRule.ForFields rule) =>
        new(rule.Key, rule.Label, Rounded(rule.Points)) { Fields = [.. NamesIn(rule.When).Distinct()] };

    private static PointsReason? Reason(PointsRule.ForBehaviour rule, DateTimeOffset moment, IReadOnlyList<Behaviour> seen)
    {
        if (seen.Count == 0)
        {
            return null;
        }

        var points = rule.Points * seen.Sum(one => Left(moment - one.At, rule.HalfLifeDays));
        var capped = rule.Cap is > 0 and var cap ? Math.Clamp(points, -cap, cap) : points;
        return new(rule.Key, rule.Label, Rounded(capped)) { Count = seen.Count, Latest = seen.Max(one => one.At) };
    }

    /// <summary>
    /// What is left of a point: 2^(−age / half-life). Decimals of ten digits, so that their sum does not depend on the order.
    /// </summary>
    private static decimal Left(TimeSpan age, decimal? halfLifeDays) => halfLifeDays is > 0 and var days
        ? PortableMath.Rounded(PortableMath.PowerOfTwo(-(age.Ticks / ((double)days * TimeSpan.TicksPerDay))), digits: 10)
        : 1;

    private static IEnumerable<string> NamesIn(Condition condition) => condition switch
    {
        Condition.All all => all.Parts.SelectMany(NamesIn),
        Condition.Any any => any.Parts.SelectMany(NamesIn),
        Condition.Not not => NamesIn(not.Part),
        Condition.Test test => [test.Field.Name],
        _ => []
    };

    private static decimal Rounded(decimal points) => decimal.Round(points, Digits, MidpointRounding.ToEven);
}
