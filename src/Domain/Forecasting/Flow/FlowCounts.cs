namespace Crm.Domain.Forecasting.Flow;

/// <summary>Days at risk and how they ended, by stage and bin of age.</summary>
internal sealed class FlowCounts(int stages, int bins)
{
    private readonly double[,] days = new double[stages, bins];
    private readonly double[,] weights = new double[stages, bins];
    private readonly double[,] values = new double[stages, bins];
    private readonly double[,] won = new double[stages, bins];
    private readonly double[,] lost = new double[stages, bins];
    private readonly double[,,] moved = new double[stages, bins, stages];
    private Leaving[][] rates = [];

    public void AtRisk(int stage, int bin, int count, double weight, double amount)
    {
        days[stage, bin] += count;
        weights[stage, bin] += weight;
        values[stage, bin] += weight * amount;
    }

    public void Left(int stage, int bin, int? to, bool isWon)
    {
        if (to is { } next)
        {
            moved[stage, bin, next]++;
        }
        else
        {
            (isWon ? won : lost)[stage, bin]++;
        }
    }

    public Leaving[][] Rates() => rates = [.. Enumerable.Range(0, stages).Select(stage =>
    {
        var (allDays, allWeights) = (Sum(bin => days[stage, bin]), Sum(bin => weights[stage, bin]));
        var (allWon, allLost) = (Sum(bin => won[stage, bin]), Sum(bin => lost[stage, bin]));
        double[] allMoved = [.. Enumerable.Range(0, stages).Select(to => Sum(bin => moved[stage, bin, to]))];
        return (Leaving[])[.. Enumerable.Range(0, bins).Select(bin =>
        {
            double[] to = [.. Enumerable.Range(0, stages).Select(k => Rate(moved[stage, bin, k], days[stage, bin], allMoved[k], allDays))];
            var loss = Rate(lost[stage, bin], days[stage, bin], allLost, allDays);
            return new Leaving(Rate(won[stage, bin], weights[stage, bin], allWon, allWeights), loss + to.Sum(), to);
        })];
    })];

    /// <summary>What the rates make of the amounts that were at risk.</summary>
    public double Expected()
    {
        var sum = 0d;
        for (var stage = 0; stage < stages; stage++)
        {
            sum += Sum(bin => values[stage, bin] * rates[stage][bin].Won);
        }

        return sum;
    }

    private double Sum(Func<int, double> of)
    {
        var sum = 0d;
        for (var bin = 0; bin < bins; bin++)
        {
            sum += of(bin);
        }

        return sum;
    }

    // As if one event more had been seen, after as long as the stage takes for one at any age.
    private static double Rate(double events, double risk, double allEvents, double allRisk) =>
        allEvents > 0 ? (events + 1) / (risk + allRisk / allEvents) : 0;
}
