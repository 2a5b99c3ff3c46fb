namespace Crm.Domain.Forecasting;

/// <summary>How many of a group came to a stage and were decided, and how many of these were won.</summary>
/// <param name="Level"><c>tenant</c>, <c>pipeline</c>, <c>stage</c>, <c>team</c> or <c>rep</c>.</param>
/// <param name="Odds">The chance that this comes to, to six places, with what is known of the larger group.</param>
public sealed record OddsLevel(string Level, string? Name, long Entered, long Won, decimal Odds);

/// <summary>
/// The chance to win from a stage, learned from opportunities that were decided: won of those that ever were in it. A small group borrows
/// from the larger one that it is part of (tenant, pipeline, stage, team, rep): the mean of a beta distribution whose prior has the mean
/// of the larger group and the weight of <c>pooling</c> opportunities (Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4 and 5.3). A
/// tenant without any begins at one half (Laplace's rule of succession). Pipelines and stages are only filled up to that weight, so that
/// one with enough of its own is what it was: what all of a stage came to is not drawn towards the chance of other stages.
/// </summary>
public sealed class WinOdds
{
    private readonly Dictionary<Group, Tally> tallies = [];
    private readonly Dictionary<Group, IReadOnlyList<OddsLevel>> known = [];
    private readonly int pooling;

    private WinOdds(int pooling) => this.pooling = pooling;

    /// <param name="decided">Those that are won or lost, in any order.</param>
    /// <param name="pooling">The weight of a prior, in opportunities; 0 for groups as they are.</param>
    public static WinOdds Of(IEnumerable<ForecastDeal> decided, int pooling)
    {
        var odds = new WinOdds(pooling);
        foreach (var deal in decided)
        {
            odds.Count(deal);
        }

        return odds;
    }

    /// <summary>From the largest group to the smallest that the deal is part of; the chance is that of the last.</summary>
    public IReadOnlyList<OddsLevel> From(ForecastDeal deal)
    {
        var group = new Group(deal.Pipeline, deal.Stage, deal.Team, deal.Rep);
        if (!known.TryGetValue(group, out var levels))
        {
            known.Add(group, levels = Levels(group));
        }

        return levels;
    }

    private IReadOnlyList<OddsLevel> Levels(Group group)
    {
        var tenant = tallies.GetValueOrDefault(default);
        List<OddsLevel> levels = [new("tenant", null, tenant.Entered, tenant.Won, Round((tenant.Won + 1m) / (tenant.Entered + 2m)))];
        Add("pipeline", group.Pipeline, new(group.Pipeline, null, null, null), isFilled: true);
        if (group.Stage is not null)
            Add("stage", group.Stage, new(group.Pipeline, group.Stage, null, null), isFilled: true);
        if (group is { Stage: not null, Team: not null })
            Add("team", group.Team, group with { Rep = null }, isFilled: false);
        if (group is { Stage: not null, Rep: not null })
            Add("rep", group.Rep, group, isFilled: false);
        return levels;

        void Add(string level, string? name, Group part, bool isFilled)
        {
            var tally = tallies.GetValueOrDefault(part);
            var weight = isFilled ? Math.Max(0, pooling - tally.Entered) : pooling;
            var odds = tally.Entered + weight == 0 ? levels[^1].Odds
                : Round((tally.Won + weight * levels[^1].Odds) / (tally.Entered + weight));
            levels.Add(new(level, name, tally.Entered, tally.Won, odds));
        }
    }

    private void Count(ForecastDeal deal)
    {
        var isWon = deal.Status == ForecastDeal.Won;
        Add(default, isWon);
        Add(new(deal.Pipeline, null, null, null), isWon);
        foreach (var stage in deal.StaysWithLast().Select(stay => stay.Stage).Distinct())
        {
            Add(new(deal.Pipeline, stage, null, null), isWon);
            if (deal.Team is not null)
                Add(new(deal.Pipeline, stage, deal.Team, null), isWon);
            if (deal.Rep is not null)
                Add(new(deal.Pipeline, stage, deal.Team, deal.Rep), isWon);
        }
    }

    private void Add(Group group, bool isWon)
    {
        var tally = tallies.GetValueOrDefault(group);
        tallies[group] = new(tally.Entered + 1, tally.Won + (isWon ? 1 : 0));
    }

    private static decimal Round(decimal odds) => decimal.Round(odds, 6, MidpointRounding.ToEven);

    private readonly record struct Group(string? Pipeline, string? Stage, string? Team, string? Rep);

    private readonly record struct Tally(long Entered, long Won);
}
