using System.Globalization;
using Crm.Api.Tests.Imports;
using Crm.Domain.Forecasting.Flow;

namespace Crm.Domain.Tests.Forecasting.Flow;

/// <summary>
/// Opportunities of a (fictitious) company, where the file is: entered when engaging began, worth the list price until they were closed.
/// Those that nobody engaged have no day and are left out.
/// </summary>
internal static class MavenTech
{
    /// <summary>Null where it is not here.</summary>
    public static IReadOnlyList<OpportunityPath>? Read()
    {
        if (SharedData.Find("maventech-crm") is not { } folder)
        {
            return null;
        }

        var prices = Rows(folder, "products.csv").ToDictionary(cells => Product(cells[0]), cells => Number(cells[2]));
        return
        [
            .. from cells in Rows(folder, "sales_pipeline.csv")
               where cells[5].Length > 0
               select new OpportunityPath(
                   Id(cells[0]), Day(cells[5]), [new(Day(cells[5]), "Engaging")],
                   [new(Day(cells[5]), prices[Product(cells[2])])],
                   cells[4] is "Won" or "Lost" ? new(Day(cells[6]), cells[4] == "Won", Number(cells[7])) : null)
        ];
    }

    public static decimal Won(this IEnumerable<OpportunityPath> paths, DateOnly from, DateOnly until) =>
        paths.Select(path => path.Closing).OfType<PathClosing>()
            .Where(end => end.IsWon && end.Day >= from && end.Day < until)
            .Sum(end => end.Value);

    private static IEnumerable<string[]> Rows(string folder, string file) =>
        File.ReadLines(Path.Combine(folder, file)).Skip(1).Select(line => line.Split(','));

    private static string Product(string name) => name.Replace(" ", "");

    private static Guid Id(string key) => StreamId.From("maventech", "opportunity", key);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
