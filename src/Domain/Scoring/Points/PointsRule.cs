using Crm.Domain.Conditions;

namespace Crm.Domain.Scoring.Points;

/// <param name="Key">Stable: reasons and figures name it.</param>
/// <param name="Label">For people.</param>
/// <param name="Points">May be below zero.</param>
public abstract record PointsRule(string Key, string Label, decimal Points)
{
    /// <summary>Points for what is known of a lead: once, while the condition holds.</summary>
    public sealed record ForFields(string Key, string Label, decimal Points, Condition When) : PointsRule(Key, Label, Points);

    /// <summary>Points for each time that somebody did something; they fade.</summary>
    /// <param name="Kind">Such as <c>form-fill</c>, <c>download</c>, <c>page-dwell</c>, <c>mail-open</c>.</param>
    /// <param name="Cap">How far from zero the points of all times together go; null for any.</param>
    /// <param name="HalfLifeDays">After so many days a point is worth half; null for points that stay.</param>
    public sealed record ForBehaviour(
        string Key, string Label, decimal Points, string Kind, decimal? Cap = null, decimal? HalfLifeDays = null)
        : PointsRule(Key, Label, Points);
}
