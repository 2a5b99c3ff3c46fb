using System.Text.Json;
using Crm.Api.Tests.Approvals;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.HelpRequests;

/// <summary>Help as those who ask and those who answer meet it: li sells, chen is his superior, and zhao is chen's.</summary>
public sealed class HelpTests(MovedClock crm) : IClassFixture<MovedClock>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    private readonly string tenant = $"help-{Interlocked.Increment(ref tenants)}";

    [Fact]
    public async Task The_superior_hears_at_once_answers_and_it_is_measured_how_long_that_took()
    {
        var (admin, people, deal) = await Stage(new { answerWithinMinutes = 240 });
        var asked = (await people["li"].Write("help-requests", new { kind = "terms", text = "60 days for Mr Wang", opportunityId = deal }))
            .Ok();
        (asked.Status, asked.Location).ShouldBe((201, $"/api/v1/help-requests/{asked.Id}"));
        (await people["chen"].Told(asked)).ShouldBe(["help-asked"]);
        (await Listed(people["chen"], "mine=waiting", asked)).ShouldBe([asked.Id]);
        (await Listed(people["wang"], "", asked)).ShouldBeEmpty();
        (await people["wang"].Read($"help-requests/{asked.Id}")).Status.ShouldBe(404);
        (await (await people["wang"].Write("help-requests", new { kind = "terms", text = "x", opportunityId = deal })).Refused())
            .Errors.Single().Where.ShouldBe("/opportunityId", "it is none to him");
        (await (await people["wang"].Write($"help-requests/{asked.Id}/answer", new { text = "no" })).Refused())
            .Code.ShouldBe("help-request.unknown");
        (await (await people["li"].Write($"help-requests/{asked.Id}/answer", new { text = "yes" })).Refused())
            .Code.ShouldBe("help-request.not-asked");

        await crm.Move(TimeSpan.FromHours(3));
        var answered = (await people["chen"].Write($"help-requests/{asked.Id}/answer", new { text = "45 days" })).Ok();

        var seen = (await people["li"].Read($"help-requests/{asked.Id}")).Ok();
        (seen["state"], seen["text"], seen["answer"], seen["answeredBy"]).ShouldBe(("answered", "60 days for Mr Wang", "45 days", "chen"));
        (await people["li"].Told(answered)).ShouldBe(["help-answered"]);
        (await Listed(people["chen"], "mine=waiting", answered)).ShouldBeEmpty();
        (await crm.TablesWith("60 days for Mr Wang")).ShouldBeEmpty();
        var report = (await admin.Read("reports/help", (Least, answered.Position))).Ok().Body;
        report.GetProperty("wait").GetProperty("median").GetDouble().ShouldBe(3, tolerance: 0.05);
        var chen = report.GetProperty("members").EnumerateArray().Single();
        (chen.GetProperty("member").GetString(), chen.GetProperty("inTime").GetRawText())
            .ShouldBe(("chen", """{"count":1,"of":1,"rate":1}"""));
    }

    [Fact]
    public async Task What_is_not_answered_in_time_is_reminded_of_and_goes_further_up_until_nobody_is_left()
    {
        var (admin, people, deal) = await Stage(new { answerWithinMinutes = 240, remindMinutes = 120, escalations = 1 });
        var asked = (await people["li"].Write("help-requests", new { kind = "price", text = "x", opportunityId = deal })).Ok();

        await crm.Move(TimeSpan.FromHours(2.5));
        await Patience.Until("chen is reminded", async () => (await people["chen"].Told()).Contains("help-reminder"));
        await crm.Move(TimeSpan.FromHours(2));
        await Patience.Until("zhao is asked", async () => (await people["zhao"].Told()).Contains("help-escalated"));
        await crm.Move(TimeSpan.FromHours(4.5));
        await Patience.Until("li hears that nobody answers", async () => (await people["li"].Told()).Contains("help-unanswered"));

        var answered = (await people["zhao"].Write($"help-requests/{asked.Id}/answer", new { text = "no" })).Ok();
        (await people["chen"].Told()).ShouldBe(["help-reminder", "help-asked"], ignoreOrder: true);
        var members = (await admin.Read("reports/help", (Least, answered.Position))).Ok().Body.GetProperty("members").EnumerateArray();
        members.Select(one => $"{one.GetProperty("member")} {one.GetProperty("escalated")} {Counted(one.GetProperty("inTime"))}")
            .ShouldBe(["chen 1 0/1", "zhao 0 0/1"]);
    }

    [Fact]
    public async Task It_is_handed_on_withdrawn_and_asked_elsewhere_where_whoever_is_asked_leaves()
    {
        var (admin, people, deal) = await Stage(new { });
        var (first, second) = (await Ask(people["li"], deal), await Ask(people["li"], deal));

        (await people["chen"].Write($"help-requests/{first}/transfer", new { to = "sun", reason = "hers" })).Ok();
        (await people["sun"].Write($"help-requests/{first}/answer", new { text = "yes" })).Ok();
        (await (await people["chen"].Write($"help-requests/{second}/withdrawal", new { })).Refused())
            .Code.ShouldBe("help-request.not-asker");
        (await admin.Write("members/chen/suspension", new { reason = "left" })).Ok();
        await Patience.Until("zhao is asked", async () => (await people["zhao"].Told()).Contains("help-asked"));
        var withdrawn = (await people["li"].Write($"help-requests/{second}/withdrawal", new { reason = "done" })).Ok();

        (await admin.Read("automations")).Ok().Text.ShouldContain("watch-help");
        (await Listed(people["li"], "mine=asked&state=withdrawn", withdrawn)).ShouldBe([second]);
    }

    [Fact]
    public async Task Without_a_superior_in_the_playbook_the_manager_of_the_team_is_asked_and_it_is_said_how_he_was_found()
    {
        var (admin, people, _) = await Stage(new { });
        (await admin.Write("teams", new { id = "east", name = "East" })).Ok();
        (await admin.Write("members", new { id = "qian", role = "manager", team = "east" })).Ok();
        (await admin.Write("members/wang/team", new { team = "east" })).Ok();
        var deal = (await people["wang"].Write("opportunities", new { name = "Line", amount = Talk.Money(1m) })).Ok().Id;

        var seen = (await people["wang"].Read($"help-requests/{await Ask(people["wang"], deal)}")).Ok();
        (seen["holder"], seen["foundBy"]).ShouldBe(("qian", "team-manager"));
        var superior = (await people["li"].Read($"help-requests/{await Ask(people["li"], await Deal(people["li"]))}")).Ok();
        (superior["holder"], superior["foundBy"]).ShouldBe(("chen", "superior"));
    }

    [Fact]
    public async Task What_is_hidden_of_requests_is_told_by_no_record_and_no_report()
    {
        var (admin, people, deal) = await Stage(new { });
        var asked = await Ask(people["li"], deal);
        string[] functions = ["help.read", "activity.read"], hiddenFields = ["help-request.text", "help-request.holder"];
        (await admin.Put("roles/trainee", new { functions, scope = "all", hiddenFields })).Ok();
        (await admin.Write("members", new { id = "ma", role = "trainee" })).Ok();
        using var ma = crm.With((await admin.Write("api-keys", new { name = "ma", member = "ma" })).Ok()["key"]);

        var seen = (await ma.Read($"help-requests/{asked}")).Ok();
        (seen.Text.Contains("a van", StringComparison.Ordinal), seen.Text.Contains("holder", StringComparison.Ordinal))
            .ShouldBe((false, false));
        (await ma.Read("reports/help")).Status.ShouldBe(403);
        (await (await admin.Put("roles/trainee", new { functions, scope = "all", hiddenFields = new[] { "help-request.size" } })).Refused())
            .Status.ShouldBe(400);
    }

    private static async Task<Guid> Deal(HttpClient http) =>
        (await http.Write("opportunities", new { name = "Line", amount = Talk.Money(1m) })).Ok().Id;

    private async Task<(HttpClient Admin, IReadOnlyDictionary<string, HttpClient> People, Guid Deal)> Stage(object help)
    {
        var admin = await crm.Tenant(tenant);
        var people = await ApprovalSteps.People(crm, admin);
        var reps = new object[] { new { rep = "li", superior = "chen" }, new { rep = "chen", superior = "zhao" }, new { rep = "zhao" } };
        (await admin.Put("playbook/draft", new { name = "Field", reps, help })).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
        return (admin, people, (await admin.Write("opportunities", new { name = "Line", amount = Talk.Money(1m), rep = "li" })).Ok().Id);
    }

    private static string Counted(JsonElement share) => $"{share.GetProperty("count")}/{share.GetProperty("of")}";

    private static async Task<Guid> Ask(HttpClient http, Guid deal) =>
        (await http.Write("help-requests", new { kind = "resources", text = "a van", opportunityId = deal })).Ok().Id;

    private static async Task<IReadOnlyList<Guid>> Listed(HttpClient http, string query, Reply after) =>
        [.. (await http.Read($"help-requests?{query}", (Least, after.Position))).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("id").GetGuid())];
}
