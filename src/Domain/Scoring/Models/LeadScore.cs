namespace Crm.Domain.Scoring.Models;

/// <summary>What a model says of one lead.</summary>
/// <param name="Probability">That it converts; from 0 to 1, six digits.</param>
/// <param name="LogOdds">The model's intercept and all reasons added up.</param>
/// <param name="Reasons">One for each field, the farthest from zero first.</param>
public sealed record LeadScore(decimal Probability, decimal LogOdds, IReadOnlyList<ScoreReason> Reasons)
{
    /// <summary>The probability from 0 to 100, two digits.</summary>
    public decimal Score => decimal.Round(100 * Probability, 2, MidpointRounding.ToEven);
}

/// <summary>What one field adds.</summary>
/// <param name="Field">Its name; <see cref="ScoreModel.PointsField"/> for the points.</param>
/// <param name="LogOdds">Against the average lead: above zero speaks for converting.</param>
/// <param name="Value">Of a value: its key.</param>
/// <param name="From">Of a range: its least number; null where it has no lower end.</param>
/// <param name="To">Of a range: the number that it stays below; null where it has no upper end.</param>
public sealed record ScoreReason(
    string Field, BinKind Kind, decimal LogOdds, string? Value = null, decimal? From = null, decimal? To = null);

/// <summary>Which kind of value a lead has there.</summary>
public enum BinKind { Missing, Other, Value, Zero, Range, Points }
