using Crm.Domain.Scoring;
using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Leads;
using Crm.Domain.Scoring.Leaks;
using Crm.Domain.Scoring.Training;

namespace Crm.Api.Scoring;

/// <summary>A model with its card: how it was made, and how well one made the same way does on leads that it has not seen.</summary>
/// <param name="AsOf">Outcomes were taken as they were before this moment,</param>
/// <param name="KnownAt">as they were known at this position.</param>
/// <param name="LeftAside">Leads that taught nothing: too young, decided on before they are read, or part of another.</param>
/// <param name="Together">Of all held-out parts; null where there were too few leads to hold any out.</param>
/// <param name="Folds">Of each part.</param>
/// <param name="Reliability">What was said and what became of it, from the least probable to the most.</param>
/// <param name="Settings">With which the model was fitted.</param>
/// <param name="Calibration">How it was recalibrated; null where it was not.</param>
/// <param name="Used">The fields that it reads.</param>
/// <param name="Left">Those that it does not, and why.</param>
/// <param name="ToDecide">
/// Fields that seem to know the outcome and are read: a person decides whether that is right, and trains without them where it is not.
/// </param>
public sealed record ScoreModelCardAnswer(
    Guid Id, string State, ScoreOutcome Outcome, DateTimeOffset TrainedAt, string Hash, DateTimeOffset AsOf, long KnownAt, int MaturityDays,
    int HoursAfterCapture, int Examples, int Positives, int LeftAside, FiguresAnswer? Together, IReadOnlyList<FoldAnswer> Folds,
    IReadOnlyList<ReliabilityAnswer> Reliability, SettingsAnswer Settings, CalibrationAnswer? Calibration, IReadOnlyList<string> Used,
    IReadOnlyList<FieldLeft> Left, IReadOnlyList<FindingAnswer> ToDecide)
{
    internal static ScoreModelCardAnswer Of(KeptModel kept, ModelsInUse used, DateTimeOffset now)
    {
        var (trained, card) = (kept.Trained, kept.Trained.Card);
        return new(
            kept.Id, used.StateOf(kept.Id, now), trained.Outcome, kept.TrainedAt, trained.Model.Hash, trained.AsOf, trained.KnownAt,
            trained.MaturityDays, trained.HoursAfterCapture, card.Examples, card.Positives, trained.LeftAside,
            FiguresAnswer.Of(card.Together),
            [.. card.Folds.Select(FoldAnswer.Of)],
            [.. card.Reliability.Select(bin => new ReliabilityAnswer(bin.Examples, (double)bin.Said, (double)bin.Happened))],
            SettingsAnswer.Of(card.Settings), CalibrationAnswer.Of(card.Calibration), card.Used,
            [.. card.Left.Select(left => new FieldLeft(left.Field, left.Reason, left.Says))],
            [.. card.Findings.Where(finding => !finding.IsLeftOut).Select(FindingAnswer.Of)]);
    }
}

/// <summary>How good probabilities were.</summary>
/// <param name="RocAuc">
/// How often a lead that converted had a higher probability than one that did not; equal ones count half. Null with one outcome only.
/// </param>
/// <param name="Brier">The mean square of probability − outcome.</param>
/// <param name="LogLoss">The mean of −ln of the probability of what happened.</param>
/// <param name="CalibrationError">The mean distance of what was said and what happened, over ten parts of equal count.</param>
public sealed record FiguresAnswer(int Examples, int Positives, double? RocAuc, double Brier, double LogLoss, double CalibrationError)
{
    internal static FiguresAnswer? Of(Figures? figures) => figures is null ? null : new(
        figures.Examples, figures.Positives, (double?)figures.RocAuc, (double)figures.Brier, (double)figures.LogLoss,
        (double)figures.CalibrationError);
}

/// <summary>One part that was held out, and what was chosen on the others.</summary>
public sealed record FoldAnswer(FiguresAnswer Figures, SettingsAnswer Settings, CalibrationAnswer? Calibration)
{
    internal static FoldAnswer Of(FoldCard fold) =>
        new(FiguresAnswer.Of(fold.Figures)!, SettingsAnswer.Of(fold.Settings), CalibrationAnswer.Of(fold.Calibration));
}

/// <param name="Said">Their mean probability.</param>
/// <param name="Happened">The share of them that converted.</param>
public sealed record ReliabilityAnswer(int Examples, double Said, double Happened);

/// <param name="Strength">Of the regularisation: a factor on what the leads themselves suggest.</param>
/// <param name="Bins">How many bins a number has at most.</param>
/// <param name="LeastCount">How often a value is there at least to count by itself.</param>
public sealed record SettingsAnswer(double Strength, int Bins, int LeastCount)
{
    internal static SettingsAnswer Of(FitSettings settings) => new((double)settings.Strength, settings.Bins, settings.LeastCount);
}

/// <summary>Log-odds as they should have been: intercept + slope · log-odds.</summary>
public sealed record CalibrationAnswer(double Intercept, double Slope)
{
    internal static CalibrationAnswer? Of(Recalibration? calibration) =>
        calibration is null ? null : new((double)calibration.Intercept, (double)calibration.Slope);
}

/// <param name="Says">Why, with figures, in English.</param>
public sealed record FieldLeft(string Field, LeftReason Reason, string Says);

/// <param name="Leads">How many leads it is about.</param>
/// <param name="Figure">
/// Of late fields the share of leads in which they were late; of one that says much alone its ROC-AUC; otherwise the share that converted.
/// </param>
/// <param name="Says">In English, with the figures.</param>
public sealed record FindingAnswer(string Field, LeakKind Kind, int Leads, double Figure, string Says)
{
    internal static FindingAnswer Of(LeakFinding finding) =>
        new(finding.Field, finding.Kind, finding.Leads, (double)finding.Figure, finding.Says);
}
