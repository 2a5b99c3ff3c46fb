namespace Crm.Domain.Forecasting.Flow;

/// <summary>
/// What today's open opportunities yield by their stage and how long they have been in it, and what those yield that are not yet there but
/// are won inside the span. Value wanders day by day from stage to stage: a semi-Markov chain with competing risks.
/// </summary>
internal sealed class FlowModel(Look look)
{
    private const int Recent = 91;

    /// <summary>Both together; null where nothing was ever won.</summary>
    public double? Foretell(DayWeights weights)
    {
        if (look.Book.Won(look.Book.First, look.Book.Origin) <= 0)
        {
            return null;
        }

        var rates = new FlowRates(look.Known, look.Book, weights);
        return rates.Realised * Wander(rates, weights, OpenNow(rates), Coming(rates));
    }

    public (double Open, double Coming) Parts(DayWeights weights)
    {
        var rates = new FlowRates(look.Known, look.Book, weights);
        var open = Wander(rates, weights, OpenNow(rates), null);
        return (rates.Realised * open, rates.Realised * Wander(rates, weights, Empty(rates), Coming(rates)));
    }

    private double Wander(FlowRates rates, DayWeights weights, double[][] mass, double[]? coming)
    {
        var won = 0d;
        for (var day = look.Book.Origin; day < look.Span.Until; day = day.AddDays(1))
        {
            for (var stage = 0; stage < mass.Length && coming is not null; stage++)
            {
                mass[stage][0] += coming[stage];
            }

            var today = Step(rates, weights[day], ref mass);
            won += day >= look.Span.From ? today : 0;
        }

        return won;
    }

    private static double Step(FlowRates rates, double weight, ref double[][] mass)
    {
        var (next, won) = (Empty(rates), 0d);
        for (var stage = 0; stage < mass.Length; stage++)
        {
            for (var age = 0; age <= FlowRates.Oldest; age++)
            {
                if (mass[stage][age] is not (> 0 and var value))
                {
                    continue;
                }

                var leave = rates.Of(stage, age);
                var win = leave.Won * weight;
                var scale = Math.Max(1, win + leave.Gone);
                won += value * win / scale;
                for (var to = 0; to < mass.Length; to++)
                {
                    next[to][0] += value * leave.To[to] / scale;
                }

                next[stage][Math.Min(FlowRates.Oldest, age + 1)] += value * Math.Max(0, 1 - (win + leave.Gone) / scale);
            }
        }

        mass = next;
        return won;
    }

    private double[][] OpenNow(FlowRates rates)
    {
        var mass = Empty(rates);
        foreach (var path in look.Known.Paths.Where(path => path.Closing is null))
        {
            var since = path.Stages.Count > 0 ? path.Stages[^1].Day : path.Entered;
            var age = Math.Min(FlowRates.Oldest, look.Book.Origin.DayNumber - since.DayNumber);
            mass[rates.Stages[path.Stage]][age] += path.Amount ?? rates.Typical;
        }

        return mass;
    }

    // As much value a day as came in during the last quarter, into the stages that it came into.
    private double[] Coming(FlowRates rates)
    {
        var earliest = look.Known.Paths[0].Entered;
        var from = earliest.AddDays(Math.Max(0, look.Book.Origin.DayNumber - earliest.DayNumber - Recent));
        var coming = new double[rates.Stages.Count];
        foreach (var path in look.Known.Paths.Where(path => path.Entered >= from))
        {
            var first = path.Stages.Count > 0 ? path.Stages[0].Stage : "";
            coming[rates.Stages[first]] += (path.Amount ?? rates.Typical) / (look.Book.Origin.DayNumber - from.DayNumber);
        }

        return coming;
    }

    private static double[][] Empty(FlowRates rates) => [.. rates.Stages.Select(_ => new double[FlowRates.Oldest + 1])];
}
