using System.Text.Json.Serialization;

namespace Crm.Domain.Scoring.Models;

/// <summary>
/// A trained model as data: ln(p / (1 − p)) = intercept + points + one weight for each field, the one of the bin that the lead's value
/// falls into. Weights are against the average lead of the training, decimals of six digits.
/// </summary>
/// <param name="Engine">By which arithmetic it is applied; there is one so far, 1.</param>
/// <param name="Intercept">Log-odds of the average lead.</param>
/// <param name="Points">How far it leans on the points; null where it was trained without.</param>
/// <param name="MissingMarkers">Keys that stand for no value.</param>
/// <param name="TrainedOn">How many examples.</param>
/// <param name="Positives">How many of them converted.</param>
/// <param name="Hash">SHA-256 over its canonical JSON, in small hexadecimal digits: <see cref="ScoreModelHash"/>.</param>
public sealed record ScoreModel(
    int Engine,
    decimal Intercept,
    PointsWeight? Points,
    IReadOnlyList<ScoredField> Fields,
    IReadOnlyList<string> MissingMarkers,
    int TrainedOn,
    int Positives,
    string Hash)
{
    public const string PointsField = "points";

    /// <summary>Whether it is what it was when its hash was made.</summary>
    [JsonIgnore]
    public bool IsIntact => Hash == ScoreModelHash.Of(this);

    /// <param name="row">The value of a field by its name; null where it is not known.</param>
    /// <param name="points">The lead's points, 0 to 100; null counts as those of the average lead.</param>
    public LeadScore Apply(Func<string, object?> row, decimal? points = null)
    {
        List<ScoreReason> reasons = [.. Fields.Select(field => field.Reason(row(field.Name), MissingMarkers))];
        if (Points is not null)
        {
            reasons.Add(Points.Reason(points));
        }

        var logOdds = Intercept + reasons.Sum(reason => reason.LogOdds);
        return new(
            PortableMath.Rounded(PortableMath.Logistic((double)logOdds)),
            logOdds,
            [.. reasons.OrderByDescending(reason => Math.Abs(reason.LogOdds)).ThenBy(reason => reason.Field, StringComparer.Ordinal)]);
    }
}

/// <param name="Weight">Log-odds for one of the points' own: 1 takes the points at their word, 0 not at all.</param>
/// <param name="Mean">Log-odds of the points of the average lead.</param>
public sealed record PointsWeight(decimal Weight, decimal Mean)
{
    internal ScoreReason Reason(decimal? points)
    {
        var away = points is { } known ? PortableMath.Rounded(LogOdds(known)) - Mean : 0;
        return new(ScoreModel.PointsField, BinKind.Points, decimal.Round(Weight * away, 6, MidpointRounding.ToEven));
    }

    /// <summary>Points read as per cent of probability. 0 and 100 would be certainty, and count as 1 and 99.</summary>
    public static double LogOdds(decimal points) => PortableMath.Logit((double)Math.Clamp(points, 1m, 99m) / 100);
}
