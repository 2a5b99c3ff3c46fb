namespace Crm.Domain.Scoring;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IScoringEvent;

/// <summary>From a moment on leads are scored by this model; the one before it is not used any more.</summary>
public sealed record ScoreModelActivated(Guid Model, DateTimeOffset From, string? Note = null) : IScoringEvent;

/// <summary>From a moment on it scores beside the active model, and nobody acts by it.</summary>
public sealed record ScoreModelShadowed(Guid Model, DateTimeOffset From) : IScoringEvent;

/// <summary>From a moment on it is not used any more, nor later, whatever was to come.</summary>
public sealed record ScoreModelRetired(Guid Model, DateTimeOffset From, string? Reason = null) : IScoringEvent;
