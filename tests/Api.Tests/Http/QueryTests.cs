using System.Text.Json;
using Crm.Api.Http;
using NodaTime;

namespace Crm.Api.Tests.Http;

public sealed class QueryTests(Toy toy) : IClassFixture<Toy>
{
    [Theory]
    [InlineData("limt=5", "limt", "unknown-parameter")]
    [InlineData("Limit=5", "Limit", "unknown-parameter")]
    [InlineData("limit=0", "limit", "out-of-range")]
    [InlineData("limit=201", "limit", "out-of-range")]
    [InlineData("limit=ten", "limit", "wrong-type")]
    [InlineData("limit=", "limit", "wrong-type")]
    [InlineData("limit=5.0", "limit", "wrong-type")]
    [InlineData("limit=5&limit=6", "limit", "duplicate-parameter")]
    [InlineData("cursor=%00", "cursor", "bad-text")]
    [InlineData("asOf=yesterday", "asOf", "not-a-date")]
    [InlineData("asOf=2026-02-31", "asOf", "not-a-date")]
    [InlineData("knownAt=2026-02-28T10:00:00", "knownAt", "not-a-time")]
    [InlineData("knownAt=2026-02-28T10:00:00+08:00", "knownAt", "not-a-time")]
    [InlineData("at=2026-02-28&asOf=2026-02-28", "at", "not-together")]
    [InlineData("at=2026-02-28&knownAt=2026-02-28", "at", "not-together")]
    [InlineData("temperature=tepid", "temperature", "not-one-of")]
    [InlineData("tag=a&tag=", "tag", "missing")]
    public async Task A_wrong_parameter_is_named_with_its_code(string query, string parameter, string code)
    {
        var refusal = await Refused("/enquiries?" + query);

        (refusal.Status, refusal.Code).ShouldBe((400, "invalid"));
        refusal.Errors.ShouldContain(e => e.Where == parameter && e.Code == code, refusal.Json.ToString());
    }

    [Fact]
    public async Task A_misspelt_parameter_is_told_its_nearest_neighbour() =>
        (await Refused("/enquiries?limt=5")).Errors.Single().Message.ShouldBe("There is no parameter 'limt' here. Did you mean 'limit'?");

    [Fact]
    public async Task Three_wrong_parameters_are_three_errors() =>
        (await Refused("/enquiries?limt=5&asOf=x&temperature=y")).Errors.Select(e => e.Where)
            .ShouldBe(["limt", "asOf", "temperature"], ignoreOrder: true);

    [Fact]
    public async Task A_plus_that_became_a_space_is_explained() =>
        (await Refused("/enquiries?asOf=2026-02-28T10:00:00+08:00")).Errors.Single().Message.ShouldContain("%2B");

    [Theory]
    [InlineData("PUT", "/headers?dryRun=1")]
    [InlineData("GET", "/answer?x=1")]
    public async Task An_endpoint_that_takes_no_parameters_refuses_all(string method, string path) =>
        (await Refusal.Of(await toy.Http.SendAsync(new(new(method), path)))).Errors.Single().Code.ShouldBe("unknown-parameter");

    [Fact]
    public async Task Nothing_said_is_the_default()
    {
        var taken = await Taken("/enquiries");

        taken.GetProperty("limit").GetInt32().ShouldBe(50);
        taken.GetProperty("asOf").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task What_is_said_arrives()
    {
        var taken = await Taken("/enquiries?limit=200&cursor=a%2Bb&temperature=luke-warm&tag=x&tag=y&asOf=2026-02-28T10:00:00%2B08:00");

        taken.GetProperty("limit").GetInt32().ShouldBe(200);
        taken.GetProperty("cursor").GetString().ShouldBe("a+b");
        taken.GetProperty("temperature").GetString().ShouldBe("luke-warm");
        taken.GetProperty("tag").EnumerateArray().Select(t => t.GetString()).ShouldBe(["x", "y"]);
        taken.GetProperty("asOf").GetString().ShouldBe("2026-02-28T02:00:00Z");
    }

    [Fact]
    public async Task A_bare_date_is_the_first_instant_of_its_day_where_the_tenant_is() =>
        (await Taken("/enquiries?asOf=2017-04-01")).GetProperty("asOf").GetString().ShouldBe("2017-03-31T16:00:00Z");

    [Fact]
    public async Task At_is_both_instants()
    {
        var taken = await Taken("/enquiries?at=2017-04-01");

        taken.GetProperty("asOf").GetString().ShouldBe("2017-03-31T16:00:00Z");
        taken.GetProperty("knownAt").GetString().ShouldBe("2017-03-31T16:00:00Z");
    }

    [Theory]
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z")]     // clocks went from midnight to one
    [InlineData("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z")]          // a day that Samoa skipped
    [InlineData("America/Havana", "2024-11-03", "2024-11-03T04:00:00Z")]        // midnight came twice; the first one counts
    public void A_day_begins_when_its_zone_says_so(string zone, string day, string instant) =>
        Moment.OfDay(DateOnly.Parse(day)).In(DateTimeZoneProviders.Tzdb[zone]).ShouldBe(DateTimeOffset.Parse(instant));

    private async Task<Refusal> Refused(string path) => await Refusal.Of(await toy.Http.GetAsync(path));

    private async Task<JsonElement> Taken(string path) => JsonDocument.Parse(await toy.Http.GetStringAsync(path)).RootElement;
}
