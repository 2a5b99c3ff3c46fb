namespace Crm.Domain.Warnings.Learning;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IWarningLearningEvent;

/// <summary>Combinations were learned from deals that are closed. Nobody is warned by them yet.</summary>
/// <param name="ModelId">By which they are named together.</param>
/// <param name="Engine">The version of the way in which deals are read and combinations found.</param>
/// <param name="AsOf">Deals were taken as they were then,</param>
/// <param name="KnownAt">as they were known at this position.</param>
/// <param name="AgeDays">Deals are read as they were when they were so old.</param>
/// <param name="SplitAt">Those that were closed from then on judged.</param>
/// <param name="Learning">Those that were learned from.</param>
/// <param name="HeldOut">Those that judged.</param>
/// <param name="LeftAside">Closed deals that were closed before they were so old.</param>
/// <param name="Tested">How many combinations were looked at.</param>
/// <param name="Combinations">Those that were found; those that the later deals bear out first.</param>
public sealed record WarningsLearned(
    Guid ModelId, int Engine, DateTimeOffset AsOf, long KnownAt, int AgeDays, DateTimeOffset SplitAt, LossTally Learning, LossTally HeldOut,
    int LeftAside, int LeastDeals, int LeastLost, int MostTraits, int Tested, IReadOnlyList<LearnedCombination> Combinations)
    : IWarningLearningEvent;

/// <param name="Traits">All of them together.</param>
/// <param name="Learned">Deals that were learned from and show it.</param>
/// <param name="LearnedLift">How many times as often they were lost as all of those.</param>
/// <param name="Chance">How likely that would be if it meant nothing.</param>
/// <param name="HeldOut">Deals that judged and show it.</param>
/// <param name="Lift">How many times as often these were lost as all that judged; 0 where none of all was lost.</param>
/// <param name="LiftFrom">With 95 percent confidence at least so many times,</param>
/// <param name="LiftTo">and at most so many times.</param>
/// <param name="Stands">Whether the deals that judged bear it out; from engine 2 on only where <c>LiftFrom</c> is above 1, too.</param>
public sealed record LearnedCombination(
    IReadOnlyList<DealTrait> Traits, LossTally Learned, decimal LearnedLift, decimal Chance, LossTally HeldOut, decimal Lift,
    decimal LiftFrom, decimal LiftTo, bool Stands);

/// <summary>Somebody has looked at what was learned: people are warned by it from now on, and by no other.</summary>
public sealed record LearnedWarningsAccepted(Guid ModelId, string? Note = null) : IWarningLearningEvent;

/// <summary>Nobody is warned by it any more.</summary>
public sealed record LearnedWarningsRetired(Guid ModelId, string? Reason = null) : IWarningLearningEvent;
