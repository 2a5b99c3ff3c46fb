namespace Crm.Domain.Scoring.Training;

/// <summary>How a model is to be trained. The defaults are for leads in general.</summary>
public sealed record TrainingPlan
{
    /// <summary>Texts that stand for no value, such as <c>Select</c>, in any spelling.</summary>
    public IReadOnlyList<string> MissingMarkers { get; init; } = [];

    /// <summary>Fields that a mapping says are not known when a lead is captured.</summary>
    public IReadOnlyList<string> NotKnownAtCapture { get; init; } = [];

    /// <summary>Fields that a person decided to leave out.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>How many parts are held out in turn to measure the model; at least 2.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>How many parts each choice of settings is made by; at least 2.</summary>
    public int InnerFolds { get; init; } = 3;

    /// <summary>Which leads fall into which part follows from it.</summary>
    public ulong Seed { get; init; } = 20_260_101;

    /// <summary>Strengths of regularisation to choose from, the strongest first; see <see cref="FitSettings"/>.</summary>
    public IReadOnlyList<decimal> Strengths { get; init; } = [10m, 3m, 1m, 0.3m];

    /// <summary>Numbers of bins of a number to choose from, the one to begin with first.</summary>
    public IReadOnlyList<int> Bins { get; init; } = [10, 20];

    /// <summary>How often a value must be there to count by itself, to choose from, the one to begin with first.</summary>
    public IReadOnlyList<int> LeastCounts { get; init; } = [20, 5];

    /// <summary>
    /// Settings are chosen on so many examples at most, drawn by the seed: more of them change the choice little and take long.
    /// </summary>
    public int MostToChooseOn { get; init; } = 20_000;

    /// <exception cref="ArgumentException">There is nothing to choose from, or nothing to hold out.</exception>
    internal void Check()
    {
        if (Folds < 2 || InnerFolds < 2 || Strengths.Count == 0 || Bins.Count == 0 || LeastCounts.Count == 0)
        {
            throw new ArgumentException("A plan has 2 folds or more, and a strength, a number of bins and a least count to choose.");
        }
    }
}

/// <summary>What is chosen by cross-validation.</summary>
/// <param name="Strength">Of the regularisation: a factor on the strengths that the examples suggest for each column.</param>
/// <param name="Bins">How many bins a number has at most, besides those for missing and zero.</param>
/// <param name="LeastCount">How often a value, or a zero, is there at least to have a bin of its own.</param>
public sealed record FitSettings(decimal Strength, int Bins, int LeastCount);

/// <summary>How far a training is.</summary>
/// <param name="Done">Of the steps; rises, and reaches <paramref name="Of"/> at the end.</param>
public sealed record TrainingProgress(int Done, int Of);
