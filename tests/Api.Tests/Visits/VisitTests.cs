using System.Security.Cryptography;
using System.Text.Json;
using Crm.Api.Tests.Attachments;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Visits;

/// <summary>Visits that phones tell of when they are in a network again: each once, and each looked at.</summary>
public sealed class VisitTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    // In Shanghai; a hundred metres to the north of it; and 85 km away.
    private static readonly object Shop = new { latitude = 31.2304, longitude = 121.4737 };
    private static readonly object NextDoor = new { latitude = 31.2313, longitude = 121.4737, accuracyMetres = 15 };
    private static readonly object Suzhou = new { latitude = 31.2989, longitude = 120.5853, accuracyMetres = 15 };

    private static int tenants;

    [Fact]
    public async Task What_is_told_again_in_part_or_in_another_order_changes_nothing()
    {
        using var http = await Tenant();
        var (customer, deal) = await Customer(http);
        var lead = (await http.Write("leads", new { source = "fair", company = "Acme" })).Ok().Id;
        var visits = new[]
        {
            Visit(NextDoor, "2026-03-02T02:00:00Z", new { opportunityId = deal, note = "Mr Wang was in.", ticks = new[] { "shelf" },
                until = "2026-03-02T02:30:00Z" }),
            Visit(NextDoor, "2026-03-03T02:00:00Z", new { customerId = customer, outcome = "restocked" }),
            Visit(NextDoor, "2026-03-04T02:00:00Z", new { leadId = lead, kind = "meeting" })
        };

        var first = await Sync(http, "phone-1", visits[1], visits[0], visits[2]);
        var events = await crm.Events();
        var again = await Sync(http, "phone-1", [.. visits.AsEnumerable().Reverse()]);
        var part = await Sync(http, "phone-1", visits[0]);

        (await crm.Events()).ShouldBe(events);
        first.Select(Outcome).ShouldBe(["created", "created", "created"]);
        again.Concat(part).Select(Outcome).Distinct().ShouldBe(["unchanged"]);
        again.Select(item => Id(item)).ShouldBe([Id(first[2]), Id(first[0]), Id(first[1])]);
        part[0].GetProperty("distanceMetres").GetInt32().ShouldBe(100);
        Id((await Sync(http, "phone-2", visits[0]))[0]).ShouldNotBe(Id(first[1]));

        var told = (await http.Read($"opportunities/{deal}/events")).Ok().Body.GetProperty("items").EnumerateArray()
            .First(e => e.GetProperty("type").GetString() == "opportunity_touched").GetProperty("data");
        (told.GetProperty("summary").GetString(), told.GetProperty("durationSeconds").GetInt32(), told.GetProperty("place").GetString())
            .ShouldBe(("Mr Wang was in.", 1800, "31.231300,121.473700"));
        (await crm.TablesWith("31.231300")).ShouldBeEmpty();
        (await crm.TablesWith("Mr Wang was in.")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_phones_of_one_person_that_tell_at_once_do_not_miss_that_he_was_too_fast()
    {
        using var http = await Tenant();
        var (customer, _) = await Customer(http);
        for (var day = 2; day <= 9; day++)
        {
            var told = await Task.WhenAll(
                Sync(http, "phone-1", Visit(NextDoor, $"2026-03-0{day}T02:00:00Z", new { customerId = customer })),
                Sync(http, "phone-2", Visit(Suzhou, $"2026-03-0{day}T02:05:00Z", new { customerId = customer })));

            told.SelectMany(items => items).Count(item => item.GetRawText().Contains("too-fast", StringComparison.Ordinal))
                .ShouldBe(1, $"on the {day}th the one that was told later is too fast");
        }
    }

    [Fact]
    public async Task One_that_is_wrong_stops_none_of_the_others_and_is_told_where()
    {
        using var http = await Tenant();
        var (customer, deal) = await Customer(http);
        var ahead = DateTimeOffset.UtcNow.AddHours(1).ToString("O");
        var known = Visit(NextDoor, "2026-03-02T02:00:00Z", new { opportunityId = deal });
        await Sync(http, "phone-1", known);

        var items = await Sync(http, "phone-1",
            Visit(new { latitude = 91, longitude = "east" }, "2026-03-02T03:00:00Z", new { customerId = customer }),
            Visit(NextDoor, "2026-03-02T03:00:00Z", new { customerId = customer, opportunityId = deal }),
            Visit(NextDoor, ahead, new { customerId = customer }),
            Visit(NextDoor, "2026-03-02T03:00:00Z", new { opportunityId = Guid.CreateVersion7() }),
            Visit(NextDoor, "2026-03-02T03:00:00Z", new { customerId = customer, ticks = new[] { "shelf", "roof" } }),
            new Dictionary<string, object?>(known) { ["opportunityId"] = null, ["customerId"] = customer },
            new Dictionary<string, object?>(Visit(NextDoor, "2026-03-02T03:00:00Z", new { customerId = customer, kind = "call" }))
            {
                ["until"] = "2026-03-01T03:00:00Z",
                ["photos"] = new[] { "DEADBEEF" }
            },
            Visit(NextDoor, "2026-03-02T03:00:00Z", new { customerId = customer }));

        items.Select(item => item.GetProperty("problem") is { ValueKind: JsonValueKind.Object } problem ? Told(problem) : Outcome(item))
            .ShouldBe(
            [
                "400 invalid /batch/0/position/latitude /batch/0/position/longitude", "400 invalid /batch/1/customerId",
                    "422 time.ahead /batch/2/occurredAt",
                "404 opportunity.unknown ", "422 visit.tick-unknown /batch/4/ticks/1", "409 visit.known ",
                "400 invalid /batch/6/until /batch/6/kind /batch/6/photos", "created"
            ]);
        items.ShouldAllBe(item => item.GetProperty("clientId").GetString()!.Length == 36);
        (await http.Write("visits/sync", new { deviceId = "phone-1", batch = "none" })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task What_speaks_against_a_visit_is_said_with_it_and_those_who_lead_find_it()
    {
        using var http = await Tenant();
        var (customer, deal) = await Customer(http);
        var photo = Convert.ToHexStringLower(SHA256.HashData(Attaching.Pdf("shelf")));

        var items = await Sync(http, "phone-1",
            Visit(NextDoor, "2026-03-02T02:00:00Z", new { opportunityId = deal, photos = new[] { photo } }),
            Visit(Suzhou, "2026-03-02T02:20:00Z", new { customerId = customer, photos = new[] { photo } }),
            Visit(new { latitude = 31.2304, longitude = 121.4737, accuracyMetres = 900 }, "2026-03-03T02:20:00Z",
                new { opportunityId = deal }),
            Visit(null, "2026-03-04T02:20:00Z", new { opportunityId = deal }));

        items.Select(item => string.Join(' ', item.GetProperty("doubts").EnumerateArray().Select(doubt => doubt.GetProperty("of")
            .GetString())))
            .ShouldBe(["told-late", "too-far too-fast told-late photo-known", "poor-accuracy told-late", "no-position told-late"]);
        items.Select(item => item.GetProperty("isNear").GetBoolean()).ShouldBe([true, false, false, false]);
        items[1].GetProperty("doubts").EnumerateArray().Select(doubt => doubt.GetProperty("visitId"))
            .Where(id => id.ValueKind == JsonValueKind.String)
            .Select(id => id.GetGuid()).Distinct().ShouldBe([Id(items[0])]);

        var head = await Head(http);
        var far = (await http.Read("visits?near=false&from=2026-03-02&to=2026-03-03", (Least, head))).Ok().Body;
        (far.GetProperty("total").GetInt32(), Id(far.GetProperty("items")[0], "id")).ShouldBe((1, Id(items[1])));
        (await http.Read($"visits?customerId={customer}&asOf=2026-03-03", (Least, head))).Ok().Body.GetProperty("total").GetInt32()
            .ShouldBe(2);
        (await http.Read($"visits?recordId={deal}&doubtful=false", (Least, head))).Ok().Body.GetProperty("total").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_gate_opens_by_a_visit_at_the_address_and_by_its_photo_whenever_that_comes()
    {
        using var http = await Tenant();
        var (_, deal) = await Customer(http);
        var image = Attaching.Pdf("trial");
        var photo = Convert.ToHexStringLower(SHA256.HashData(image));

        var away = Id((await Sync(http, "phone-1", Visit(Suzhou, "2026-03-02T02:00:00Z", new { opportunityId = deal })))[0]);
        var gates = (await http.Read($"opportunities/{deal}/gates?stage=Quote")).Ok().Body.GetProperty("items");
        var near = gates[0].GetProperty("near")[0];
        (Id(near, "touchId"), near.GetProperty("distanceMetres").GetInt32(),
            near.GetProperty("doubts").EnumerateArray().First().GetString())
            .ShouldBe((away, 84_783, "too-far"));
        (await (await http.Write($"opportunities/{deal}/stage", new { stage = "Quote" })).Refused()).Code.ShouldBe("opportunity.gate");

        // The photo came first, without a word of the visit; then the visit that names it.
        (await http.Attach($"opportunities/{deal}", "trial.pdf", image, ("label", "trial"))).Ok();
        var there = (await Sync(http, "phone-1", Visit(NextDoor, "2026-03-03T02:00:00Z",
            new { opportunityId = deal, photos = new[] { photo } })))[0];
        there.GetProperty("isNear").GetBoolean().ShouldBeTrue();
        (await http.Attach($"opportunities/{deal}", "more.pdf", Attaching.Pdf("more"), ("label", "trial"), ("touchId", $"{Id(there)}")))
            .Ok();
        (await http.Write($"opportunities/{deal}/stage", new { stage = "Quote" })).Ok();
    }

    [Fact]
    public async Task A_visit_counts_as_a_touch_for_the_tier_the_figures_and_the_overview_whoever_reads_them()
    {
        using var http = await Tenant();
        var (customer, _) = await Customer(http);
        (await http.Write($"customers/{customer}/tier", new { tier = "A", occurredAt = "2026-03-01T00:00:00Z" })).Ok();
        (await http.Write("members", new { id = "m-1", role = "rep", rep = "ann" })).Ok();
        using var ann = crm.With((await http.Write("api-keys", new { name = "k", member = "m-1" })).Ok()["key"]);
        (await http.Write("members", new { id = "m-2", role = "rep", rep = "bob" })).Ok();
        using var bob = crm.With((await http.Write("api-keys", new { name = "k", member = "m-2" })).Ok()["key"]);

        (await Sync(ann, "phone-1", Visit(NextDoor, "2026-03-05T02:00:00Z", new { customerId = customer })))[0].GetProperty("isNear")
            .GetBoolean().ShouldBeTrue();

        var head = await Head(http);
        (await http.Read("customers/overdue?asOf=2026-03-12", (Least, head))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await http.Read("customers/overdue?asOf=2026-03-13", (Least, head))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await http.Read("reports/activity?by=rep&record=customer", (Least, head))).Ok()
            .Text.ShouldContain("""{"by":{"rep":"ann"},"figures":{"touches":1,"kinds":{"visit":1}""");
        (await http.Read($"customers/{customer}/overview", (Least, head))).Ok().Body.GetProperty("touches")
            .GetProperty("items")[0].GetProperty("record").GetString()
            .ShouldBe("customer");
        (await ann.Read("visits", (Least, head))).Ok().Body.GetProperty("total").GetInt32().ShouldBe(1);
        (await bob.Read("visits", (Least, head))).Ok().Body.GetProperty("total").GetInt32().ShouldBe(0);
        (await http.Read($"customers/{customer}/history?lang=zh-CN", (Least, head))).Ok().Text.ShouldContain("记录了对客户“Hengce”的跟进");
    }

    [Fact]
    public async Task Where_nobody_said_where_a_customer_is_it_is_proposed_by_the_visits_to_it()
    {
        using var http = await Tenant();
        var customer = (await http.Write("customers", new { name = "Acme", occurredAt = "2026-02-01T00:00:00Z" })).Ok().Id;
        var items = await Sync(http, "phone-1", [.. Enumerable.Range(1, 3).Select(day =>
            Visit(new { latitude = 31.23 + day / 10_000.0, longitude = 121.47, accuracyMetres = 10 }, $"2026-03-0{day}T02:00:00Z",
                new { customerId = customer }))]);
        items.Select(item => item.GetProperty("doubts")[0].GetProperty("of").GetString()).Distinct().ShouldBe(["no-address"]);
        var head = await Head(http);

        var unknown = (await http.Read($"customers/{customer}/location", (Least, head))).Ok().Body;
        unknown.GetProperty("latitude").ValueKind.ShouldBe(JsonValueKind.Null);
        unknown.GetProperty("proposed").GetRawText().ShouldBe("""{"latitude":31.23,"longitude":121.47,"visits":3,"farthestMetres":34}""");
        (await http.Read($"customers/{customer}/location?asOf=2026-04-01", (Least, head))).Ok().Body.GetProperty("proposed").ValueKind
            .ShouldBe(JsonValueKind.Null);
        using var analyst = await Member(http, "ana", "analyst");
        (await analyst.Read($"customers/{customer}/location", (Least, head))).Ok().Body.GetProperty("proposed").ValueKind
            .ShouldBe(JsonValueKind.Null);
        var there = new { latitude = 31.2302, longitude = 121.47, occurredAt = "2026-04-01T00:00:00Z" };
        (await http.Write($"customers/{customer}/location", there)).Ok();
        (await http.Read($"customers/{customer}/location")).Ok().Body.GetProperty("latitude").GetDouble().ShouldBe(31.2302);
        (await http.Read($"customers/{customer}/location?asOf=2026-04-01")).Ok().Body.GetProperty("since")
            .ValueKind.ShouldBe(JsonValueKind.Null);
        (await http.Write($"customers/{customer}/location", new { latitude = 31.2302 })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Where_somebody_was_is_told_to_those_who_see_his_records_alone()
    {
        using var http = await Tenant();
        var (customer, _) = await Customer(http);
        using var ann = await Member(http, "ann", "rep");
        using var bob = await Member(http, "bob", "rep");
        using var ana = await Member(http, "ana", "analyst");
        (await http.Put("roles/desk", new { functions = new[] { "customers.read", "events.read" }, scope = "all" })).Ok();
        using var dot = await Member(http, "dot", "desk");
        await Sync(ann, "phone-1", Visit(NextDoor, "2026-03-05T02:00:00Z", new { customerId = customer, note = "Mr Wang was in." }));

        (await Place(http), await Place(ann), await Place(bob), await Place(ana), await Place(dot))
            .ShouldBe(("31.231300,121.473700", "31.231300,121.473700", null, null, null));
        (await http.Read("events?limit=200")).Ok().Text.ShouldContain("31.231300");
        (await dot.Read("events?limit=200")).Ok().Text.ShouldNotContain("31.231300");
        (await ana.Read("events?limit=200")).Ok().Text.ShouldNotContain("31.231300");

        async Task<string?> Place(HttpClient reader) =>
            (await reader.Read($"customers/{customer}/events")).Ok().Body.GetProperty("items").EnumerateArray()
                .Single(e => e.GetProperty("type").GetString() == "customer_touched")
                .GetProperty("data").TryGetProperty("place", out var place) ? place.GetString() : null;
    }

    [Fact]
    public async Task What_is_told_again_otherwise_makes_nobody_too_fast()
    {
        using var http = await Tenant();
        var (customer, _) = await Customer(http);
        var told = Visit(null, "2026-03-02T02:00:00Z", new { customerId = customer });
        await Sync(http, "phone-1", told);

        var items = await Sync(http, "phone-1", new Dictionary<string, object?>(told) { ["position"] = Suzhou },
            Visit(NextDoor, "2026-03-02T02:10:00Z", new { customerId = customer }));

        Outcome(items[0]).ShouldBe("unchanged");
        items[1].GetProperty("doubts").EnumerateArray().Select(doubt => doubt.GetProperty("of").GetString()).ShouldBe(["told-late"]);
    }

    [Fact]
    public async Task Two_phones_that_send_the_same_photo_at_once_are_not_both_believed()
    {
        using var http = await Tenant();
        var (customer, deal) = await Customer(http);
        var photo = Convert.ToHexStringLower(SHA256.HashData(Attaching.Pdf("one")));

        var told = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            Sync(http, $"phone-{i}", Visit(NextDoor, "2026-03-02T02:00:00Z", i % 2 == 0
                ? new { customerId = (Guid?)customer, opportunityId = (Guid?)null, photos = new[] { photo } }
                : new { customerId = (Guid?)null, opportunityId = (Guid?)deal, photos = new[] { photo } }))));

        told.Count(items => items[0].GetProperty("doubts").EnumerateArray()
            .All(doubt => doubt.GetProperty("of").GetString() != "photo-known")).ShouldBe(1);
    }

    private async Task<HttpClient> Tenant()
    {
        var http = await crm.Tenant($"visits-{Interlocked.Increment(ref tenants)}");
        (await http.Put("playbook/draft", new
        {
            name = "Field",
            tiers = new object[] { new { key = "A", name = "Key accounts", visitEveryDays = 7, kinds = new[] { "visit" } } },
            visits = new { withinMetres = 300, ticks = new[] { new { key = "shelf", name = "Shelf checked" } } },
            pipelines = new object[]
            {
                new
                {
                    key = "field",
                    name = "Field",
                    stages = new object[]
                    {
                        new
                        {
                            name = "Need",
                            exit = new object[]
                            {
                                new { key = "seen", name = "Seen on site", touch = new { kind = "visit", near = true } },
                                new { key = "trial", name = "Photo of the trial", attachment = "trial" }
                            }
                        },
                        new { name = "Quote" }
                    }
                }
            }
        })).Ok();
        (await http.Write("playbook/publication", new { from = (string?)null })).Ok();
        return http;
    }

    private async Task<HttpClient> Member(HttpClient http, string id, string role)
    {
        (await http.Write("members", new { id, role })).Ok();
        return crm.With((await http.Write("api-keys", new { name = "k", member = id })).Ok()["key"]);
    }

    private static async Task<(Guid Customer, Guid Deal)> Customer(HttpClient http)
    {
        var customer = (await http.Write("customers", new { name = "Hengce", occurredAt = "2026-02-01T00:00:00Z" })).Ok().Id;
        (await http.Write($"customers/{customer}/location", Shop)).Ok();
        var deal = (await http.Write("opportunities", new
        {
            name = "Hengce",
            amount = Talk.Money(1m),
            customerId = customer,
            pipeline = "field",
            rep = "ann",
            occurredAt = "2026-02-02T00:00:00Z"
        })).Ok().Id;
        return (customer, deal);
    }

    private static Dictionary<string, object?> Visit(object? position, string at, object more) => new(
        JsonSerializer.SerializeToElement(more).EnumerateObject().Select(member => KeyValuePair.Create(member.Name, (object?)member.Value)))
    {
        ["clientId"] = Guid.NewGuid(),
        ["occurredAt"] = at,
        ["position"] = position
    };

    private static async Task<IReadOnlyList<JsonElement>> Sync(HttpClient http, string phone, params IReadOnlyList<Dictionary<string,
        object?>> visits) =>
        [.. (await http.Write("visits/sync", new { deviceId = phone, batch = visits })).Ok().Body.GetProperty("items").EnumerateArray()];

    private static async Task<string?> Head(HttpClient http) => (await http.Write("leads", new { source = "head" })).Ok().Position;

    private static string Told(JsonElement problem)
    {
        var pointers = problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer"));
        return $"{problem.GetProperty("status")} {problem.GetProperty("code")} {string.Join(' ', pointers)}";
    }

    private static string Outcome(JsonElement item) => item.GetProperty("outcome").GetString()!;

    private static Guid Id(JsonElement item, string member = "visitId") => item.GetProperty(member).GetGuid();
}
