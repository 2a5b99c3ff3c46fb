namespace Crm.Domain.Scoring;

public interface IScoringCommand;

/// <param name="From">Null for now.</param>
public sealed record ActivateScoreModel(Guid Model, DateTimeOffset Now, DateTimeOffset? From = null, string? Note = null) : IScoringCommand;

public sealed record ShadowScoreModel(Guid Model, DateTimeOffset Now) : IScoringCommand;
public sealed record RetireScoreModel(Guid Model, DateTimeOffset Now, string? Reason = null) : IScoringCommand;

/// <summary>Which model leads are scored by. Whoever asks knows that the model is there.</summary>
public static class ScoringDecider
{
    public static readonly Decider<ModelsInUse, IScoringCommand, IScoringEvent> Instance =
        new("scoring", ModelsInUse.None, Decide, ModelsInUse.Evolve);

    public static IReadOnlyList<IScoringEvent> Decide(ModelsInUse state, IScoringCommand command) => command switch
    {
        ActivateScoreModel c when c.From < c.Now => throw Rejection.BrokenRule(
            "score.from-past", "A model is active from now on or later: what was scored was scored by the model of its time.", "from"),
        ActivateScoreModel c when state.At(c.From ?? c.Now).Active == c.Model => [],
        ActivateScoreModel c => [new ScoreModelActivated(c.Model, c.From ?? c.Now, c.Note)],
        ShadowScoreModel c => state.At(c.Now).Shadow == c.Model ? [] : [new ScoreModelShadowed(c.Model, c.Now)],
        RetireScoreModel c => state.StateOf(c.Model, c.Now) == "retired" ? [] : [new ScoreModelRetired(c.Model, c.Now, c.Reason)],
        _ => []
    };
}
