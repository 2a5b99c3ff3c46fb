using Crm.Api.Imports;

namespace Crm.Api.Tests.Imports;

/// <summary>Rows are decided hundreds at a time, and what one of them makes the others have not seen.</summary>
public sealed class ImportCrowdTests : IAsyncLifetime
{
    private const int People = 150;
    private const int Rows = 900;

    private ImportFixture crm = null!;

    public async Task InitializeAsync() => crm = await ImportFixture.New();

    public Task DisposeAsync() => crm.DisposeAsync().AsTask();

    [Fact]
    public async Task Rows_of_one_person_side_by_side_make_one_lead_and_a_bad_row_among_them_is_its_own_trouble()
    {
        using var files = new Folder().With("people.csv", Table(i => i % People, i => i % 90 == 89 ? "many" : $"{i}"));

        var report = await crm.Run(files.Path, From("fair"));

        (report.Kinds[0].New, report.Kinds[0].Attached, report.Kinds[0].SetAside["bad-number"]).ShouldBe((People, Rows - People - 10, 10));
        (await crm.Texts("select count(*) from mt_events where type = 'lead_captured'")).ShouldBe([$"{Rows - 10}"]);
        (await crm.Texts("select count(*) from mt_events where type = 'lead_absorbed'")).ShouldBe([$"{Rows - 10 - People}"]);
        (await crm.Texts("select count(distinct stream_id) from crm.claim where kind = 'lead-email'")).ShouldBe([$"{People}"]);
        (await crm.Run(files.Path, From("fair"))).Events.ShouldBe(0);
    }

    [Fact]
    public async Task Rows_of_one_person_side_by_side_are_tried_as_they_go_in()
    {
        using var files = new Folder().With("people.csv", Table(i => i % People, i => i % 90 == 89 ? "many" : $"{i}"));

        var tried = await crm.Try(files.Path, From("fair"));

        (tried.Kinds[0].New, tried.Kinds[0].Attached, tried.Kinds[0].SetAside["bad-number"]).ShouldBe((People, Rows - People - 10, 10));
        (await crm.Store.Head(default)).Position.ShouldBe(0);
    }

    [Fact]
    public async Task People_whom_another_file_told_of_are_told_of_again()
    {
        using var files = new Folder().With("people.csv", Table(i => i, i => $"{i}"));
        await crm.Run(files.Path, From("fair"));

        var report = await crm.Run(files.Path, From("club"));

        (report.Kinds[0].New, report.Kinds[0].Attached).ShouldBe((0, Rows));
        (await crm.Texts("select count(*) from mt_events where type = 'lead_merged'")).ShouldBe([$"{Rows}"]);
    }

    [Fact]
    public async Task Rows_that_overlap_in_part_come_to_what_the_order_of_the_file_says_tried_or_run()
    {
        var random = new Random(7);
        var rows = Enumerable.Range(0, Rows).Select(_ => (
            Phone: random.Next(10) < 7 ? $"+86138{10_000_000 + random.Next(250)}" : "", Mail: random.Next(10) < 7 ? $"p{random.Next(250)}@people.example" : "")).ToList();
        using var files = new Folder().With("people.csv", "id,phone,mail\n" + string.Concat(rows.Select((row, i) => $"{i},{row.Phone},{row.Mail}\n")));
        var mapping = Mapping.Parse("""
            { "source": "fair", "currency": "EUR", "leads": { "file": "people.csv", "key": "id", "source": { "constant": "fair" }, "phone": "phone", "email": "mail" } }
            """);

        // Row by row: whoever has a key that was said before is the one who said it.
        var (held, expected) = (new HashSet<string>(), 0);
        foreach (var keys in rows.Select(row => ((string[])[row.Phone, row.Mail]).Where(key => key.Length > 0).ToList()))
        {
            expected += keys.Any(held.Contains) ? 0 : 1;
            held.UnionWith(keys);
        }

        var tried = (await crm.Try(files.Path, mapping)).Kinds[0];
        var ran = (await crm.Run(files.Path, mapping)).Kinds[0];

        (tried.New, tried.Attached).ShouldBe((expected, Rows - expected));
        (ran.New, ran.Attached).ShouldBe((expected, Rows - expected));
    }

    private static string Table(Func<int, int> person, Func<int, string> size) =>
        "id,mail,size\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"{i},p{person(i)}@people.example,{size(i)}\n"));

    private static Mapping From(string source) => Mapping.Parse($$"""
        { "source": "{{source}}", "currency": "EUR", "leads": { "file": "people.csv", "key": "id", "source": { "constant": "fair" }, "email": "mail", "employees": "size" } }
        """);
}
