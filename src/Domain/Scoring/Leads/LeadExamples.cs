using Crm.Domain.Scoring.Training;

namespace Crm.Domain.Scoring.Leads;

/// <summary>Leads as a table to learn from.</summary>
public static class LeadExamples
{
    /// <param name="hasPoints">Whether there is a points model to begin with.</param>
    public static ExampleTable Table(IReadOnlyList<LeadExample> examples, ExampleTerms terms, bool hasPoints) => new(
        [
            .. terms.Columns
                .Select((column, i) => new ExampleColumn(column, [.. examples.Select(example => example.Values[i])]))
        ],
        [.. examples.Select(example => example.Converted)],
        hasPoints ? [.. examples.Select(example => example.Points)] : null,
        [.. examples.Select(example => example.Dates)]);
}
