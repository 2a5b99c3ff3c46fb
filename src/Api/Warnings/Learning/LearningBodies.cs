using Crm.Api.Http;
using Crm.Api.Imports.Runs;
using Crm.Domain;
using Crm.Domain.Warnings.Learning;

namespace Crm.Api.Warnings.Learning;

/// <param name="AsOf">How deals ended is taken as it was before this moment; left out, as at <c>knownAt</c>, or now.</param>
/// <param name="KnownAt">Only what had been recorded before this moment; left out, all there is.</param>
/// <param name="AgeDays">As of how many days after the opening deals are read; left out, half of what those that are learned from took, in
/// the middle.</param>
/// <param name="HeldOutPercent">How many of the closed deals judge: those that were closed last.</param>
/// <param name="LeastDeals">A combination is looked at when at least so many deals that are learned from show it,</param>
/// <param name="LeastLost">and at least so many of these were lost.</param>
/// <param name="MostTraits">So many traits at most are put together.</param>
public sealed record LearnWarningsRequest(
    Moment? AsOf = null, Moment? KnownAt = null, [Between(1, 1000)] int? AgeDays = null, [Between(10, 60)] int HeldOutPercent = 30,
    [Between(5, 10_000)] int LeastDeals = 20, [Between(1, 10_000)] int LeastLost = 5, [Between(1, 3)] int MostTraits = 2);

/// <param name="Note">What speaks for it, for those who look later.</param>
public sealed record AcceptLearnedWarningsRequest([Text(1000)] string? Note = null);

/// <param name="Reason">Why, for those who look later.</param>
public sealed record RetireLearnedWarningsRequest([Text(1000)] string? Reason = null);

/// <summary>Jobs that learn, the newest first.</summary>
public sealed record LearningJobs(IReadOnlyList<JobAnswer> Items);

/// <summary>What came of a job.</summary>
/// <param name="Found">How many combinations were found.</param>
/// <param name="Stand">How many of them the later deals bear out; where there are none, nothing is to be said.</param>
public sealed record LearningResult(Guid ModelId, int AgeDays, TallyAnswer Learning, TallyAnswer HeldOut, int Tested, int Found, int Stand);

/// <param name="Position">The position that the list shows.</param>
public sealed record LearnedWarningsList(IReadOnlyList<LearnedWarningsAnswer> Items, long Position);

/// <summary>What was learned from closed deals.</summary>
/// <param name="State"><c>learned</c>, <c>accepted</c> or <c>retired</c>.</param>
/// <param name="AsOf">Deals were taken as they were before this moment,</param>
/// <param name="KnownAt">as they were known at this position.</param>
/// <param name="AgeDays">As of how many days after the opening deals were read.</param>
/// <param name="SplitAt">Those that were closed from then on judged.</param>
/// <param name="Learning">Deals that were learned from.</param>
/// <param name="HeldOut">Deals that judged.</param>
/// <param name="LeftAside">Closed deals that were closed before they were so old.</param>
/// <param name="Tested">How many combinations were looked at.</param>
/// <param name="Combinations">Those that were found, those that stand first.</param>
public sealed record LearnedWarningsAnswer(
    Guid Id, string State, DateTimeOffset AsOf, long KnownAt, int AgeDays, DateTimeOffset SplitAt, TallyAnswer Learning,
    TallyAnswer HeldOut, int LeftAside, int Tested, IReadOnlyList<CombinationAnswer> Combinations)
{
    internal static LearnedWarningsAnswer Of(WarningsLearned one, WarningLearning all) => new(
        one.ModelId, all.StateOf(one.ModelId), one.AsOf, one.KnownAt, one.AgeDays, one.SplitAt, TallyAnswer.Of(one.Learning),
        TallyAnswer.Of(one.HeldOut), one.LeftAside, one.Tested, [.. one.Combinations.Select(CombinationAnswer.Of)]);
}

/// <param name="Deals">How many there are.</param>
/// <param name="Lost">How many of them were lost.</param>
public sealed record TallyAnswer(int Deals, int Lost)
{
    internal static TallyAnswer Of(LossTally tally) => new(tally.Deals, tally.Lost);
}

/// <param name="Traits">All of them together.</param>
/// <param name="Learned">Deals that were learned from and show it.</param>
/// <param name="LearnedLift">How many times as often they were lost as all of those. It is too good, since the best were looked
/// for.</param>
/// <param name="Chance">How likely that would be if it meant nothing.</param>
/// <param name="HeldOut">Deals that judged and show it.</param>
/// <param name="Lift">How many times as often these were lost as all that judged.</param>
/// <param name="LiftFrom">With 95 percent confidence at least so many times,</param>
/// <param name="LiftTo">and at most so many times.</param>
/// <param name="Stands">Whether the deals that judged bear it out; by others nobody is warned.</param>
public sealed record CombinationAnswer(
    IReadOnlyList<TraitAnswer> Traits, TallyAnswer Learned, double LearnedLift, double Chance, TallyAnswer HeldOut, double Lift,
    double LiftFrom, double LiftTo, bool Stands)
{
    internal static CombinationAnswer Of(LearnedCombination one) => new(
        [.. one.Traits.Select(TraitAnswer.From)], TallyAnswer.Of(one.Learned), (double)one.LearnedLift, (double)one.Chance,
        TallyAnswer.Of(one.HeldOut), (double)one.Lift, (double)one.LiftFrom, (double)one.LiftTo, one.Stands);
}
