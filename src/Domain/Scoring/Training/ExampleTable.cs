namespace Crm.Domain.Scoring.Training;

/// <summary>Leads whose outcome is known, to learn from.</summary>
/// <param name="Columns">What was known of them, one column a field; each as long as the outcomes.</param>
/// <param name="Outcomes">Whether each converted.</param>
/// <param name="Points">What the points model gave each, 0 to 100, when the score would have been read; null where there is no such
/// model.</param>
/// <param name="Dates">When fields of each were filled; null where nobody knows.</param>
public sealed record ExampleTable(
    IReadOnlyList<ExampleColumn> Columns,
    IReadOnlyList<bool> Outcomes,
    IReadOnlyList<decimal>? Points = null,
    IReadOnlyList<ExampleDates>? Dates = null)
{
    /// <exception cref="ArgumentException">
    /// A column, the points or the dates are not as many as the outcomes, or two columns have one name.
    /// </exception>
    internal void Check()
    {
        if (Columns.FirstOrDefault(column => column.Values.Count != Outcomes.Count) is { } column)
        {
            throw new ArgumentException($"'{column.Name}' has {column.Values.Count} values for {Outcomes.Count} outcomes.");
        }

        if (Points is not null && Points.Count != Outcomes.Count || Dates is not null && Dates.Count != Outcomes.Count)
        {
            throw new ArgumentException($"Points and dates are as many as the outcomes, {Outcomes.Count}.");
        }

        if (Columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"'{twice.Key}' is the name of two columns.");
        }
    }
}

/// <param name="Values">Texts and numbers as <see cref="Conditions.Operand.Text"/> writes them; null or blank where nothing is
/// known.</param>
public sealed record ExampleColumn(string Name, IReadOnlyList<string?> Values);

/// <param name="Outcome">When the lead's outcome was known.</param>
/// <param name="Fields">By the field's name; fields that were never filled are not there.</param>
public sealed record ExampleDates(DateTimeOffset Outcome, IReadOnlyDictionary<string, FieldDates> Fields);

/// <param name="Filled">When there was a value for the first time.</param>
/// <param name="Changed">When it last became another; as filled where it never did.</param>
public sealed record FieldDates(DateTimeOffset Filled, DateTimeOffset Changed);
