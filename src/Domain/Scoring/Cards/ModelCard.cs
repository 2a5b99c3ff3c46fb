using Crm.Domain.Scoring.Leaks;
using Crm.Domain.Scoring.Training;

namespace Crm.Domain.Scoring.Cards;

/// <summary>How a model was made, and how well one made the same way does on examples that it has not seen.</summary>
/// <param name="Examples">How many the model learned from.</param>
/// <param name="Positives">How many of them converted.</param>
/// <param name="Together">Of the predictions of all held-out parts; null where there were too few examples to hold any out.</param>
/// <param name="Folds">Of each part.</param>
/// <param name="Reliability">What was said and what became of it, from the least probable to the most; of all parts together.</param>
/// <param name="Settings">With which the model was fitted.</param>
/// <param name="Calibration">How it was recalibrated; null where it was not.</param>
/// <param name="Used">The fields that it reads.</param>
/// <param name="Left">Those that it does not, and why.</param>
/// <param name="Findings">What the leak guard found; a person decides on what was not left out.</param>
public sealed record ModelCard(
    int Examples,
    int Positives,
    Figures? Together,
    IReadOnlyList<FoldCard> Folds,
    IReadOnlyList<ReliabilityBin> Reliability,
    FitSettings Settings,
    Recalibration? Calibration,
    IReadOnlyList<string> Used,
    IReadOnlyList<ColumnLeft> Left,
    IReadOnlyList<LeakFinding> Findings);

/// <summary>One part that was held out, and what was chosen on the others.</summary>
public sealed record FoldCard(Figures Figures, FitSettings Settings, Recalibration? Calibration);

/// <summary>A field that is not read.</summary>
/// <param name="Says">Why, with figures, in English.</param>
public sealed record ColumnLeft(string Field, LeftReason Reason, string Says);

public enum LeftReason { NotKnownAtCapture, LeftOutByPerson, Late, SingleValue, LikeAnId }
