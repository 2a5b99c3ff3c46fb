using System.Text;
using Crm.Domain.Scoring.Models;

namespace Crm.Domain.Scoring.Training;

/// <summary>
/// A model is stored as one event, which has room for so many values: rare ones make way, and share the weight of the rare.
/// </summary>
public static class ModelRoom
{
    /// <summary>Of the whole event, in bytes.</summary>
    public const int Most = 256 * 1024;

    /// <summary>How many findings a card keeps, those first by which a field was left out.</summary>
    public const int MostFindings = 200;

    // Findings, bins of numbers and the rest of the card have the other half.
    private const int ForValues = Most / 2;
    private const int ForWeight = 40;

    /// <summary>The least counts of a plan, raised as far as the values that are left need it.</summary>
    public static TrainingPlan Fitting(ExampleTable table, TrainingPlan plan)
    {
        List<(int Count, int Bytes)> values =
        [
            .. table.Columns
                .SelectMany(column => column.Values.Select(value => FieldText.Key(value, [])).OfType<string>().CountBy(key => key))
                .Select(value => (value.Value, Encoding.UTF8.GetByteCount(value.Key) + ForWeight))
        ];
        return plan with { LeastCounts = [.. plan.LeastCounts.Select(Fitting).Distinct()] };

        int Fitting(int least)
        {
            while (values.Where(value => value.Count >= least).Sum(value => (long)value.Bytes) > ForValues)
            {
                least *= 2;
            }

            return least;
        }
    }
}
