using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Scoring.Points;

namespace Crm.Domain.Scoring.Leads;

/// <summary>
/// A lead as a model reads it: as it was known when it was captured, or some hours after. Whatever sales writes later neither teaches a
/// model nor moves what it says.
/// </summary>
public sealed class LeadReading
{
    private const string Touches = "touches.";

    private static readonly IReadOnlyDictionary<string, TouchKind> TouchColumns =
        Enum.GetValues<TouchKind>().ToDictionary(kind => Touches + LeadBehaviour.KindOf(kind));

    private readonly Func<string, object?> row;
    private readonly IReadOnlyList<LeadFact> facts;

    private LeadReading(IReadOnlyList<LeadFact> facts, DateTimeOffset capturedAt, DateTimeOffset at)
    {
        (this.facts, CapturedAt, At) = (facts, capturedAt, at);
        row = LeadFields.RowOf(facts.Select(fact => fact.Event).Aggregate(Lead.None, Lead.Evolve));
    }

    /// <summary>Fields that are read of every lead. None holds what is known of a person, only whether it is.</summary>
    public static IReadOnlyList<string> Fields { get; } =
        ["source", "region", "industry", "sizeBand", "employees", "campaign", "product", "role", "hasEmail", "hasPhone", "captures"];

    /// <summary>What is read of leads so many hours after their capture: of later ones the touches by then, too, by kind.</summary>
    public static IReadOnlyList<string> ColumnsAfter(int hours) => hours == 0 ? Fields : [.. Fields, .. TouchColumns.Keys];

    public DateTimeOffset CapturedAt { get; }

    /// <summary>As of when it is read.</summary>
    public DateTimeOffset At { get; }

    /// <param name="facts">All that occurred, as far as it is to be known.</param>
    /// <returns>Null where it was not captured.</returns>
    public static LeadReading? Of(IReadOnlyList<LeadFact> facts, int hoursAfter)
    {
        if (facts.FirstOrDefault(fact => fact.Event is LeadCaptured) is not { Event: not null } capture)
        {
            return null;
        }

        var at = capture.At.AddHours(hoursAfter);
        return new([.. facts.Where(fact => fact.At <= at)], capture.At, at);
    }

    /// <summary>The value of a column; null where nothing is known.</summary>
    public object? this[string column] => TouchColumns.TryGetValue(column, out var kind)
        ? (decimal)facts.Count(fact => fact.Event is LeadTouched touch && touch.Kind == kind)
        : row(column);

    /// <summary>What the points were then. What occurred at that very moment, as a capture did, is part of it.</summary>
    public decimal Points(PointsModel model) => model.Score(At.AddMicroseconds(1), row, LeadBehaviour.Of(facts)).Score;
}
