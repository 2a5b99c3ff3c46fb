using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Imports.Runs;
using Crm.Domain;
using Crm.Domain.CustomFields;
using Crm.Domain.Scoring;
using Crm.Domain.Scoring.Leads;

namespace Crm.Api.Scoring;

/// <param name="AsOf">Outcomes are taken as they were before this moment; left out, as at <c>knownAt</c>, or now.</param>
/// <param name="KnownAt">Only what had been recorded before this moment; left out, all there is.</param>
/// <param name="Outcome">What is foretold: that a lead is qualified, or that the opportunity it becomes is won.</param>
/// <param name="MaturityDays">
/// A lead on which nobody has decided counts as one that does not convert once it is so old; younger ones are left aside.
/// </param>
/// <param name="HoursAfterCapture">As of how long after their capture leads are read; above 0 touches by then count, too.</param>
/// <param name="LeaveOut">Fields that are not to be learned from.</param>
/// <param name="MissingMarkers">Texts that stand for no value, such as <c>Select</c>, in any spelling.</param>
public sealed record TrainScoreModelRequest(
    Moment? AsOf = null, Moment? KnownAt = null, ScoreOutcome Outcome = ScoreOutcome.Qualified, [Between(1, 3650)] int MaturityDays = 90,
    [Between(0, 720)] int HoursAfterCapture = 0, [Items(50)] IReadOnlyList<string>? LeaveOut = null,
    [Items(50)] IReadOnlyList<string>? MissingMarkers = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        var columns = LeadReading.ColumnsAfter(HoursAfterCapture);
        if (LeaveOut?.FirstOrDefault(field => !columns.Contains(field) && CustomValues.KeyIn(field) is null) is { } stranger)
        {
            yield return (
                "leaveOut", Code.NotOneOf, $"'{Place.Echo(stranger)}' is not read of leads; there are {string.Join(", ", columns)}.");
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
    Guid ModelId, int Examples, int Positives, int LeftAside, double? RocAuc, double? CalibrationError, IReadOnlyList<string> LeftOut,
    IReadOnlyList<string> ToDecide);

/// <summary>One of several models.</summary>
/// <param name="State">
/// <c>trained</c>: it was never in use; <c>to-come</c>, <c>active</c>, <c>shadow</c>; <c>retired</c>: it is not in use any more.
/// </param>
/// <param name="Examples">How many leads it has learned from.</param>
/// <param name="Positives">How many of them converted.</param>
/// <param name="RocAuc">
/// Of leads that it had not seen: how often one that converted had the higher probability; null with too few to tell.
/// </param>
/// <param name="CalibrationError">Of the same: how far on average what was said is from what happened.</param>
/// <param name="ToDecide">How many fields the leak guard names for a person.</param>
/// <param name="Hash">SHA-256 of the model, by which scores name it.</param>
public sealed record ScoreModelAnswer(
    Guid Id, string State, ScoreOutcome Outcome, int Examples, int Positives, double? RocAuc, double? CalibrationError, int ToDecide,
    string Hash, DateTimeOffset TrainedAt)
{
    internal static ScoreModelAnswer Of(KeptModel kept, ModelsInUse used, DateTimeOffset now)
    {
        var card = kept.Trained.Card;
        return new(
            kept.Id, used.StateOf(kept.Id, now), kept.Trained.Outcome, card.Examples, card.Positives, (double?)card.Together?.RocAuc,
            (double?)card.Together?.CalibrationError, card.Findings.Count(finding => !finding.IsLeftOut), kept.Trained.Model.Hash,
            kept.TrainedAt);
    }
}

/// <param name="Position">The position that the list shows.</param>
public sealed record ScoreModelList(IReadOnlyList<ScoreModelAnswer> Items, long Position);
