using System.Globalization;
using Crm.Api.Imports;
using Crm.Projections;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Imports;

/// <summary>The real files of a (fictitious) company, where they lie beside the repository.</summary>
public sealed class MavenTechTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Their_figures_of_any_day_are_those_of_the_files()
    {
        if (SharedData.Find("maventech-crm") is not { } folder)
        {
            output.WriteLine("Skipped: there is no shared/data/maventech-crm beside the repository.");
            return;
        }

        await using var crm = await ImportFixture.New();
        var report = await crm.Run(folder, Mapping.Shipped("maventech"));
        output.WriteLine($"{report.Events} events in {report.Took.TotalSeconds:0.0} s, up to position {report.Position}");

        var (customers, deals) = (report.Kinds[0], report.Kinds[1]);
        (customers.Rows, customers.New, customers.SetAside.Count, customers.Noted.Count).ShouldBe((85, 85, 0, 0));
        (deals.Rows, deals.New, deals.Continued, deals.Unchanged).ShouldBe((8800, 8300, 0, 0));
        deals.SetAside.ShouldBe([new("undated", 500)]);
        deals.Noted.ShouldBe([new("no-customer", 1425)]);

        await crm.CatchUp(Catalog.Pipeline, Catalog.ImportLog);
        (await Figures(crm, new(2017, 4, 1))).ShouldBe("open 1330 3280185, won 531 1134672, lost 116");
        (await Figures(crm, new(2017, 10, 1))).ShouldBe("open 2409 5763490, won 3042 7203038, lost 1684");
        (await Figures(crm, new(2018, 1, 1))).ShouldBe("open 1589 3892229, won 4238 10005534, lost 2473");
        (await crm.Texts("select concat_ws(' ', state, reason, notes, count(*)) from crm.import_log group by state, reason, notes order by count(*)"))
            .ShouldBe(["set-aside undated {} 163", "set-aside undated {no-customer} 337", "noted no-customer {no-customer} 1088"]);

        await AreThoseOfThePlainFold(crm, folder);
        await SaidAgain(crm, folder, report);
    }

    private async Task SaidAgain(ImportFixture crm, string folder, ImportReport first)
    {
        var again = await crm.Run(folder, Mapping.Shipped("maventech"));
        output.WriteLine($"Again: {again.Events} events in {again.Took.TotalSeconds:0.0} s");

        (again.Events, again.Position).ShouldBe((0, first.Position));
        again.Kinds.Sum(kind => kind.Unchanged).ShouldBe(8385);
        (await crm.Store.Head(default)).Position.ShouldBe(first.Position);
    }

    private static async Task AreThoseOfThePlainFold(ImportFixture crm, string folder)
    {
        var deals = PlainDeal.Read(folder);
        var random = new Random(20261122);
        for (var i = 0; i < 40; i++)
        {
            var day = new DateOnly(2016, 10, 15).AddDays(random.Next(460));
            (await Figures(crm, day)).ShouldBe(PlainDeal.Figures(deals, day), day.ToString("o", CultureInfo.InvariantCulture));
        }
    }

    private static async Task<string> Figures(ImportFixture crm, DateOnly day) => string.Join(", ", await crm.Texts($"""
        select concat_ws(' ', status, sum(count), case when status <> 'lost' then trim_scale(sum(amount)) end) from crm.pipeline_changes
        where at < '{day:yyyy-MM-dd} 00:00:00Z' group by status having sum(count) > 0 order by array_position(array['open', 'won', 'lost'], status)
        """));

    // Written apart from the product, from nothing but the files.
    private sealed record PlainDeal(DateOnly Engaged, DateOnly? Closed, bool IsWon, decimal ListPrice, decimal CloseValue)
    {
        public static List<PlainDeal> Read(string folder)
        {
            var prices = File.ReadLines(Path.Combine(folder, "products.csv")).Skip(1).Select(line => line.Split(','))
                .ToDictionary(cells => cells[0].Replace(" ", ""), cells => Number(cells[2]));
            return
            [
                .. from line in File.ReadLines(Path.Combine(folder, "sales_pipeline.csv")).Skip(1)
                   let cells = line.Split(',')
                   where cells[5].Length > 0
                   select new PlainDeal(
                       Day(cells[5]), cells[4] is "Won" or "Lost" ? Day(cells[6]) : null, cells[4] == "Won",
                       prices[cells[2].Replace(" ", "")], cells[4] == "Won" ? Number(cells[7]) : 0)
            ];
        }

        public static string Figures(IEnumerable<PlainDeal> deals, DateOnly day)
        {
            var there = deals.Where(deal => deal.Engaged < day).ToList();
            var closed = there.Where(deal => deal.Closed < day).ToList();
            var (open, won) = (there.Except(closed, ReferenceEqualityComparer.Instance).Cast<PlainDeal>().ToList(), closed.Where(deal => deal.IsWon).ToList());
            string[] figures =
            [
                open.Count > 0 ? $"open {open.Count} {open.Sum(deal => deal.ListPrice)}" : "",
                won.Count > 0 ? $"won {won.Count} {won.Sum(deal => deal.CloseValue)}" : "",
                closed.Count > won.Count ? $"lost {closed.Count - won.Count}" : ""
            ];
            return string.Join(", ", figures.Where(figure => figure.Length > 0));
        }

        private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

        private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
    }
}
