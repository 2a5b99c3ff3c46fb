namespace Crm.Domain.Scoring;

public interface IScoreModelCommand;

public sealed record KeepScoreModel(ScoreModelTrained Trained) : IScoreModelCommand;

/// <summary>A model, once it is trained; it never changes.</summary>
public sealed record TrainedScoreModel(ScoreModelTrained? Trained)
{
    public static readonly TrainedScoreModel None = new((ScoreModelTrained?)null);

    public static TrainedScoreModel Evolve(TrainedScoreModel state, IScoreModelEvent @event) =>
        @event is ScoreModelTrained e ? new(e) : state;
}

/// <summary>A training that is begun again keeps no second model.</summary>
public static class ScoreModelDecider
{
    public static readonly Decider<TrainedScoreModel, IScoreModelCommand, IScoreModelEvent> Instance =
        new("score_model", TrainedScoreModel.None, Decide, TrainedScoreModel.Evolve);

    public static IReadOnlyList<IScoreModelEvent> Decide(TrainedScoreModel state, IScoreModelCommand command) =>
        state.Trained is null && command is KeepScoreModel c ? [c.Trained] : [];
}
