namespace Crm.Domain.Scoring.Points;

/// <summary>Something that a lead did.</summary>
/// <param name="Kind">As rules name it.</param>
public sealed record Behaviour(string Kind, DateTimeOffset At);

/// <param name="Score">From 0 to 100.</param>
/// <param name="Total">What the reasons add up to, which may lie beyond either end.</param>
/// <param name="Reasons">One for each rule that gave points, in the order of the rules.</param>
public sealed record PointsScore(decimal Score, decimal Total, IReadOnlyList<PointsReason> Reasons);

/// <summary>Why there are points.</summary>
/// <param name="Points">After fading and cap, rounded half-even to two digits.</param>
public sealed record PointsReason(string Key, string Label, decimal Points)
{
    /// <summary>The fields that were looked at; none for behaviour.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>How often it was done; null for fields.</summary>
    public int? Count { get; init; }

    /// <summary>When it was done last; null for fields.</summary>
    public DateTimeOffset? Latest { get; init; }
}
