using System.Text.Json.Serialization;
using Crm.Domain.Scoring.Models;

namespace Crm.Api.Scoring;

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
    Guid Id, DateTimeOffset? AsOf, DateTimeOffset? KnownAt, DateTimeOffset Moment, long Position, long PlaybookVersion,
    PointsAnswer? Points, ModelScoreAnswer? Model, ModelScoreAnswer? Shadow, bool ReasonsAreHidden);

/// <param name="Score">From 0 to 100.</param>
/// <param name="Total">What the rules give together, which may lie beyond either end.</param>
/// <param name="Band"><c>high</c>, <c>middle</c> or <c>low</c>; null where the playbook has no bands.</param>
public sealed record PointsAnswer(double Score, double Total, string? Band, IReadOnlyList<PointsReasonAnswer> Reasons);

/// <param name="Key">The rule's.</param>
/// <param name="Points">After fading and cap.</param>
/// <param name="Fields">Those that the rule looks at; none for behaviour.</param>
/// <param name="Count">How often the lead did it; null for fields.</param>
/// <param name="Latest">When it did it last; null for fields.</param>
public sealed record PointsReasonAnswer(
    string Key, string Name, double Points, IReadOnlyList<string> Fields, int? Count, DateTimeOffset? Latest);

/// <param name="Hash">SHA-256 of the model.</param>
/// <param name="Probability">That the lead converts.</param>
/// <param name="Score">The same from 0 to 100.</param>
/// <param name="LogOdds">The average lead's, and all reasons added up.</param>
/// <param name="Average">Log-odds of the average lead.</param>
/// <param name="ReadAt">As of when the lead is read: when it was captured, or some hours after.</param>
/// <param name="Reasons">What each field adds, the farthest from zero first.</param>
public sealed record ModelScoreAnswer(
    Guid ModelId, string Hash, double Probability, double Score, double LogOdds, double Average, DateTimeOffset ReadAt,
    IReadOnlyList<ModelReasonAnswer> Reasons);

/// <param name="Field">Its name; <c>points</c> for the points.</param>
/// <param name="LogOdds">Against the average lead: above zero speaks for converting.</param>
/// <param name="Value">Of a value: in small letters and half width.</param>
/// <param name="From">Of a range: its least number.</param>
/// <param name="To">Of a range: the number that it stays below.</param>
public sealed record ModelReasonAnswer(
    string Field, BinKind Kind, double LogOdds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Value = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? From = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? To = null);
