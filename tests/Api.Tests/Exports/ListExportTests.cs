using System.Globalization;
using System.Text.Json;
using Crm.Api.Access;
using Crm.Api.Customers;
using Crm.Api.Events;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Lists;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using CsvHelper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Exports;

/// <summary>A list as a file: all that its pages hold, for spreadsheets and for programs.</summary>
public sealed class ListExportTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    private HttpClient Http => crm.Http;

    [Fact]
    public async Task A_file_holds_what_the_pages_hold_member_by_member()
    {
        var region = Guid.NewGuid().ToString("N");
        await Http.Open(new { region, name = "苏州恒测, \"GTX\"", tags = new[] { "a;b", "c\\" }, expectedClose = "2026-05-31" });
        var last = await Http.Open(new { region, name = "JPY", amount = Talk.Money(7m, "JPY") });
        var lead = (await Http.Write("leads", new { source = region, company = "Acme", contact = "王伟", phone = "+49 30 123456", email = "wei@example.cn" })).Ok();

        var (headings, deals) = await Csv($"opportunities/export?region={region}", last.Position);
        var lines = await Lines($"opportunities/export?region={region}&format=ndjson", last.Position);
        var pages = await Http.Pages($"opportunities?region={region}&sort=id", last.Position);
        var (_, leads) = await Csv($"leads/export?source={region}", lead.Position);

        var items = pages.SelectMany(page => page.Body.GetProperty("items").EnumerateArray()).ToList();
        lines.ShouldBe(items.Select(item => item.GetRawText()));
        // Fields of one's own have columns each, and there are none here.
        headings.ShouldBe(items[0].EnumerateObject().Where(member => member.Name != "custom")
            .SelectMany(member => member.Name == "amount" ? (string[])["amount", "currency"] : [member.Name]));
        deals.Select(deal => deal["id"]).ShouldBe(items.Select(item => item.GetProperty("id").ToString()));
        (deals[0]["name"], deals[0]["tags"], deals[0]["amount"], deals[0]["currency"], deals[0]["expectedClose"])
            .ShouldBe(("苏州恒测, \"GTX\"", "a\\;b;c\\\\", "1000.00", "USD", "2026-05-31"));
        (deals[0]["openedAt"], deals[0]["touches"], deals[0]["rep"]).ShouldBe((items[0].GetProperty("openedAt").ToString(), "0", ""));
        (deals[1]["amount"], deals[1]["currency"]).ShouldBe(("7", "JPY"));
        (leads.Single()["contact"], leads[0]["phone"], leads[0]["email"]).ShouldBe(("王伟", "+4930123456", "wei@example.cn"));
    }

    [Fact]
    public async Task Thousands_of_rows_come_in_pieces_each_once_as_they_were_at_the_beginning()
    {
        using var admin = await crm.Tenant($"export-{Interlocked.Increment(ref _tenants)}");
        var made = await Customers(admin, 2_500);
        foreach (var sort in (string[])["", "&sort=-name", "&sort=region,-registeredAt"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"customers/export?format=ndjson{sort}");
            request.Headers.Add("Crm-Min-Position", made.Position);
            using var answer = await admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            (await admin.Write("customers", new { name = "0 late" })).Ok();
            (await admin.Patch($"customers/{made.Id}", new { name = $"changed{sort.Length}" })).Ok();

            var rows = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement).ToList();
            var names = rows.Select(row => row.GetProperty("name").GetString()!).ToList();

            rows.Select(row => row.GetProperty("id").GetString()).ShouldBeUnique();
            names.Count(name => name.StartsWith("Customer ", StringComparison.Ordinal)).ShouldBeInRange(2_499, 2_500);
            if (sort == "&sort=-name")
            {
                names.ShouldBe(names.OrderDescending(StringComparer.Ordinal));
            }

            answer.Headers.GetValues("Crm-Position").Single().ShouldNotBeNullOrEmpty();
        }
    }

    [Fact]
    public async Task A_file_is_of_any_moment_and_takes_all_words_of_the_list()
    {
        var region = Guid.NewGuid().ToString("N");
        var deal = await Http.Open(new { region, name = "Alpha", occurredAt = "2026-01-05T00:00:00Z" });
        (await Http.Write($"opportunities/{deal.Id}/amount", new { amount = Talk.Money(5m), occurredAt = "2026-02-05T00:00:00Z" })).Ok();
        var other = await Http.Open(new { region, name = "Beta", occurredAt = "2026-03-05T00:00:00Z" });

        (await Csv($"opportunities/export?region={region}&asOf=2026-02-01", other.Position)).Rows.Select(row => row["amount"]).ShouldBe(["1000.00"]);
        (await Csv($"opportunities/export?region={region}&sort=-name&fields=name", other.Position)).Rows.Select(row => row["name"]).ShouldBe(["Beta", "Alpha"]);
        (await Csv($"opportunities/export?region={region}&fields=name", other.Position)).Headings.ShouldBe(["id", "name"]);
        (await Csv($"opportunities/export?region={region}&filter={Listed.Escape("amount<10")}", other.Position)).Rows.Select(row => row["name"]).ShouldBe(["Alpha"]);
        (await Csv($"opportunities/export?region={region}&q=bet", other.Position)).Rows.Select(row => row["name"]).ShouldBe(["Beta"]);
        (await Csv($"opportunities/export?region={region}&at=2026-01-01", null)).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_says_what_it_is_and_comes_compressed()
    {
        var last = await Http.Open();
        using var request = new HttpRequestMessage(HttpMethod.Get, "opportunities/export?at=2026-11-01");
        request.Headers.Add("Accept-Encoding", "gzip");
        using var answer = await Http.SendAsync(request);
        var plain = await Http.GetByteArrayAsync("opportunities/export?fields=name");
        var head = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "opportunities/export?format=ndjson"));

        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8; header=present");
        (answer.Content.Headers.ContentDisposition!.FileName, answer.Content.Headers.ContentDisposition.FileNameStar)
            .ShouldBe(("opportunities-2026-11-01.csv", "opportunities-2026-11-01.csv"));
        answer.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        plain[..8].ShouldBe("\uFEFFid,na"u8.ToArray());
        plain[^2..].ShouldBe("\r\n"u8.ToArray());
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        head.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        last.Position.ShouldNotBeNull();
    }

    [Fact]
    public async Task No_cell_is_run_and_numbers_stay_numbers()
    {
        var region = Guid.NewGuid().ToString("N");
        var deal = await Http.Open(new { region, name = "=HYPERLINK(\"http://evil\")", product = "＝1", source = " @x", competitor = "'=1" });

        var row = (await Csv($"opportunities/export?region={region}", deal.Position)).Rows.Single();

        (row["name"], row["product"], row["competitor"]).ShouldBe(("'=HYPERLINK(\"http://evil\")", "'＝1", "''=1"));
        Formulas.Strip(row["competitor"]).ShouldBe("'=1");
        row["amount"].ShouldBe("1000.00");
    }

    [Theory]
    [InlineData("limit=5", "limit")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("expand=lead", "expand")]
    [InlineData("format=xlsx", "format")]
    [InlineData("filter=nonsense=1", "filter")]
    [InlineData("sort=nonsense", "sort")]
    [InlineData("asOf=yesterday", "asOf")]
    [InlineData("knownAt=2999-01-01", "knownAt")]
    public async Task What_cannot_be_asked_is_refused_by_name(string query, string parameter)
    {
        var refusal = await (await Http.Read($"opportunities/export?{query}")).Refused();
        (refusal.Status, refusal.Errors.Single().Where).ShouldBe((400, parameter));
    }

    [Fact]
    public async Task Who_loses_his_right_in_the_middle_gets_no_further_piece()
    {
        var tenant = $"export-{Interlocked.Increment(ref _tenants)}";
        using var admin = await crm.Tenant(tenant);
        var made = await Customers(admin, 300);
        foreach (var take in (Func<Reply, string, Task>[])[
            async (key, _) => (await admin.Write($"api-keys/{key["id"]}/revocation", new { })).Ok(),
            async (_, member) => (await admin.Write($"members/{member}/role", new { role = "ops" })).Ok()])
        {
            var member = $"m-{Guid.NewGuid():N}";
            (await admin.Write("members", new { id = member, role = "integration" })).Ok();
            var key = (await admin.Write("api-keys", new { name = "thief", member })).Ok();
            var caller = await crm.App.Services.GetRequiredService<Door>().Open(key["key"]!, default);
            var to = new Taking(() => take(key, member));
            var context = new DefaultHttpContext { RequestServices = crm.App.Services, Response = { Body = to } };
            var export = await crm.App.Services.GetRequiredService<ListExports>().Open(
                CustomerAnswer.List, new ListFile("customers", "customers.read", ExportFormat.Ndjson), caller, Asked.Of(new Times(), new ListWords()),
                PositionToken.Parse(made.Position), default);
            crm.App.Services.GetRequiredService<OpenStreams>().Of(tenant).ShouldBe(1);

            (await Should.ThrowAsync<Problem>(() => export.ExecuteAsync(context))).Status.ShouldBeOneOf(401, 403);

            to.Lines.ShouldBe(200, "the first piece, and nothing after it");
            crm.App.Services.GetRequiredService<OpenStreams>().Of(tenant).ShouldBe(0);
        }
    }

    [Fact]
    public async Task What_fails_in_the_middle_breaks_the_connection_and_is_no_shorter_file()
    {
        var tenant = $"export-{Interlocked.Increment(ref _tenants)}";
        using var admin = await crm.Tenant(tenant);
        var made = await Task.WhenAll(Enumerable.Range(0, 250).Select(async i => (await admin.Write("leads", new { source = "web", email = $"a{i}@example.cn" })).Ok()));
        (await admin.Read("leads", ("Crm-Min-Position", Last(made).Position))).Ok();
        var table = ModelTables.Of(Catalog.Leads).Rows;
        await crm.Sql($"update {table} set email = 'enc:v1:' || split_part(email, ':', 3) || ':AAAA' where tenant_id = '{tenant}' and lead_id = (select lead_id from {table} where tenant_id = '{tenant}' order by lead_id desc limit 1)");
        using var plain = new HttpClient { BaseAddress = new Uri(crm.App.Urls.Single() + "/api/v1/"), DefaultRequestHeaders = { Authorization = admin.DefaultRequestHeaders.Authorization } };

        using var body = new MemoryStream();
        // A reset may overtake what was sent before it, the status line too: how much arrives is the network's.
        var broken = await Record.ExceptionAsync(async () =>
        {
            using var answer = await plain.GetAsync("leads/export", HttpCompletionOption.ResponseHeadersRead);
            ((int)answer.StatusCode).ShouldBe(200);
            await answer.Content.CopyToAsync(body);
        });

        (broken is HttpRequestException or IOException).ShouldBeTrue($"{broken}");
        body.ToArray().Count(letter => letter == '\n').ShouldBeLessThanOrEqualTo(201, "the headings and the first piece");
        crm.App.Services.GetRequiredService<OpenStreams>().Of(tenant).ShouldBe(0);
    }

    [Fact]
    public async Task Every_member_of_every_list_has_a_cell()
    {
        var last = (await Http.Write("forms", new { name = "Fair", source = "web", origins = new[] { "https://a.example", "https://b.example" } })).Ok();
        foreach (var records in (string[])["leads", "customers", "opportunities", "forms", "imports/rows"])
        {
            var (headings, _) = await Csv($"{records}/export", last.Position);
            headings.ShouldBeUnique(records);
        }

        (await Csv("forms/export?fields=origins", last.Position)).Rows.ShouldContain(row => row["origins"] == "https://a.example;https://b.example");
    }

    /// <summary>A reader to whom something happens once he has got the first piece.</summary>
    private sealed class Taking(Func<Task> once) : MemoryStream
    {
        private bool done;

        public int Lines => ToArray().Count(letter => letter == '\n');

        public override async Task FlushAsync(CancellationToken ct)
        {
            if (!done)
            {
                done = true;
                await once();
            }
        }
    }

    private static async Task<Reply> Customers(HttpClient admin, int count)
    {
        Reply[] last = [];
        foreach (var some in Enumerable.Range(0, count).Chunk(100))
        {
            last = await Task.WhenAll(some.Select(async i => (await admin.Write("customers", new { name = $"Customer {i:00000}", region = $"R{i % 3}" })).Ok()));
        }

        return Last(last);
    }

    private static Reply Last(IEnumerable<Reply> writes) => writes.MaxBy(write => long.Parse(write.Position!.Split('-')[1], CultureInfo.InvariantCulture))!;

    private async Task<(IReadOnlyList<string> Headings, IReadOnlyList<Dictionary<string, string>> Rows)> Csv(string path, string? least)
    {
        var reply = (await Http.Read(path, ("Crm-Min-Position", least))).Ok();
        using var reader = CsvReader.Create(new StringReader(reply.Text), new CsvReaderOptions { HasHeader = false });
        var records = new List<string[]>();
        while (reader.Read())
        {
            records.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i)!)]);
        }

        return (records[0], [.. records.Skip(1).Select(cells => records[0].Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second))]);
    }

    private async Task<IReadOnlyList<string>> Lines(string path, string? least) =>
        (await Http.Read(path, ("Crm-Min-Position", least))).Ok().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
