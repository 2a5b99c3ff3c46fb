using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Leads;
using Crm.Domain.Scoring.Models;

namespace Crm.Domain.Scoring;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IScoreModelEvent;

/// <summary>A model has learned from leads whose outcome is known; nothing goes by it yet.</summary>
/// <param name="Card">How good it is, from how many leads, and what the leak guard found.</param>
/// <param name="AsOf">Outcomes were taken as they were then,</param>
/// <param name="KnownAt">as they were known at this position.</param>
/// <param name="MaturityDays">A lead on which nobody had decided counted as one that did not convert once it was so old.</param>
/// <param name="HoursAfterCapture">As of how long after their capture leads are read.</param>
/// <param name="LeftAside">How many leads were left out: too young, decided on before they are read, or part of another.</param>
public sealed record ScoreModelTrained(
    ScoreModel Model,
    ModelCard Card,
    ScoreOutcome Outcome,
    DateTimeOffset AsOf,
    long KnownAt,
    int MaturityDays,
    int HoursAfterCapture,
    int LeftAside) : IScoreModelEvent;
