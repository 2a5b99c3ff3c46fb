using Crm.Api.Lists;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Lists;

/// <summary>Pages, and the cursors that lead from one to the next.</summary>
public sealed class CursorTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Theory]
    [InlineData("sort=openedAt")]
    [InlineData("sort=-amount,name")]
    [InlineData("asOf=2027-01-01")]
    public async Task A_run_of_pages_shows_each_row_once_as_it_was_on_the_first_while_others_write(string how)
    {
        var region = Guid.NewGuid().ToString("N");
        var deals = await Deals(region, 9);
        var last = deals[^1].Position;

        var pages = await Http.Pages($"opportunities?region={region}&limit=2&{how}", last, async () =>
        {
            // Some move in the order, some fall out of the filter, and one is new.
            await Http.Write($"opportunities/{deals[0].Id}/amount", new { amount = Talk.Money(7777m) });
            await Http.Write($"opportunities/{deals[4].Id}/amount", new { amount = Talk.Money(1m) });
            await Http.Write($"opportunities/{deals[8].Id}/assignment", new { region = "elsewhere" });
            var written = await Http.Open(new { region, amount = Talk.Money(105m), occurredAt = "2026-01-05T00:00:00Z" });
            (await Http.Read("opportunities?limit=1", ("Crm-Min-Position", written.Position))).Ok();
        });

        pages.Count.ShouldBe(5);
        pages.SelectMany(page => page.Ids()).ShouldBe(deals.Select(deal => deal.Id.ToString()), ignoreOrder: true);
        pages.SelectMany(page => page.All("region")).Distinct().ShouldBe([region]);
        pages.SelectMany(page => page.Body.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("amount").GetProperty("amount").GetString())
            .ShouldBe(Enumerable.Range(0, 9).Select(i => $"{100 + i}.00"), ignoreOrder: true);
        pages.Select(page => page["position"]).Distinct().Count().ShouldBe(1);
        pages.Select(page => page.Position).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_cursor_with_any_byte_changed_is_refused()
    {
        var cursor = await SomeCursor("opportunities?limit=1", "nextCursor");

        for (var i = 0; i < cursor.Length; i += 3)
        {
            var changed = cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..];
            await Refused($"opportunities?limit=1&cursor={changed}", 400, "bad-cursor");
        }

        await Refused($"opportunities?limit=1&cursor={cursor[..^1]}{(char)(cursor[^1] + 1)}", 400, "bad-cursor");
        await Refused($"opportunities?limit=1&cursor={cursor}A", 400, "bad-cursor");
        await Refused("opportunities?limit=1&cursor=AAAA", 400, "bad-cursor");
    }

    [Theory]
    [InlineData("opportunities?limit=1&status=open")]
    [InlineData("opportunities?limit=1&filter=amount%3E1")]
    [InlineData("opportunities?limit=1&sort=name")]
    [InlineData("opportunities?limit=1&asOf=2027-01-01")]
    [InlineData("leads?limit=1")]
    [InlineData("audit?limit=1")]
    public async Task A_cursor_of_another_question_is_refused(string question) =>
        await Refused($"{question}&cursor={await SomeCursor("opportunities?limit=1", "nextCursor")}", 400, "bad-cursor");

    [Fact]
    public async Task A_cursor_stays_good_when_only_the_looks_of_the_page_change()
    {
        var cursor = await SomeCursor("opportunities?limit=1", "nextCursor");

        (await Http.Read($"opportunities?limit=2&fields=id&total=true&cursor={cursor}")).Ok().Ids().ShouldNotBeEmpty();
    }

    [Fact]
    public void A_cursor_of_another_tenant_or_another_key_is_refused()
    {
        var (ours, theirs) = (new Cursors(new byte[32], () => "1a"), new Cursors([.. Enumerable.Repeat((byte)1, 32)], () => "1a"));
        var cursor = ours.Write(new Cursor(7, ["x", null]), "tenant a");

        var read = ours.Read(cursor, "tenant a", Fault);
        (read.Position, string.Join(',', read.Keys)).ShouldBe((7, "x,"));
        Should.Throw<Crm.Api.Http.Problem>(() => ours.Read(cursor, "tenant b", Fault)).Status.ShouldBe(400);
        Should.Throw<Crm.Api.Http.Problem>(() => theirs.Read(cursor, "tenant a", Fault)).Status.ShouldBe(400);
    }

    [Fact]
    public void A_cursor_of_another_epoch_is_gone()
    {
        var cursors = new Cursors(new byte[32], () => "1a");
        var cursor = cursors.Write(new Cursor(7, []), "question");
        var problem = Should.Throw<Crm.Api.Http.Problem>(() => new Cursors(new byte[32], () => "1b").Read(cursor, "question", Fault));

        (problem.Status, problem.Code, problem.Errors.Single().Parameter).ShouldBe((410, "foreign-epoch", "cursor"));
    }

    [Fact]
    public async Task The_audit_trail_has_cursors_of_the_same_kind()
    {
        var deal = (await Deals(Guid.NewGuid().ToString("N"), 3))[^1];
        var path = "audit?limit=1&kind=opportunity_opened";
        var pages = (await Http.Pages(path, deal.Position, () => Http.Open())).Take(50).ToList();
        var cursor = pages[0]["nextCursor"]!;

        pages.SelectMany(page => page.Ids()).ShouldBeUnique();
        pages.Select(page => page["position"]).Distinct().Count().ShouldBe(1);
        await Refused($"{path}&cursor={(cursor[0] == 'A' ? 'B' : 'A')}{cursor[1..]}", 400, "bad-cursor");
        await Refused($"audit?limit=1&kind=opportunity_won&cursor={cursor}", 400, "bad-cursor");
    }

    [Fact]
    public async Task Links_alone_lead_through_a_list_and_back_to_its_beginning()
    {
        var region = Guid.NewGuid().ToString("N");
        var deals = await Deals(region, 5);
        var (ids, first, next) = (new List<string>(), "", $"/api/v1/opportunities?region={region}&limit=2&sort=name&filter={Listed.Escape("name~\"deal, \"")}");

        while (next is not null)
        {
            var page = await Http.Read(next, ("Crm-Min-Position", deals[^1].Position));
            ids.AddRange(page.Ids());
            (first, next) = (Link(page, "first")!, Link(page, "next"));
        }

        ids.ShouldBe(deals.Select(deal => deal.Id.ToString()));
        (await Http.Read(first)).Ids().ShouldBe(ids.Take(2));
    }

    private async Task<IReadOnlyList<Reply>> Deals(string region, int count)
    {
        var deals = new List<Reply>();
        for (var i = 0; i < count; i++)
        {
            deals.Add(await Http.Open(new { name = $"Deal, {i}", region, amount = Talk.Money(100 + i), occurredAt = $"2026-01-{1 + (i / 2):00}T00:00:00Z" }));
        }

        return deals;
    }

    private async Task<string> SomeCursor(string path, string member)
    {
        await Http.Open();
        return (await Http.Read(path, ("Crm-Min-Position", (await Http.Open()).Position))).Ok()[member]!;
    }

    private async Task Refused(string path, int status, string code)
    {
        var refusal = await (await Http.Read(path)).Refused();
        (refusal.Status, refusal.Errors.Single().Where, refusal.Errors.Single().Code).ShouldBe((status, "cursor", code));
    }

    private static string? Link(Reply page, string relation) => page.Message.Headers.GetValues("Link").Single().Split(", ")
        .Where(link => link.EndsWith($"; rel=\"{relation}\"")).Select(link => link[1..link.IndexOf('>')]).SingleOrDefault();

    private static Crm.Api.Http.Fault Fault(string code, string message) => Crm.Api.Http.Fault.InQuery("cursor", code, message);
}
