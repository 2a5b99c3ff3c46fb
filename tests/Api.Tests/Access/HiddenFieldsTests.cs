using System.Text.RegularExpressions;
using Crm.Api.Tests.Journeys;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Access;

/// <summary>What is hidden from a role comes to it by no way: not shown, not asked by, not told, not found out by trying.</summary>
public sealed partial class HiddenFieldsTests(CrmServer crm, ITestOutputHelper output) : IClassFixture<CrmServer>, IAsyncLifetime
{
    private const string Company = "Quagmire Holdings";
    private const decimal Amount = 98765.43m;
    private static int _tenants;

    private HttpClient admin = null!;
    private string position = "";
    private Guid lead;
    private Guid qualified;
    private Guid deal;
    private Guid customer;

    public async Task InitializeAsync()
    {
        admin = await crm.Tenant($"hidden-{Interlocked.Increment(ref _tenants)}");
        lead = (await admin.Write("leads", new { source = "web", company = Company, region = "North" })).Ok().Id;
        qualified = (await admin.Write("leads", new { source = "web", company = Company, contact = "Kim" })).Ok().Id;
        var made = (await admin.Write($"leads/{qualified}/qualification", new { opportunityName = "Lathe", amount = Talk.Money(Amount, "CHF"), customerName = "Plain" })).Ok();
        (deal, customer) = (made.Body.GetProperty("opportunityId").GetGuid(), made.Body.GetProperty("customerId").GetGuid());
        (await admin.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(Amount + 1, "CHF") })).Ok();
        var changed = (await admin.History($"opportunities/{deal}"))[^1].GetProperty("id").GetString();
        (await admin.Write($"opportunities/{deal}/corrections", new { eventId = changed, reason = "typo", amount = Talk.Money(Amount + 2, "CHF") }, ("If-Match", "*"))).Ok();
        (await admin.Write($"opportunities/{deal}/win", new { amount = Talk.Money(Amount + 3, "CHF") })).Ok();
        position = (await admin.Write($"opportunities/{deal}/reopening", new { })).Ok().Position!;
    }

    public Task DisposeAsync()
    {
        admin.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("opportunity.amount", "opportunities", "amount", "amount>=1", "8765.43", "CHF")]
    [InlineData("lead.company", "leads", "company", "company^Q", "Quagmire", "Holdings")]
    public async Task What_is_hidden_is_in_no_answer(string hidden, string records, string field, string filter, params string[] secrets)
    {
        using var blind = await Blind(hidden);
        var last = (await admin.History($"opportunities/{deal}"))[^1].GetProperty("recordedAt").GetDateTimeOffset();
        string[] moments = ["", "asOf=2100-01-01&", $"knownAt={last.AddMilliseconds(1).Text()}&"];
        var shown = moments.SelectMany(moment => (string[])
        [
            $"leads?{moment}", $"customers?{moment}", $"opportunities?{moment}", $"leads/export?{moment}", $"customers/export?{moment}format=ndjson",
            $"opportunities/export?{moment}", $"opportunities/export?{moment}format=ndjson", $"opportunities?{moment}expand=customer,lead&total=true",
            $"leads/{lead}?{moment}", $"leads/{qualified}/events?{moment}", $"leads/{qualified}/history?{moment}", $"customers/{customer}?{moment}",
            $"customers/{customer}/history?{moment}", $"opportunities/{deal}?{moment}", $"opportunities/{deal}/events?{moment}", $"opportunities/{deal}/history?{moment}",
            $"opportunities/{deal}/history?{moment}lang=zh-CN", $"audit?{moment}limit=200", $"audit?{moment}format=csv", $"audit?{moment}lang=zh-CN&limit=200",
            $"pipeline?{moment}", $"pipeline?{moment}by=stage,rep", $"conversion?{moment}", $"conversion?{moment}mode=flow"
        ]).Append("imports/rows").ToList();
        string[] refused =
        [
            $"{records}?filter={filter}", $"{records}?sort=-{field}", $"{records}?fields={field}", $"{records}?{field}=1", $"{records}/export?fields={field}", $"{records}/export?sort={field}&format=ndjson", $"{records}/{(records == "leads" ? lead : deal)}?fields={field}"
        ];

        foreach (var path in shown)
        {
            Plain(await blind.Read(path, ("Crm-Min-Position", (path.Contains('/') && !path.Contains("/export")) || path.Contains("knownAt") ? null : position)), path).Ok();
        }

        foreach (var path in refused)
        {
            Plain(await blind.Read(path), path).Status.ShouldBe(400, path);
        }

        foreach (object question in (object[])[new { sort = new[] { field } }, new { fields = new[] { field } }, new { filter = new { field, @operator = "isNull", value = false } }])
        {
            Plain(await blind.Write($"{records}/search", question), "search").Status.ShouldBe(400);
        }

        output.WriteLine($"{shown.Count} answers without, {refused.Length + 3} questions refused");

        Reply Plain(Reply reply, string path)
        {
            // Ids are random, and may hold any four digits.
            var said = Ids().Replace(reply.Text, "id");
            foreach (var secret in secrets)
            {
                said.ShouldNotContain(secret, customMessage: path);
            }

            return reply;
        }
    }

    [Fact]
    public async Task Figures_are_neither_grouped_nor_filtered_by_the_currency_of_hidden_amounts()
    {
        using var blind = await Blind("opportunity.amount");

        (await blind.Read("pipeline?by=currency")).Status.ShouldBe(400);
        (await blind.Read("pipeline?currency=CHF")).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("en", "hidden", "none")]
    [InlineData("zh-CN", "（已隐藏）", "无")]
    public async Task A_sentence_says_that_a_value_is_hidden_and_not_that_there_is_none(string language, string hidden, string none)
    {
        using var blind = await Blind("opportunity.amount");

        var told = (await blind.Read($"opportunities/{deal}/history?lang={language}")).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(item => (Kind: item.GetProperty("kind").GetString(), Sentence: item.GetProperty("sentence").GetString()!)).ToList();

        told.ShouldAllBe(entry => !entry.Sentence.Contains(none));
        told.Where(entry => entry.Kind is "opportunity_opened" or "opportunity_amount_changed" or "opportunity_won").Count(entry => entry.Sentence.Contains(hidden)).ShouldBe(3);
    }

    [Fact]
    public async Task Who_may_not_see_a_field_may_not_change_it_and_finds_nothing_out_by_trying()
    {
        using var blind = await Blind("opportunity.amount");
        var before = await crm.Events();
        var first = (await admin.History($"opportunities/{deal}"))[0].GetProperty("id").GetString();
        foreach (var guess in (object[])[Talk.Money(Amount + 3, "CHF"), Talk.Money(Amount, "CHF"), Talk.Money(Amount)])
        {
            foreach (var (path, body) in ((string, object)[])
            [
                ("amount", new { amount = guess }), ("win", new { amount = guess }), ("corrections", new { eventId = first, reason = "x", amount = guess })
            ])
            {
                var reply = await blind.Write($"opportunities/{deal}/{path}", body, ("If-Match", path == "corrections" ? "*" : null));
                var refusal = await reply.Refused();
                (refusal.Status, refusal.Code, refusal.Errors.Single().Where).ShouldBe((403, "forbidden", "/amount"), path);
                reply.Text.ShouldNotContain("CHF");
            }

            var again = await (await blind.Write($"leads/{qualified}/qualification", new { opportunityName = "Lathe", amount = guess, customerName = "Plain" })).Refused();
            (again.Status, again.Code).ShouldBe((409, "lead.qualified"));
        }

        (await crm.Events()).ShouldBe(before);
    }

    [Fact]
    public async Task That_a_hidden_field_was_cleared_is_not_told_either()
    {
        using var blind = await Blind("lead.company");
        (await admin.Patch($"leads/{lead}", new { company = (string?)null, region = (string?)null })).Ok();

        var events = (await blind.Read($"leads/{lead}/events")).Ok();

        events.Text.ShouldContain("\"cleared\":[\"region\"]");
        events.Text.ShouldNotContain("company");
        (await blind.Read($"leads/{lead}/history")).Ok().Text.ShouldNotContain("company");
    }

    [Fact]
    public async Task A_fact_that_holds_what_is_hidden_is_neither_withdrawn_nor_moved_by_those_from_whom_it_is_hidden()
    {
        using var blind = await Blind("opportunity.amount");
        var changed = (await admin.History($"opportunities/{deal}")).First(e => e.GetProperty("type").GetString() == "opportunity_amount_changed").GetProperty("id").GetString();
        var before = await crm.Events();

        foreach (object correction in (object[])[new { eventId = changed, reason = "x", withdrawn = true }, new { eventId = changed, reason = "x", occurredAt = "2026-01-01T00:00:00Z" }])
        {
            var refusal = await (await blind.Write($"opportunities/{deal}/corrections", correction, ("If-Match", "*"))).Refused();
            (refusal.Status, refusal.Errors.Single().Where).ShouldBe((403, "/eventId"));
        }

        (await crm.Events()).ShouldBe(before);
    }

    [Fact]
    public async Task Who_may_not_see_a_field_may_say_it_of_what_he_makes_and_change_the_rest()
    {
        using var blind = await Blind("opportunity.amount", "lead.contact");

        var mine = await blind.Open();
        (await blind.Write("leads", new { source = "form", contact = "Ann" })).Ok();
        (await blind.Write($"opportunities/{mine.Id}/close-date", new { expectedClose = "2030-01-01" })).Ok();
        (await blind.Write($"opportunities/{mine.Id}/win", new { })).Ok();
        (await blind.Write($"leads/{lead}/qualification", new { opportunityName = "Mill", amount = Talk.Money(1m), customerName = "New" })).Ok();
    }

    [Fact]
    public async Task No_word_is_found_in_what_is_hidden_nor_told_by_a_trial()
    {
        using var blind = await Blind("lead.company", "opportunity.amount");

        (await admin.Read("leads?q=Quagmire", ("Crm-Min-Position", position))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(2);
        (await blind.Read("leads?q=Quagmire", ("Crm-Min-Position", position))).Status.ShouldBe(400);
        (await blind.Write($"opportunities/{deal}/win?dryRun=true", new { })).Ok().Text.ShouldNotContain("8765.43");
        (await blind.Write($"opportunities/{deal}/amount?dryRun=true", new { amount = Talk.Money(1m, "CHF") })).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Customers_are_neither_changed_nor_found_by_what_is_hidden()
    {
        using var blind = await Blind("customer.region", "customer.externalIds", "lead.disqualifiedBecause");
        (await admin.Write($"customers/{customer}/external-ids", new { system = "erp", externalId = "4711" })).Ok();
        (await admin.Write($"leads/{lead}/disqualification", new { reason = "bankrupt" })).Ok();

        Where(await Patch(new { region = "North", industry = "mills" })).ShouldBe("/region");
        Where(await Patch(new { region = (string?)null })).ShouldBe("/region");
        (await Patch(new { industry = "mills" })).Status.ShouldBe(200);
        (await blind.Write($"customers/{customer}/external-ids", new { system = "erp", externalId = "4712" })).Status.ShouldBe(403);
        (await blind.Read("customers/by-external/erp/4711")).Text.Length.ShouldBe((await blind.Read("customers/by-external/erp/4712")).Text.Length);
        (await blind.Read("customers/by-external/erp/4711")).Status.ShouldBe(403);
        (await blind.Write($"leads/{lead}/disqualification", new { reason = "bankrupt" })).Status.ShouldBe(403);
        (await blind.Write($"leads/{lead}/qualification", new { opportunityName = "x", amount = Talk.Money(1m), customerName = "x" })).Text.ShouldNotContain("bankrupt");

        string Where(Reply reply) => reply.Body.GetProperty("errors")[0].GetProperty("pointer").GetString()!;

        async Task<Reply> Patch(object body)
        {
            var answer = await blind.PatchAsync($"customers/{customer}", new StringContent(System.Text.Json.JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json"));
            return new Reply(answer, await answer.Content.ReadAsStringAsync());
        }
    }

    private async Task<HttpClient> Blind(params string[] hidden)
    {
        string[] functions = [.. Domain.Access.Functions.All.Where(function => !function.StartsWith("members.", StringComparison.Ordinal))];
        using var message = new HttpRequestMessage(HttpMethod.Put, "roles/blind");
        message.Content = new StringContent(System.Text.Json.JsonSerializer.Serialize(new { functions, scope = "all", hiddenFields = hidden }), System.Text.Encoding.UTF8, "application/json");
        (await admin.SendAsync(message)).EnsureSuccessStatusCode();
        (await admin.Write("members", new { id = "blind", role = "blind" })).Ok();
        return crm.With((await admin.Write("api-keys", new { name = "blind", member = "blind" })).Ok()["key"]);
    }

    [GeneratedRegex("[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")]
    private static partial Regex Ids();
}
