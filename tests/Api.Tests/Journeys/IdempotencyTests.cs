namespace Crm.Api.Tests.Journeys;

/// <summary>A client that heard no answer sends its request again, and things are as if it had been sent once.</summary>
public sealed class IdempotencyTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Theory]
    [InlineData("leads", """{"source":"web","contact":"王芳"}""")]
    [InlineData("customers", """{"name":"Hooli"}""")]
    [InlineData("opportunities", """{"name":"Deal","amount":{"amount":"7.00","currency":"EUR"}}""")]
    public async Task What_was_made_under_a_key_is_made_once_and_answered_alike(string records, string body)
    {
        var (first, before) = ((await Http.Write(records, body, ("Idempotency-Key", "make-1"))).Ok(), await crm.Events());
        var second = await Http.Write(records, body, ("Idempotency-Key", "make-1"));

        second.Whole.ShouldBe(first.Whole);
        (first.Replayed, second.Replayed).ShouldBe((null, "true"));
        (await crm.Events()).ShouldBe(before);
    }

    [Fact]
    public async Task Every_change_of_an_opportunity_is_answered_alike_when_it_is_sent_again()
    {
        var deal = $"opportunities/{(await Http.Open()).Id}";
        (string Path, object Body)[] changes =
        [
            ("stage", new { stage = "Proposal" }), ("amount", new { amount = Talk.Money(9m) }), ("close-date", new { expectedClose = "2026-12-31" }),
            ("assignment", new { rep = "An" }), ("touches", new { kind = "visit", direction = "outbound", summary = "很好" }), ("notes", new { text = "注意" }),
            ("win", new { }), ("reopening", new { stage = "Engaging" }), ("loss", new { reason = "price", comment = "太贵" })
        ];
        foreach (var (path, body) in changes)
        {
            var first = (await Http.Write($"{deal}/{path}", body, ("Idempotency-Key", path))).Ok();
            var second = await Http.Write($"{deal}/{path}", body, ("Idempotency-Key", path));

            second.Whole.ShouldBe(first.Whole);
            second.Replayed.ShouldBe("true");
        }

        (await Http.History(deal)).Count.ShouldBe(1 + changes.Length);
    }

    [Fact]
    public async Task A_qualification_that_is_sent_again_names_the_same_three_records()
    {
        var lead = (await Http.Write("leads", new { source = "web", company = "Hooli" })).Id;
        var body = new { opportunityName = "Box", amount = Talk.Money(3m) };
        var first = (await Http.Write($"leads/{lead}/qualification", body, ("Idempotency-Key", "q"))).Ok();
        var second = await Http.Write($"leads/{lead}/qualification", body, ("Idempotency-Key", "q"));

        second.Whole.ShouldBe(first.Whole);
        (await Http.Write($"leads/{lead}/qualification", body)).Ok()["opportunityId"].ShouldBe(first["opportunityId"]);
    }

    [Fact]
    public async Task A_key_stands_for_one_request_only()
    {
        var deal = $"opportunities/{(await Http.Open()).Id}";
        (await Http.Write($"{deal}/stage", new { stage = "Proposal" }, ("Idempotency-Key", "k"))).Ok();
        var before = await crm.Events();

        var refusal = await (await Http.Write($"{deal}/stage", new { stage = "Engaging" }, ("Idempotency-Key", "k"))).Refused();
        (refusal.Status, refusal.Code).ShouldBe((422, "idempotency-key-reused"));
        refusal.Errors.Single().Where.ShouldBe("Idempotency-Key");
        (await crm.Events()).ShouldBe(before);
    }

    [Fact]
    public async Task Fifty_who_send_one_request_at_once_make_one_event()
    {
        var deal = $"opportunities/{(await Http.Open()).Id}";
        var replies = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(_ => Http.Write($"{deal}/notes", new { text = "once" }, ("Idempotency-Key", "same"))));

        replies.Select(r => r.Whole).Distinct().ShouldHaveSingleItem().Item1.ShouldBe(200);
        replies.Count(r => r.Replayed is null).ShouldBe(1);
        (await Http.History(deal)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Fifty_who_open_one_opportunity_at_once_open_one()
    {
        var before = await crm.Events();
        var replies = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(_ => Http.Write("opportunities", new { name = "One", amount = Talk.Money(1m) }, ("Idempotency-Key", "open-one"))));

        replies.Select(r => r.Whole).Distinct().ShouldHaveSingleItem().Item1.ShouldBe(201);
        (await crm.Events()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_first_answer_stands_after_the_story_went_on()
    {
        var deal = $"opportunities/{(await Http.Open()).Id}";
        var body = new { stage = "Proposal" };
        var first = (await Http.Write($"{deal}/stage", body, ("Idempotency-Key", "s"), ("If-Match", "\"1\""))).Ok();
        (await Http.Write($"{deal}/win", new { })).Ok();

        (await Http.Write($"{deal}/stage", body, ("Idempotency-Key", "s"), ("If-Match", "\"1\""))).Whole.ShouldBe(first.Whole);
        (await Http.Write($"{deal}/stage", new { stage = "Engaging" })).Status.ShouldBe(409);
    }

    [Fact]
    public async Task A_refusal_is_not_remembered_under_its_key()
    {
        var deal = $"opportunities/{(await Http.Open()).Id}";
        (await Http.Write($"{deal}/reopening", new { stage = "Proposal" }, ("Idempotency-Key", "r"))).Status.ShouldBe(409);
        (await Http.Write($"{deal}/loss", new { reason = "price" })).Ok();

        (await Http.Write($"{deal}/reopening", new { stage = "Proposal" }, ("Idempotency-Key", "r"))).Ok().Replayed.ShouldBeNull();
    }

    [Fact]
    public async Task A_key_counts_for_one_address_only()
    {
        var (one, other) = ((await Http.Open()).Id, (await Http.Open()).Id);
        (string, string?) key = ("Idempotency-Key", "scoped");

        (await Http.Write($"opportunities/{one}/win", new { }, key)).Ok().Replayed.ShouldBeNull();
        (await Http.Write($"opportunities/{other}/win", new { }, key)).Ok().Replayed.ShouldBeNull();
        (await Http.Write($"opportunities/{other}/reopening", new { }, key)).Ok().Replayed.ShouldBeNull();
    }

    [Fact]
    public async Task What_changed_nothing_is_remembered_too()
    {
        var deal = $"opportunities/{(await Http.Open()).Id}";
        var first = (await Http.Write($"{deal}/stage", new { stage = "Prospecting" }, ("Idempotency-Key", "n"))).Ok();
        (await Http.Write($"{deal}/stage", new { stage = "Proposal" })).Ok();

        (await Http.Write($"{deal}/stage", new { stage = "Prospecting" }, ("Idempotency-Key", "n"))).Whole.ShouldBe(first.Whole);
        (await Http.History(deal)).Count.ShouldBe(2);
    }
}
