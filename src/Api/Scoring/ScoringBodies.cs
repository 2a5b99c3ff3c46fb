using System.Text.Json.Serialization;
using Crm.Api.Http;
using Crm.Api.Imports.Runs;
using Crm.Domain;
using Crm.Domain.Scoring;
using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Leads;
using Crm.Domain.Scoring.Leaks;
using Crm.Domain.Scoring.Training;

namespace Crm.Api.Scoring;

/// <param name="AsOf">Outcomes are taken as they were before this moment; left out, as at <c>knownAt</c>, or now.</param>
/// <param name="KnownAt">Only what had been recorded before this moment; left out, all there is.</param>
/// <param name="Outcome">What is foretold: that a lead is qualified, or that the opportunity it becomes is won.</param>
/// <param name="MaturityDays">A lead on which nobody has decided counts as one that does not convert once it is so old; younger ones are left aside.</param>
/// <param name="HoursAfterCapture">As of how long after their capture leads are read; above 0 touches by then count, too.</param>
/// <param name="LeaveOut">Fields that are not to be learned from.</param>
/// <param name="MissingMarkers">Texts that stand for no value, such as <c>Select</c>, in any spelling.</param>
public sealed record TrainScoreModelRequest(
    Moment? AsOf = null, Moment? KnownAt = null, ScoreOutcome Outcome = ScoreOutcome.Qualified, [Between(1, 3650)] int MaturityDays = 90,
    [Between(0, 720)] int HoursAfterCapture = 0, [Items(50)] IReadOnlyList<string>? LeaveOut = null, [Items(50)] IReadOnlyList<string>? MissingMarkers = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        var columns = LeadReading.ColumnsAfter(HoursAfterCapture);
        if (LeaveOut?.FirstOrDefault(field => !columns.Contains(field)) is { } stranger)
        {
            yield return ("leaveOut", Code.NotOneOf, $"'{Http.Shapes.Place.Echo(stranger)}' is not read of leads; there are {string.Join(", ", columns)}.");
        }
    }
}

/// <param name="From">When it is active, now or later; left out, now.</param>
/// <param name="Note">What speaks for it, for those who look later.</param>
public sealed record ActivateScoreModelRequest(DateTimeOffset? From = null, [Text(1000)] string? Note = null);

public sealed record ShadowScoreModelRequest;

/// <param name="Reason">Why, for those who look later.</param>
public sealed record RetireScoreModelRequest([Text(1000)] string? Reason = null);

/// <summary>Trainings that were asked for, the newest first.</summary>
public sealed record TrainingList(IReadOnlyList<JobAnswer> Items);

/// <summary>What came of a training.</summary>
/// <param name="LeftOut">Fields that the leak guard left out.</param>
/// <param name="ToDecide">Fields that it names for a person.</param>
public sealed record TrainingResult(
    Guid ModelId, int Examples, int Positives, int LeftAside, double? RocAuc, double? CalibrationError, IReadOnlyList<string> LeftOut, IReadOnlyList<string> ToDecide);

/// <summary>One of several models.</summary>
/// <param name="State"><c>trained</c>: it was never in use; <c>to-come</c>, <c>active</c>, <c>shadow</c>; <c>retired</c>: it is not in use any more.</param>
/// <param name="Examples">How many leads it has learned from.</param>
/// <param name="Positives">How many of them converted.</param>
/// <param name="RocAuc">Of leads that it had not seen: how often one that converted had the higher probability; null with too few to tell.</param>
/// <param name="CalibrationError">Of the same: how far on average what was said is from what happened.</param>
/// <param name="ToDecide">How many fields the leak guard names for a person.</param>
/// <param name="Hash">SHA-256 of the model, by which scores name it.</param>
public sealed record ScoreModelAnswer(
    Guid Id, string State, ScoreOutcome Outcome, int Examples, int Positives, double? RocAuc, double? CalibrationError, int ToDecide, string Hash, DateTimeOffset TrainedAt)
{
    internal static ScoreModelAnswer Of(KeptModel kept, ModelsInUse used, DateTimeOffset now) => new(
        kept.Id, used.StateOf(kept.Id, now), kept.Trained.Outcome, kept.Trained.Card.Examples, kept.Trained.Card.Positives, (double?)kept.Trained.Card.Together?.RocAuc,
        (double?)kept.Trained.Card.Together?.CalibrationError, kept.Trained.Card.Findings.Count(finding => !finding.IsLeftOut), kept.Trained.Model.Hash, kept.TrainedAt);
}

/// <param name="Position">The position that the list shows.</param>
public sealed record ScoreModelList(IReadOnlyList<ScoreModelAnswer> Items, long Position);

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
/// <param name="ToDecide">Fields that seem to know the outcome and are read: a person decides whether that is right, and trains without them where it is not.</param>
public sealed record ScoreModelCardAnswer(
    Guid Id, string State, ScoreOutcome Outcome, DateTimeOffset TrainedAt, string Hash, DateTimeOffset AsOf, long KnownAt, int MaturityDays, int HoursAfterCapture,
    int Examples, int Positives, int LeftAside, FiguresAnswer? Together, IReadOnlyList<FoldAnswer> Folds, IReadOnlyList<ReliabilityAnswer> Reliability,
    SettingsAnswer Settings, CalibrationAnswer? Calibration, IReadOnlyList<string> Used, IReadOnlyList<FieldLeft> Left, IReadOnlyList<FindingAnswer> ToDecide)
{
    internal static ScoreModelCardAnswer Of(KeptModel kept, ModelsInUse used, DateTimeOffset now)
    {
        var (trained, card) = (kept.Trained, kept.Trained.Card);
        return new(
            kept.Id, used.StateOf(kept.Id, now), trained.Outcome, kept.TrainedAt, trained.Model.Hash, trained.AsOf, trained.KnownAt, trained.MaturityDays,
            trained.HoursAfterCapture, card.Examples, card.Positives, trained.LeftAside, FiguresAnswer.Of(card.Together),
            [.. card.Folds.Select(fold => new FoldAnswer(FiguresAnswer.Of(fold.Figures)!, SettingsAnswer.Of(fold.Settings), CalibrationAnswer.Of(fold.Calibration)))],
            [.. card.Reliability.Select(bin => new ReliabilityAnswer(bin.Examples, (double)bin.Said, (double)bin.Happened))],
            SettingsAnswer.Of(card.Settings), CalibrationAnswer.Of(card.Calibration), card.Used, [.. card.Left.Select(left => new FieldLeft(left.Field, left.Reason, left.Says))],
            [.. card.Findings.Where(finding => !finding.IsLeftOut).Select(finding => new FindingAnswer(finding.Field, finding.Kind, finding.Leads, (double)finding.Figure, finding.Says))]);
    }
}

/// <summary>How good probabilities were.</summary>
/// <param name="RocAuc">How often a lead that converted had a higher probability than one that did not; equal ones count half. Null with one outcome only.</param>
/// <param name="Brier">The mean square of probability − outcome.</param>
/// <param name="LogLoss">The mean of −ln of the probability of what happened.</param>
/// <param name="CalibrationError">The mean distance of what was said and what happened, over ten parts of equal count.</param>
public sealed record FiguresAnswer(int Examples, int Positives, double? RocAuc, double Brier, double LogLoss, double CalibrationError)
{
    internal static FiguresAnswer? Of(Figures? figures) => figures is null ? null : new(
        figures.Examples, figures.Positives, (double?)figures.RocAuc, (double)figures.Brier, (double)figures.LogLoss, (double)figures.CalibrationError);
}

/// <summary>One part that was held out, and what was chosen on the others.</summary>
public sealed record FoldAnswer(FiguresAnswer Figures, SettingsAnswer Settings, CalibrationAnswer? Calibration);

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
    internal static CalibrationAnswer? Of(Recalibration? calibration) => calibration is null ? null : new((double)calibration.Intercept, (double)calibration.Slope);
}

/// <param name="Says">Why, with figures, in English.</param>
public sealed record FieldLeft(string Field, LeftReason Reason, string Says);

/// <param name="Leads">How many leads it is about.</param>
/// <param name="Figure">Of late fields the share of leads in which they were late; of one that says much alone its ROC-AUC; otherwise the share that converted.</param>
/// <param name="Says">In English, with the figures.</param>
public sealed record FindingAnswer(string Field, LeakKind Kind, int Leads, double Figure, string Says);

/// <summary>How a lead is scored at a moment, and why.</summary>
/// <param name="AsOf">As it was asked for.</param>
/// <param name="KnownAt">As it was asked for.</param>
/// <param name="Moment">As of when it is scored: points fade.</param>
/// <param name="Position">What was known at this position.</param>
/// <param name="PlaybookVersion">The rules that were in force; 0 is what ships.</param>
/// <param name="Points">Null where the playbook gives none.</param>
/// <param name="Model">By the active model; null where there is none.</param>
/// <param name="Shadow">By the shadow model, which nobody acts by.</param>
/// <param name="ReasonsAreHidden">Some reasons rest on fields that are hidden from the caller, and are left out.</param>
public sealed record LeadScoreAnswer(
    Guid Id, DateTimeOffset? AsOf, DateTimeOffset? KnownAt, DateTimeOffset Moment, long Position, long PlaybookVersion, PointsAnswer? Points, ModelScoreAnswer? Model,
    ModelScoreAnswer? Shadow, bool ReasonsAreHidden);

/// <param name="Score">From 0 to 100.</param>
/// <param name="Total">What the rules give together, which may lie beyond either end.</param>
/// <param name="Band"><c>high</c>, <c>middle</c> or <c>low</c>; null where the playbook has no bands.</param>
public sealed record PointsAnswer(double Score, double Total, string? Band, IReadOnlyList<PointsReasonAnswer> Reasons);

/// <param name="Key">The rule's.</param>
/// <param name="Points">After fading and cap.</param>
/// <param name="Fields">Those that the rule looks at; none for behaviour.</param>
/// <param name="Count">How often the lead did it; null for fields.</param>
/// <param name="Latest">When it did it last; null for fields.</param>
public sealed record PointsReasonAnswer(string Key, string Name, double Points, IReadOnlyList<string> Fields, int? Count, DateTimeOffset? Latest);

/// <param name="Hash">SHA-256 of the model.</param>
/// <param name="Probability">That the lead converts.</param>
/// <param name="Score">The same from 0 to 100.</param>
/// <param name="LogOdds">The average lead's, and all reasons added up.</param>
/// <param name="Average">Log-odds of the average lead.</param>
/// <param name="ReadAt">As of when the lead is read: when it was captured, or some hours after.</param>
/// <param name="Reasons">What each field adds, the farthest from zero first.</param>
public sealed record ModelScoreAnswer(
    Guid ModelId, string Hash, double Probability, double Score, double LogOdds, double Average, DateTimeOffset ReadAt, IReadOnlyList<ModelReasonAnswer> Reasons);

/// <param name="Field">Its name; <c>points</c> for the points.</param>
/// <param name="LogOdds">Against the average lead: above zero speaks for converting.</param>
/// <param name="Value">Of a value: in small letters and half width.</param>
/// <param name="From">Of a range: its least number.</param>
/// <param name="To">Of a range: the number that it stays below.</param>
public sealed record ModelReasonAnswer(
    string Field, Domain.Scoring.Models.BinKind Kind, double LogOdds, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Value = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? From = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? To = null);
