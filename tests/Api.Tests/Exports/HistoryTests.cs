using System.Text.RegularExpressions;
using Crm.Api.Tests.Attachments;
using Crm.Api.Tests.Journeys;
using Crm.Api.Webhooks.Sending;
using Crm.EventStore.Histories;
using Crm.Support;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Exports;

/// <summary>The whole history, exported and put into an empty store, gives the same answers.</summary>
public sealed partial class HistoryTests(CrmServer crm, ITestOutputHelper output) : IClassFixture<CrmServer>
{
    private const int Seed = 20_261_123;
    private const int Pairs = 50;

    private static readonly string[] Questions =
        ["pipeline?by=rep,product&", "conversion?by=rep&", "opportunities?limit=200&", "leads?limit=200&", "customers?limit=200&", "audit?limit=200&lang=en&"];

    private HttpClient Http => crm.Http;

    [Fact]
    public async Task Every_figure_and_every_list_is_the_same_as_of_every_moment_as_known_at_every_moment()
    {
        var random = new Random(Seed);
        var last = await Live(random);
        var record = $"leads/{(await Http.Write("leads", new { source = "web" })).Ok().Id}";
        var attached = (await Http.Attach(record, "纪要.pdf", Attaching.Pdf())).Ok();
        last = attached.Position!;
        var folder = Path.Combine(Directory.CreateTempSubdirectory("crm-history-").FullName, "export");
        var manifest = await new HistoryExport(crm.Engine.Database, TimeProvider.System) { Contents = crm.Engine.Contents }.Write(folder, new HistoryWish(), null, default);
        await using var copy = new Copy();
        await copy.Server.InitializeAsync();
        await new HistoryLoad(copy.Server.Engine.Database, Outbox.Progress) { Contents = copy.Server.Engine.Contents }.Run(await HistoryFolder.Open(folder, default), copy.Server.Engine.MasterKey.Opens, null, default);
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

        var stamps = (await crm.Engine.Store.ReadOn(0, int.MaxValue, default)).Select(e => e.RecordedAt).ToList();
        foreach (var question in Questions)
        {
            await Same(copy.Server, question, manifest.Position, last);
        }

        for (var i = 0; i < Pairs; i++)
        {
            var moments = $"asOf={new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(random.Next(0, 130 * 24)).Text()}&knownAt={stamps[random.Next(stamps.Count)].Text()}";
            foreach (var question in Questions)
            {
                await Same(copy.Server, question + moments, manifest.Position, last);
            }
        }

        await SameRows(copy.Server);
        (await copy.Server.Http.GetByteArrayAsync($"{record}/attachments/{attached["attachmentId"]}/content")).ShouldBe(Attaching.Pdf());
        output.WriteLine($"{manifest.Events} events; {Questions.Length} questions at {Pairs} pairs of moments and at none, all the same");
    }

    // Deals that are back-dated and corrected at random, leads that become customers, and people.
    private async Task<string> Live(Random random)
    {
        var team = new RandomHistory(Http, random);
        await team.Open(30);
        for (var i = 0; i < 20; i++)
        {
            var lead = (await Http.Write("leads", new { source = "web", company = $"Company {i}", contact = "王伟", email = $"wei{i % 15}@example.cn", rep = "An", occurredAt = team.Day(0, 60).Text() })).Ok();
            if (i % 3 == 0)
            {
                (await Http.Write($"leads/{lead.Id}/qualification", new { opportunityName = $"Deal of {i}", amount = Talk.Money(100 + i), customerName = $"Customer {i}", occurredAt = team.Day(60, 90).Text() })).Ok();
            }
        }

        await team.GoOn(150);
        return team.Position!;
    }

    private async Task Same(CrmServer copy, string question, long position, string last)
    {
        var (here, there) = (await Http.Read(question, ("Crm-Min-Position", last)), await copy.Http.Read(question, ("Crm-Min-Position", $"{copy.Engine.Store.Epoch}-{position}")));

        Cursor().Replace(there.Ok().Text, "").ShouldBe(Cursor().Replace(here.Ok().Text, ""), question);
        here.Text.Length.ShouldBeGreaterThan(20, question);
    }

    private async Task SameRows(CrmServer copy)
    {
        var tables = await crm.Engine.Database.Texts("""
            select schemaname || '.' || tablename from pg_tables
            where schemaname = 'crm' and tablename ~ '_v[0-9]+$' and tablename !~ '_(blocks|checkpoint)_' or tablename in ('mt_events', 'mt_streams', 'claim', 'person_key') order by 1
            """);
        tables.Count.ShouldBeGreaterThan(12);
        foreach (var table in tables)
        {
            var sum = $"select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text collate \"C\")), '') from {table} t";
            (await copy.Engine.Database.Texts(sum)).ShouldBe(await crm.Engine.Database.Texts(sum), table);
        }
    }

    [GeneratedRegex("\"nextCursor\":\"[^\"]*\"")]
    private static partial Regex Cursor();

    private sealed class Copy : IAsyncDisposable
    {
        public CrmServer Server { get; } = new();

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}
