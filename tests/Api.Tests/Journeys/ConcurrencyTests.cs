namespace Crm.Api.Tests.Journeys;

public sealed class ConcurrencyTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task Of_twenty_who_act_on_one_version_one_succeeds_and_the_others_hear_the_current_one()
    {
        var opened = await Http.Open();
        var replies = await Change(opened.Id, ("If-Match", opened.ETag));

        replies.Count(r => r.Status == 200).ShouldBe(1);
        foreach (var late in replies.Where(r => r.Status != 200))
        {
            var refusal = await late.Refused();
            (refusal.Status, refusal.Code, late.ETag).ShouldBe((412, "precondition-failed", "\"2\""));
            refusal.Json.GetProperty("currentVersion").GetInt64().ShouldBe(2);
            refusal.Errors.Single().Where.ShouldBe("If-Match");
        }

        (await Http.History($"opportunities/{opened.Id}")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Twenty_who_name_no_version_go_in_one_after_the_other()
    {
        var opened = await Http.Open();
        var replies = await Change(opened.Id);

        replies.Select(r => r.Ok()["version"]).ShouldBe(Enumerable.Range(2, 20).Select(v => $"{v}"), ignoreOrder: true);
        var last = replies.Single(r => r.ETag == "\"21\"");
        (await Http.Read($"opportunities/{opened.Id}")).ETag.ShouldBe(last.ETag);
        (await Http.History($"opportunities/{opened.Id}")).Select(e => e.GetProperty("data").GetProperty("amount").GetProperty("amount").GetString())
            .ShouldBeUnique();
    }

    [Fact]
    public async Task Of_twenty_who_win_and_lose_at_once_one_decides_it()
    {
        var deal = $"opportunities/{(await Http.Open()).Id}";
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? Http.Write($"{deal}/win", new { reference = $"PO-{i}" })
            : Http.Write($"{deal}/loss", new { reason = $"reason {i}" })));

        replies.Select(r => r.Status).Order().ShouldBe([200, .. Enumerable.Repeat(409, 19)]);
        (await Http.History(deal)).Count.ShouldBe(2);
    }

    private Task<Reply[]> Change(Guid deal, params IReadOnlyList<(string, string?)> headers) => Task.WhenAll(
        Enumerable.Range(1, 20).Select(i => Http.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(i) }, headers)));
}
