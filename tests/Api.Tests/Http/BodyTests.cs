using System.Text;
using System.Text.Json;
using Crm.Api.Http;

namespace Crm.Api.Tests.Http;

public sealed class BodyTests(Toy toy) : IClassFixture<Toy>
{
    [Theory]
    // Text
    [InlineData("name", null, "/name", "missing")]
    [InlineData("name", "null", "/name", "missing")]
    [InlineData("name", "\"  \"", "/name", "missing")]
    [InlineData("name", "7", "/name", "wrong-type")]
    [InlineData("name", "[]", "/name", "wrong-type")]
    [InlineData("name", "\"a\\u0000b\"", "/name", "bad-text")]
    [InlineData("name", "\"a\\u001fb\"", "/name", "bad-text")]
    [InlineData("name", "\"a\\ud800b\"", "/name", "bad-text")]
    [InlineData("name", "\"\\udc00\"", "/name", "bad-text")]
    [InlineData("note", "\"123456789012345678901\"", "/note", "too-long")]
    // Ids, choices, numbers, truths
    [InlineData("owner", "\"7\"", "/owner", "bad-id")]
    [InlineData("owner", "\"{0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52}\"", "/owner", "bad-id")]
    [InlineData("temperature", "\"warm\"", "/temperature", "not-one-of")]
    [InlineData("temperature", "\"LukeWarm\"", "/temperature", "not-one-of")]
    [InlineData("temperature", "1", "/temperature", "wrong-type")]
    [InlineData("score", "\"7\"", "/score", "wrong-type")]
    [InlineData("score", "7.0", "/score", "wrong-type")]
    [InlineData("score", "7e0", "/score", "wrong-type")]
    [InlineData("score", "101", "/score", "out-of-range")]
    [InlineData("score", "-1", "/score", "out-of-range")]
    [InlineData("score", "99999999999999999999999999", "/score", "out-of-range")]
    [InlineData("views", "9223372036854775808", "/views", "out-of-range")]
    [InlineData("urgent", "\"true\"", "/urgent", "wrong-type")]
    [InlineData("urgent", "1", "/urgent", "wrong-type")]
    // Days and times
    [InlineData("due", "\"2026-02-31\"", "/due", "not-a-date")]
    [InlineData("due", "\"2026-13-01\"", "/due", "not-a-date")]
    [InlineData("due", "\"0000-01-01\"", "/due", "not-a-date")]
    [InlineData("due", "\"28.2.2026\"", "/due", "not-a-date")]
    [InlineData("due", "\"2026-02-28\\n\"", "/due", "not-a-date")]
    [InlineData("due", "20260228", "/due", "wrong-type")]
    [InlineData("calledAt", "\"2026-02-28T17:30:00\"", "/calledAt", "not-a-time")]
    [InlineData("calledAt", "\"2026-02-28 17:30:00Z\"", "/calledAt", "not-a-time")]
    [InlineData("calledAt", "\"2026-02-31T17:30:00Z\"", "/calledAt", "not-a-time")]
    [InlineData("calledAt", "\"2026-02-28T24:00:00Z\"", "/calledAt", "not-a-time")]
    [InlineData("calledAt", "\"2016-12-31T23:59:60Z\"", "/calledAt", "not-a-time")]
    [InlineData("calledAt", "\"2026-02-28T17:30:00+15:00\"", "/calledAt", "not-a-time")]
    [InlineData("calledAt", "\"0001-01-01T00:00:00+08:00\"", "/calledAt", "not-a-time")]
    [InlineData("calledAt", "\"9999-12-31T23:59:59-08:00\"", "/calledAt", "not-a-time")]
    // Money
    [InlineData("amount", "1054", "/amount", "wrong-type")]
    [InlineData("amount", "{}", "/amount/amount", "missing")]
    [InlineData("amount", """{"amount":1054.00,"currency":"USD"}""", "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":true,"currency":"USD"}""", "/amount/amount", "wrong-type")]
    [InlineData("amount", """{"amount":"1e3","currency":"USD"}""", "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":"0x10","currency":"USD"}""", "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":" 10","currency":"USD"}""", "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":"10\n","currency":"USD"}""", "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":"+10","currency":"USD"}""", "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":"1,054.00","currency":"USD"}""", "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":"007","currency":"USD"}""", "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":"","currency":"USD"}""", "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":"١٢","currency":"USD"}""", "/amount/amount", "not-an-amount")]
    [InlineData("amount", """{"amount":"1.005","currency":"USD"}""", "/amount/amount", "too-precise")]
    [InlineData("amount", """{"amount":"1.000","currency":"USD"}""", "/amount/amount", "too-precise")]
    [InlineData("amount", """{"amount":"1.0","currency":"JPY"}""", "/amount/amount", "too-precise")]
    [InlineData("amount", """{"amount":"1.000000000000000000000000000000001","currency":"USD"}""", "/amount/amount", "too-precise")]
    [InlineData("amount", """{"amount":"1000000000000.01","currency":"USD"}""", "/amount/amount", "too-large")]
    [InlineData("amount", """{"amount":"99999999999999999999999999999999999999999","currency":"USD"}""", "/amount/amount", "too-large")]
    [InlineData("amount", """{"amount":"1","currency":"usd"}""", "/amount/currency", "not-a-currency")]
    [InlineData("amount", """{"amount":"1","currency":"XXX"}""", "/amount/currency", "not-a-currency")]
    [InlineData("amount", """{"amount":"1","currency":"USD","cents":5}""", "/amount/cents", "unknown-member")]
    [InlineData("rate", "0.25", "/rate", "not-an-amount")]
    // Lists and records
    [InlineData("tags", "\"a\"", "/tags", "wrong-type")]
    [InlineData("tags", "[\"a\",\"b\",\"c\",\"d\"]", "/tags", "too-many")]
    [InlineData("tags", "[\"a\",7]", "/tags/1", "wrong-type")]
    [InlineData("tags", "[\"a\",null]", "/tags/1", "missing")]
    [InlineData("tags", "[\"a\",\" \"]", "/tags/1", "missing")]
    [InlineData("tags", "[\"12345678901\"]", "/tags/0", "too-long")]
    [InlineData("address", "{}", "/address/city", "missing")]
    [InlineData("address", "[]", "/address", "wrong-type")]
    [InlineData("branches", """[{"city":"Wuxi"},{"city":7}]""", "/branches/1/city", "wrong-type")]
    // Members
    [InlineData("nmae", "1", "/nmae", "unknown-member")]
    [InlineData("Name", "1", "/Name", "unknown-member")]
    [InlineData("a/b~c", "1", "/a~1b~0c", "unknown-member")]
    [InlineData("\\ud800", "1", "", "bad-text")]
    public async Task A_wrong_member_is_named_with_its_place_and_code(string member, string? json, string pointer, string code)
    {
        var refusal = await Refused(Requests.Enquiry((member, json)));

        refusal.Status.ShouldBe(400);
        refusal.Code.ShouldBe("invalid");
        refusal.Errors.ShouldContain(e => e.Where == pointer && e.Code == code, refusal.Json.ToString());
        refusal.Errors.ShouldAllBe(e => Code.All.Contains(e.Code) && e.Message.EndsWith('.') | e.Message.EndsWith('?'));
    }

    [Fact]
    public async Task A_good_body_is_taken()
    {
        var response = await toy.Http.Send(Requests.Enquiry());
        response.IsSuccessStatusCode.ShouldBeTrue(string.Join("\n", toy.Log.Lines));
    }

    [Fact]
    public async Task An_amount_given_as_a_number_is_refused_and_named()
    {
        var error = (await Refused(Requests.Enquiry(("amount", """{"amount":1054.00,"currency":"USD"}""")))).Errors.ShouldHaveSingleItem();

        error.Where.ShouldBe("/amount/amount");
        error.Message.ShouldStartWith("Write it as text");
    }

    [Fact]
    public async Task Three_wrong_members_are_three_errors()
    {
        var refusal = await Refused(Requests.Enquiry(("name", null), ("due", "\"2026-02-31\""), ("tags", "[\"a\",\"b\",7]")));

        refusal.Errors.Select(e => (e.Where, e.Code))
            .ShouldBe([("/name", "missing"), ("/due", "not-a-date"), ("/tags/2", "wrong-type")], ignoreOrder: true);
        refusal.Detail.ShouldStartWith("3 things are wrong");
    }

    [Fact]
    public async Task A_day_that_does_not_exist_is_explained() =>
        (await Refused(Requests.Enquiry(("due", "\"2026-02-31\"")))).Errors.Single().Message
            .ShouldBe("'2026-02-31' is not a date: February 2026 has 28 days.");

    [Fact]
    public async Task A_misspelt_member_is_told_its_nearest_neighbour() =>
        (await Refused(Requests.Enquiry(("nmae", "1")))).Errors.Single().Message.ShouldContain("Did you mean 'name'?");

    [Fact]
    public async Task A_wrong_choice_is_told_the_right_ones() =>
        (await Refused(Requests.Enquiry(("temperature", "\"lukewarm\"")))).Errors.Single().Message
            .ShouldBe("'lukewarm' is not one of 'cold', 'luke-warm', 'hot'. Did you mean 'luke-warm'?");

    [Fact]
    public async Task A_member_given_twice_is_refused() =>
        (await Refused(Requests.Enquiry()[..^1] + ",\"name\":\"Bob\"}")).Errors.Single()
            .ShouldBe(("/name", "duplicate-member", "'name' is given more than once."));

    [Fact]
    public async Task Null_is_absent_where_a_member_is_optional() =>
        (await toy.Http.Send(Requests.Enquiry(("note", "null"), ("discount", "null"), ("before", "null")))).EnsureSuccessStatusCode();

    [Fact]
    public async Task Text_is_trimmed_and_keeps_what_is_inside()
    {
        var answer = await Taken(Requests.Enquiry(("name", "\" 王\\t芳\\n😀 \""), ("note", "\"  \"")));

        answer.GetProperty("name").GetString().ShouldBe("王\t芳\n😀");
        answer.GetProperty("note").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Length_is_counted_in_characters_not_in_halves_of_them() =>
        (await toy.Http.Send(Requests.Enquiry(("note", $"\"{string.Concat(Enumerable.Repeat("😀", 20))}\"")))).EnsureSuccessStatusCode();

    [Fact]
    public async Task A_time_is_cut_to_microseconds_and_kept_in_utc() =>
        (await Taken(Requests.Enquiry(("calledAt", "\"2026-02-28T17:30:00.1234569+08:00\"")))).GetProperty("calledAt").GetString()
            .ShouldBe("2026-02-28T09:30:00.123456Z");

    [Fact]
    public async Task An_amount_with_fewer_decimals_gets_those_of_its_currency() =>
        (await Taken(Requests.Enquiry(("amount", """{"amount":"-5.5","currency":"USD"}"""))))
            .GetProperty("amount").GetProperty("amount").GetString().ShouldBe("-5.50");

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  ", "line 1, byte 3")]
    [InlineData("{", "line 1, byte 2")]
    [InlineData("{\"a\":1,\n \"b\":}", "line 2, byte 6")]
    [InlineData("{} {}", "line 1, byte 4")]
    [InlineData("{\"a\":1,}", "line 1, byte 8")]
    [InlineData("{/**/}", "line 1, byte 2")]
    [InlineData("{'a':1}", "line 1, byte 2")]
    [InlineData("NaN", "line 1, byte 1")]
    public async Task What_is_not_json_is_refused_with_the_place_where_it_stops_being_so(string body, string where)
    {
        var refusal = await Refused(body);

        (refusal.Status, refusal.Code).ShouldBe((400, "not-json"));
        refusal.Detail.ShouldContain(where);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("7")]
    public async Task A_body_that_is_not_an_object_is_refused_as_a_whole(string body) =>
        (await Refused(body)).Errors.Single().ShouldSatisfyAllConditions(e => e.Where.ShouldBe(""), e => e.Code.ShouldBe("wrong-type"));

    [Fact]
    public async Task Nesting_ends_at_thirty_two()
    {
        static string Nested(int depth) => depth == 0 ? "{\"name\":\"leaf\"}" : $"{{\"name\":\"a\",\"branches\":[{Nested(depth - 1)}]}}";

        (await toy.Http.Send(Nested(15), "/branches")).EnsureSuccessStatusCode();
        (await Refusal.Of(await toy.Http.Send(Nested(16), "/branches"))).Code.ShouldBe("not-json");
        (await Refusal.Of(await toy.Http.Send(new string('[', 100_000), "/branches"))).Code.ShouldBe("not-json");
    }

    [Fact]
    public async Task Broken_utf8_is_named_at_its_place()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes(Requests.Enquiry(("note", "\"?\"")))];
        body[Array.LastIndexOf(body, (byte)'?')] = 0xFF;
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");

        (await Refusal.Of(await toy.Http.PostAsync("/enquiries", content))).Errors.Single().ShouldSatisfyAllConditions(
            e => e.Where.ShouldBe("/note"), e => e.Code.ShouldBe("bad-text"));
    }

    [Fact]
    public async Task A_byte_order_mark_is_overlooked() => (await toy.Http.Send("\uFEFF" + Requests.Enquiry())).EnsureSuccessStatusCode();

    [Fact]
    public async Task Ten_thousand_faults_are_told_as_a_hundred()
    {
        var refusal = await Refused("{" + string.Join(",", Enumerable.Range(0, 10_000).Select(i => $"\"x{i}\":1")) + "}");

        refusal.Errors.Count.ShouldBe(100);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Only_json_in_utf8_is_a_supported_media_type(string? type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Requests.Enquiry()));
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);

        var refusal = await Refusal.Of(await toy.Http.PostAsync("/enquiries", content));
        (refusal.Status, refusal.Code).ShouldBe((415, "unsupported-media-type"));
        refusal.Errors.Single().Where.ShouldBe("Content-Type");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=\"UTF-8\"")]
    public async Task Json_in_utf8_is_taken_however_it_is_spelt(string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Requests.Enquiry()));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        (await toy.Http.PostAsync("/enquiries", content)).EnsureSuccessStatusCode();
    }

    private async Task<Refusal> Refused(string body) => await Refusal.Of(await toy.Http.Send(body));

    private async Task<JsonElement> Taken(string body) =>
        JsonDocument.Parse(await (await toy.Http.Send(body)).EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement;
}
