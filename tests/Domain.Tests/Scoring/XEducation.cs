using Crm.Api.Tests.Imports;
using Crm.Domain.Scoring.Training;
using CsvHelper;

namespace Crm.Domain.Tests.Scoring;

/// <summary>
/// Leads of a seller of courses, where that file is; its page says which columns were written by or after the sales work.
/// </summary>
internal static class XEducation
{
    public const string LastActivity = "Last Activity";
    private const string Outcome = "Converted";

    public static readonly IReadOnlyList<string> Late =
    [
        "Tags", "Lead Quality", "Lead Profile", "Last Notable Activity",
        "Asymmetrique Activity Index", "Asymmetrique Profile Index", "Asymmetrique Activity Score", "Asymmetrique Profile Score"
    ];

    public static readonly TrainingPlan Plan = new() { MissingMarkers = ["Select"] };

    /// <summary>All its columns; null where it is not here.</summary>
    public static ExampleTable? Read()
    {
        if (SharedData.Find("x-education-leads") is not { } folder)
        {
            return null;
        }

        using var csv = CsvReader.Create(File.OpenRead(Path.Combine(folder, "Leads.csv")), new CsvReaderOptions { HasHeader = false });
        var lines = new List<string[]>();
        while (csv.Read())
        {
            lines.Add([.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i)!)]);
        }

        ExampleColumn[] columns = [.. lines[0].Select((name, i) => new ExampleColumn(name, [.. lines.Skip(1).Select(line => line[i])]))];
        return new(
            [.. columns.Where(column => column.Name != Outcome)],
            [.. columns.Single(column => column.Name == Outcome).Values.Select(value => value == "1")]);
    }
}
