using System.Text;
using Crm.Api.Tests.Http;

namespace Crm.Api.Tests.Journeys;

/// <summary>What is wrong is refused with the place and the reason, and nothing of it is written.</summary>
public sealed class BadInputTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task Before_it_was_there_a_record_is_said_not_to_have_been_there_then()
    {
        var deal = await Http.Open(new { occurredAt = "2026-03-01T00:00:00Z" });
        foreach (var path in new[] { $"opportunities/{deal.Id}?asOf=2026-02-01", $"opportunities/{deal.Id}/events?knownAt=2026-02-01", $"opportunities/{deal.Id}/history?at=2026-02-01" })
        {
            var refusal = await Http.Read(path);
            refusal.Status.ShouldBe(404);
            refusal.Text.ShouldContain("or there was none at that time");
        }

        (await Http.Read($"opportunities/{Guid.NewGuid()}")).Text.ShouldNotContain("at that time");
    }

    [Theory]
    [InlineData("stage", """{"stage":"Dreaming"}""", 422, "/stage", "opportunity.stage-unknown")]
    [InlineData("stage", """{"stage":7}""", 400, "/stage", "wrong-type")]
    [InlineData("stage", """{}""", 400, "/stage", "missing")]
    [InlineData("stage", """{"stage":"Proposal","occurredAt":"tomorrow"}""", 400, "/occurredAt", "not-a-time")]
    [InlineData("stage", """{"stage":"Proposal","occurredAt":"2019-12-31T23:59:59Z"}""", 422, "/occurredAt", "opportunity.before-first")]
    [InlineData("reopening", """{"stage":"Dreaming","occurredAt":"2019-01-01T00:00:00Z"}""", 422, "/occurredAt", "opportunity.before-first")]
    [InlineData("win", """{"occurredAt":"0001-01-01T00:00:00Z"}""", 422, "/occurredAt", "opportunity.before-first")]
    [InlineData("amount", """{"amount":{"amount":1054.00,"currency":"USD"}}""", 400, "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":{"amount":"1e3","currency":"USD"}}""", 400, "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":{"amount":"ten","currency":"USD"}}""", 400, "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":{"amount":"1.005","currency":"USD"}}""", 400, "/amount/amount", "too-precise")]
    [InlineData("amount", """{"amount":{"amount":"-1.00","currency":"USD"}}""", 422, "/amount", "opportunity.amount")]
    [InlineData("amount", """{"amount":{"amount":"1000000000000.01","currency":"USD"}}""", 400, "/amount/amount", "too-large")]
    [InlineData("amount", """{"amount":{"amount":"1.00","currency":"XXQ"}}""", 400, "/amount/currency", "not-a-currency")]
    [InlineData("amount", """{"amount":{"amount":"1.00","currency":"usd"}}""", 400, "/amount/currency", "not-a-currency")]
    [InlineData("amount", """{"amount":{"amount":"1.00","currency":"EUR"}}""", 422, "/amount", "opportunity.currency")]
    [InlineData("win", """{"amount":{"amount":"1.00","currency":"EUR"}}""", 422, "/amount", "opportunity.currency")]
    [InlineData("close-date", """{"expectedClose":"2026-02-31"}""", 400, "/expectedClose", "not-a-date")]
    [InlineData("loss", """{"reason":"   "}""", 400, "/reason", "missing")]
    [InlineData("loss", """{"reason":"a\u0000b"}""", 400, "/reason", "bad-text")]
    [InlineData("loss", """{"reason":"a\ud800b"}""", 400, "/reason", "bad-text")]
    [InlineData("loss", """{"reason":"price","resaon":"typo"}""", 400, "/resaon", "unknown-member")]
    [InlineData("loss", """{"reason":"price","reason":"twice"}""", 400, "/reason", "duplicate-member")]
    [InlineData("touches", """{"kind":"shout","direction":"inbound"}""", 400, "/kind", "not-one-of")]
    [InlineData("touches", """{"kind":"call","direction":"inbound","durationSeconds":-1}""", 400, "/durationSeconds", "out-of-range")]
    [InlineData("touches", """{"kind":"call","direction":"inbound","id":"seven"}""", 400, "/id", "bad-id")]
    public async Task A_change_of_an_opportunity_is_refused_at_its_place(string path, string body, int status, string where, string code)
    {
        var deal = await Http.Open(new { occurredAt = "2020-01-01T00:00:00Z" });

        await Refused($"opportunities/{deal.Id}/{path}", body, status, where, code);
    }

    [Theory]
    [InlineData("opportunities", """{"name":"x","amount":{"amount":"1.00","currency":"USD"},"stage":"Dreaming"}""", 422, "/stage", "opportunity.stage-unknown")]
    [InlineData("opportunities", """{"name":"x","amount":{"amount":"1.00","currency":"USD"},"pipeline":"oil"}""", 422, "/pipeline", "opportunity.pipeline-unknown")]
    [InlineData("opportunities", """{"name":"x","amount":{"amount":"-1.00","currency":"USD"}}""", 422, "/amount", "opportunity.amount")]
    [InlineData("opportunities", """{"name":"x","amount":"1.00"}""", 400, "/amount", "wrong-type")]
    [InlineData("opportunities", """{"amount":{"amount":"1.00","currency":"USD"}}""", 400, "/name", "missing")]
    [InlineData("opportunities", """{"name":"x","amount":{"amount":"1.00","currency":"USD"},"customerId":"7"}""", 400, "/customerId", "bad-id")]
    [InlineData("leads", """{"source":"web","employees":-1}""", 400, "/employees", "out-of-range")]
    [InlineData("leads", """{"source":"web","occurredAt":"2026-02-31T00:00:00Z"}""", 400, "/occurredAt", "not-a-time")]
    [InlineData("customers", """{"name":"x","parent":"y"}""", 400, "/parent", "unknown-member")]
    public async Task A_new_record_is_refused_at_its_place(string path, string body, int status, string where, string code) =>
        await Refused(path, body, status, where, code);

    [Theory]
    [InlineData("opportunities", """{"name":"x","amount":{"amount":"1.00","currency":"USD"},"occurredAt":"@"}""")]
    [InlineData("leads", """{"source":"web","occurredAt":"@"}""")]
    [InlineData("customers", """{"name":"x","occurredAt":"@"}""")]
    public async Task Facts_have_happened(string path, string body)
    {
        (await Http.Write(path, body.Replace("@", DateTimeOffset.UtcNow.AddMinutes(4).Text()))).Ok();

        await Refused(path, body.Replace("@", DateTimeOffset.UtcNow.AddMinutes(6).Text()), 422, "/occurredAt", "time.ahead");
    }

    [Fact]
    public async Task A_wrong_version_is_refused_with_the_right_one()
    {
        var deal = await Http.Open();

        await Refused($"opportunities/{deal.Id}/stage", """{"stage":"Proposal"}""", 412, "If-Match", "precondition-failed", ("If-Match", "\"7\""));
        await Refused($"opportunities/{deal.Id}/stage", """{"stage":"Proposal"}""", 400, "If-Match", "bad-entity-tag", ("If-Match", "W/\"1\""));
        await Refused($"opportunities/{deal.Id}/stage", """{"stage":"Proposal"}""", 400, "Idempotency-Key", "bad-key", ("Idempotency-Key", "a b"));
    }

    [Fact]
    public async Task What_is_closed_cannot_be_closed_otherwise()
    {
        var deal = $"opportunities/{(await Http.Open()).Id}";
        (await Http.Write($"{deal}/loss", new { reason = "price" })).Ok();

        await Refused($"{deal}/win", "{}", 409, null, "opportunity.closed");
        await Refused($"{deal}/stage", """{"stage":"Proposal"}""", 409, null, "opportunity.closed");
        await Refused($"{deal}/amount", """{"amount":{"amount":"1.00","currency":"USD"}}""", 409, null, "opportunity.closed");
    }

    [Theory]
    [InlineData("""{"eventId":"@","reason":"x","lossReason":"y"}""", "/lossReason", "opportunity.correction-field")]
    [InlineData("""{"eventId":"@","reason":"x","withdrawn":true}""", "/withdrawn", "opportunity.correction-field")]
    [InlineData("""{"eventId":"@","reason":"x"}""", null, "opportunity.correction-empty")]
    [InlineData("""{"eventId":"@","reason":"x","stage":"Dreaming"}""", "/stage", "opportunity.stage-unknown")]
    [InlineData("""{"eventId":"@","reason":"x","amount":{"amount":"1.00","currency":"EUR"}}""", "/amount", "opportunity.currency")]
    [InlineData("""{"eventId":"0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52","reason":"x","stage":"Proposal"}""", "/eventId", "opportunity.event-unknown")]
    public async Task A_correction_has_to_fit_what_it_corrects(string body, string? where, string code)
    {
        var deal = await Http.Open();
        var opening = (await Http.History($"opportunities/{deal.Id}"))[0].GetProperty("id").GetString();

        await Refused($"opportunities/{deal.Id}/corrections", body.Replace("@", opening), 422, where, code, ("If-Match", deal.ETag));
    }

    [Fact]
    public async Task A_correction_says_which_version_it_puts_right_and_lies_in_the_past()
    {
        var deal = await Http.Open();
        var opening = (await Http.History($"opportunities/{deal.Id}"))[0].GetProperty("id").GetString();
        var (path, ahead) = ($"opportunities/{deal.Id}/corrections", DateTimeOffset.UtcNow.AddHours(1).Text());

        await Refused(path, $$"""{"eventId":"{{opening}}","reason":"x","stage":"Proposal"}""", 428, "If-Match", "precondition-required");
        await Refused(path, $$"""{"eventId":"{{opening}}","reason":"x","occurredAt":"{{ahead}}"}""", 422, "/occurredAt", "time.ahead", ("If-Match", "\"1\""));
    }

    [Fact]
    public async Task A_lead_without_a_company_needs_a_name_for_its_customer()
    {
        var lead = (await Http.Write("leads", new { source = "web" })).Ok().Id;
        const string Amount = """ "amount":{"amount":"1.00","currency":"USD"} """;

        await Refused($"leads/{lead}/qualification", $$"""{"opportunityName":"x",{{Amount}}}""", 422, "/customerName", "lead.customer-name");
        await Refused($"leads/{lead}/qualification", $$"""{"opportunityName":"x",{{Amount}},"customerName":"y","stage":"Dreaming"}""", 422, "/stage", "opportunity.stage-unknown");
        await Refused($"leads/{lead}/qualification", $$"""{"opportunityName":"x",{{Amount}},"customerId":"0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52"}""", 422, "/customerId", "customer.unknown");
    }

    [Theory]
    [InlineData("pipeline?by=nonsense", "by", "not-one-of")]
    [InlineData("pipeline?by=rep,rep", "by", "not-together")]
    [InlineData("pipeline?asof=2026-01-01", "asof", "unknown-parameter")]
    [InlineData("pipeline?asOf=2026-02-31", "asOf", "not-a-date")]
    [InlineData("pipeline?at=2026-01-01&asOf=2026-01-01", "at", "not-together")]
    [InlineData("pipeline?knownAt=2999-01-01", "knownAt", "in-the-future")]
    [InlineData("pipeline?at=2999-01-01", "at", "in-the-future")]
    [InlineData("opportunities?limit=0", "limit", "out-of-range")]
    [InlineData("opportunities?limit=201", "limit", "out-of-range")]
    [InlineData("opportunities?limt=2", "limt", "unknown-parameter")]
    [InlineData("opportunities?rep=An&rep=Bo", "rep", "duplicate-parameter")]
    [InlineData("opportunities?cursor=AAAA", "cursor", "bad-cursor")]
    [InlineData("leads?statsu=new", "statsu", "unknown-parameter")]
    [InlineData("leads/0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52?asOf=yesterday", "asOf", "not-a-date")]
    public async Task A_question_is_refused_at_its_parameter(string path, string parameter, string code)
    {
        var refusal = await (await Http.Read(path)).Refused();

        (refusal.Status, refusal.Errors.Single().Where, refusal.Errors.Single().Code).ShouldBe((400, parameter, code));
    }

    [Theory]
    [InlineData("seven")]
    [InlineData("0198c5f2-7b1e-7c3a-9d39")]
    [InlineData("0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e5g")]
    public async Task What_is_no_id_is_found_nowhere(string id)
    {
        (await (await Http.Read($"leads/{id}")).Refused()).Status.ShouldBe(404);
        await Refused($"opportunities/{id}/win", "{}", 404, null, "not-found");
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_too_large() =>
        await Refused("leads", $$"""{"source":"{{new string('x', 10 << 20)}}"}""", 413, null, "body-too-large");

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Only_json_in_utf8_is_taken(string type)
    {
        var before = await crm.Events();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"source":"web"}"""));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        var refusal = await Refusal.Of(await Http.PostAsync("leads", content));
        (refusal.Status, refusal.Errors.Single().Where).ShouldBe((415, "Content-Type"));
        (await crm.Events()).ShouldBe(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"source\":")]
    [InlineData("[]x")]
    public async Task What_is_not_json_is_refused(string body) => await Refused("leads", body, 400, null, "not-json");

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var refusal = await (await Http.Write("opportunities",
            """{"name":7,"amount":{"amount":5,"currency":"?"},"expectedClose":"2026-02-31","rpe":"An","tags":["ok",1]}""")).Refused();

        refusal.Errors.Select(e => e.Where).ShouldBe(
            ["/name", "/amount/amount", "/amount/currency", "/expectedClose", "/rpe", "/tags/1"], ignoreOrder: true);
    }

    private async Task Refused(string path, string body, int status, string? where, string code, params IReadOnlyList<(string, string?)> headers)
    {
        var before = await crm.Events();
        var refusal = await (await Http.Write(path, body, headers)).Refused();

        refusal.Status.ShouldBe(status, refusal.Json.ToString());
        (where is null ? refusal.Code : refusal.Errors.Single().Code).ShouldBe(code);
        if (where is not null) refusal.Errors.Single().Where.ShouldBe(where);
        (await crm.Events()).ShouldBe(before);
    }
}
