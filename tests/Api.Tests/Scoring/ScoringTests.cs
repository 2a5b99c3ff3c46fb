using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Jobs;
using Crm.Api.Scoring;
using Crm.Api.Tests.Journeys;
using Crm.Domain;
using Crm.Domain.Scoring.Leads;
using Crm.EventModel;
using static Crm.Api.Tests.Scoring.ScoringSteps;

namespace Crm.Api.Tests.Scoring;

/// <summary>Scores over HTTP: a model learns from what became of leads, is looked at, put into use, and asked about a new one.</summary>
public sealed class ScoringTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    [Fact]
    public async Task A_model_learns_from_what_became_of_leads_and_says_of_a_new_one_why()
    {
        using var http = await crm.Tenant(Tenant());
        await Sell(http, 240);
        var (fair, web) = (await Capture(http, "fair", 880), await Capture(http, "web", 20));

        var result = await Train(http, new { leaveOut = new[] { "region" } });
        var id = result.GetProperty("modelId").GetGuid();

        (result.GetProperty("examples").GetInt32(), result.GetProperty("leftAside").GetInt32()).ShouldBe((240, 2));
        result.GetProperty("rocAuc").GetDouble().ShouldBeGreaterThan(0.75);
        var card = (await http.Read($"scoring/models/{id}")).Ok().Body;
        Each(card, "used").ShouldBe(["source", "sizeBand", "employees"]);
        Left(card, "region").ShouldBe("left-out-by-person");
        card.GetProperty("folds").GetArrayLength().ShouldBe(5);
        card.GetProperty("reliability").EnumerateArray().Sum(bin => bin.GetProperty("examples").GetInt32()).ShouldBe(240);
        (await Score(http, fair)).GetProperty("model").ValueKind.ShouldBe(JsonValueKind.Null, "it is not in use yet");

        (await http.Write($"scoring/models/{id}/activation", new { note = "begin" })).Ok();

        var listed = (await Models(http)).ShouldHaveSingleItem();
        listed.GetProperty("state").GetString().ShouldBe("active");
        listed.GetProperty("positives").GetInt32().ShouldBe(result.GetProperty("positives").GetInt32());
        var (high, low) = ((await Score(http, fair)).GetProperty("model"), (await Score(http, web)).GetProperty("model"));
        high.GetProperty("probability").GetDouble().ShouldBeGreaterThan(0.5);
        low.GetProperty("probability").GetDouble().ShouldBeLessThan(0.3);
        high.GetProperty("hash").GetString().ShouldBe(card.GetProperty("hash").GetString());
        var reasons = high.GetProperty("reasons").EnumerateArray().ToList();
        (reasons[0].GetProperty("field").GetString(), reasons[0].GetProperty("value").GetString()).ShouldBe(("source", "fair"));
        var sum = high.GetProperty("average").GetDouble() + reasons.Sum(reason => reason.GetProperty("logOdds").GetDouble());
        sum.ShouldBe(high.GetProperty("logOdds").GetDouble(), 1e-6);
    }

    [Fact]
    public async Task A_field_that_sales_filled_when_the_outcome_was_known_is_found_and_left_out()
    {
        using var http = await crm.Tenant(Tenant());
        await Sell(http, 60);

        var result = await Train(http);
        var card = (await http.Read($"scoring/models/{result.GetProperty("modelId")}")).Ok().Body;

        Each(result, "leftOut").ShouldBe(["industry"]);
        Left(card, "industry").ShouldBe("late");
        Left(card, "product").ShouldBe("single-value", "a change before the outcome is no leak, and a lead is read as it was captured");
    }

    [Fact]
    public async Task The_same_moment_has_the_same_score_to_the_byte_whatever_comes_later()
    {
        using var http = await crm.Tenant(Tenant());
        await Sell(http, 60);
        await Publish(http, Points);
        var lead = await Capture(http, "fair", 880);
        (await http.Write($"leads/{lead}/touches", new { kind = "download", direction = "inbound" })).Ok();
        await Use(http);
        var shown = (await http.Read($"leads/{lead}/score")).Ok();
        var moment = shown["moment"];

        var first = (await http.Read($"leads/{lead}/score?at={moment}")).Ok();
        (await http.Write($"leads/{lead}/touches", new { kind = "download", direction = "inbound" })).Ok();
        await Publish(http, new { name = "Other" });
        await Use(http);
        var second = (await http.Read($"leads/{lead}/score?at={moment}")).Ok();

        second.Text.ShouldBe(first.Text);
        second.ETag.ShouldBe(first.ETag);
        (await http.Read($"leads/{lead}/score?at={moment}", ("If-None-Match", first.ETag))).Status.ShouldBe(304);
        JsonElement.DeepEquals(second.Body.GetProperty("model"), shown.Body.GetProperty("model")).ShouldBeTrue();
        (await Score(http, lead)).GetProperty("points").ValueKind.ShouldBe(JsonValueKind.Null);
        (await http.Read($"leads/{lead}/score?at=2026-01-01")).Status.ShouldBe(404, "it was not captured yet");
    }

    [Fact]
    public async Task Points_come_from_the_playbook_and_fade_with_what_the_lead_did()
    {
        using var http = await crm.Tenant(Tenant());
        await Publish(http, Points);
        var lead = await Capture(http, "web", 880);
        var at = DateTimeOffset.UtcNow.AddHours(-1);
        (await http.Write($"leads/{lead}/touches", new { kind = "download", direction = "inbound", occurredAt = at })).Ok();
        (await http.Write($"leads/{lead}/touches", new { kind = "download", direction = "outbound", occurredAt = at })).Ok();

        var later = (await Score(http, lead, $"?asOf={at.AddDays(7).Text()}")).GetProperty("points");

        Each(later, "reasons", "key").ShouldBe(["large", "web", "downloads"]);
        Each(later, "reasons", "points").ShouldBe(["30", "-5", "10"]);
        (later.GetProperty("score").GetDouble(), later.GetProperty("band").GetString()).ShouldBe((35, "middle"));
        var muchLater = (await Score(http, lead, $"?asOf={at.AddDays(70).Text()}")).GetProperty("points");
        muchLater.GetProperty("band").GetString().ShouldBe("low");
        (await Score(http, lead)).GetProperty("playbookVersion").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_model_leans_on_the_points_where_there_are_some()
    {
        using var http = await crm.Tenant(Tenant());
        await Publish(http, Points);
        await Sell(http, 60);
        var lead = await Capture(http, "fair", 880);

        await Use(http);

        (await Score(http, lead)).GetProperty("model").GetProperty("reasons").EnumerateArray().ShouldContain(
            reason => reason.GetProperty("field").GetString() == "points" && reason.GetProperty("logOdds").GetDouble() > 0);
    }

    [Fact]
    public async Task What_is_foretold_can_be_that_the_opportunity_is_won_and_what_the_lead_did_in_its_first_hours_counts()
    {
        using var http = await crm.Tenant(Tenant());
        await Sell(http, 90);
        var events = (await http.Read("events?type=lead_qualified&limit=100")).Ok().Body;
        List<JsonElement> sold = [.. events.GetProperty("items").EnumerateArray()];
        var won = sold.Count - 8;
        foreach (var (i, id) in sold.Select(e => e.GetProperty("data").GetProperty("opportunityId")).Index())
        {
            (i < won
                ? await http.Write($"opportunities/{id}/win", new { })
                : await http.Write($"opportunities/{id}/loss", new { reason = "price" })).Ok();
        }

        var result = await Train(http, new { outcome = "won", hoursAfterCapture = 24 });
        var card = (await http.Read($"scoring/models/{result.GetProperty("modelId")}")).Ok().Body;

        (result.GetProperty("examples").GetInt32(), result.GetProperty("positives").GetInt32()).ShouldBe((90, won));
        (card.GetProperty("outcome").GetString(), card.GetProperty("hoursAfterCapture").GetInt32()).ShouldBe(("won", 24));
        Left(card, "touches.call").ShouldBe("single-value", "nobody had called");
        Each(card, "used").ShouldContain("product", "it was known a day after");
    }

    [Fact]
    public async Task A_shadow_scores_beside_the_active_model_and_one_that_is_retired_no_more()
    {
        var tenant = Tenant();
        using var http = await crm.Tenant(tenant);
        var (active, shadow) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Keep(crm, tenant, active);
        await Keep(crm, tenant, shadow);
        var lead = await Capture(http, "fair", 880);
        (await http.Write($"scoring/models/{active}/activation", new { })).Ok();
        (await http.Write($"scoring/models/{shadow}/shadow", new { })).Ok();
        var before = await Score(http, lead);

        before.GetProperty("model").GetProperty("modelId").GetGuid().ShouldBe(active);
        before.GetProperty("shadow").GetProperty("modelId").GetGuid().ShouldBe(shadow);
        (await Models(http)).Select(model => model.GetProperty("state").GetString()).ShouldBe(["shadow", "active"]);
        (await http.Write($"scoring/models/{shadow}/retirement", new { reason = "no better" })).Ok();
        (await http.Write($"scoring/models/{active}/retirement", new { })).Ok();
        (await Score(http, lead)).GetProperty("model").ValueKind.ShouldBe(JsonValueKind.Null);
        var then = await Score(http, lead, $"?at={before.GetProperty("moment")}");
        then.GetProperty("shadow").ValueKind.ShouldBe(JsonValueKind.Object, "it was then");
        var late = await http.Write($"scoring/models/{active}/activation", new { from = "2026-01-01T00:00:00Z" });
        (await late.Refused()).Code.ShouldBe("score.from-past");
    }

    [Fact]
    public async Task Whoever_does_not_see_a_field_is_told_no_reason_that_rests_on_it()
    {
        var tenant = Tenant();
        using var http = await crm.Tenant(tenant);
        var model = Guid.CreateVersion7();
        await Keep(crm, tenant, model);
        (await http.Write($"scoring/models/{model}/activation", new { })).Ok();
        await Publish(http, Points);
        var (lead, theirs) = (await Capture(http, "web", 880, "ann"), await Capture(http, "web", 880));
        var blind = new { functions = new[] { "scoring.read" }, scope = "own", hiddenFields = new[] { "lead.source" } };
        (await http.Put("roles/blind", blind)).Ok();
        (await http.Write("members", new { id = "ann", role = "blind" })).Ok();
        using var ann = crm.With((await http.Write("api-keys", new { name = "x", member = "ann" })).Ok()["key"]);

        var (seen, all) = (await Score(ann, lead), await Score(http, lead));

        seen.GetProperty("reasonsAreHidden").GetBoolean().ShouldBeTrue();
        seen.GetProperty("model").GetProperty("reasons").GetArrayLength().ShouldBe(0);
        Each(seen.GetProperty("points"), "reasons", "key").ShouldBe(["large"]);
        all.GetProperty("reasonsAreHidden").GetBoolean().ShouldBeFalse();
        Each(all.GetProperty("points"), "reasons", "key").ShouldBe(["large", "web"]);
        (await ann.Read($"leads/{theirs}/score")).Status.ShouldBe(404, "it is out of sight");
    }

    [Fact]
    public async Task Another_tenant_sees_nothing_of_it()
    {
        var tenant = Tenant();
        using var http = await crm.Tenant(tenant);
        using var other = await crm.Tenant(Tenant());
        var (model, lead) = (Guid.CreateVersion7(), await Capture(http, "fair", 880));
        await Keep(crm, tenant, model);

        (await other.Read($"leads/{lead}/score")).Status.ShouldBe(404);
        (await other.Read($"scoring/models/{model}")).Status.ShouldBe(404);
        (await other.Write($"scoring/models/{model}/activation", new { })).Status.ShouldBe(404);
        (await Models(other)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_training_that_is_cancelled_leaves_no_model()
    {
        var tenant = Tenant();
        using var http = await crm.Tenant(tenant);
        await Sell(http, 120);
        var (head, _) = await crm.Engine.Store.Head(default);
        var wish = new TrainingWish(ScoreOutcome.Qualified, DateTimeOffset.UtcNow, head, MaturityDays: 90, HoursAfterCapture: 0, [], []);
        var job = JobOf(tenant, wish);
        var progress = new JobProgress();
        using var end = new CancellationTokenSource();

        var work = Task.Run(() => new TrainingWork(crm.Engine).Run(job, progress, end.Token));
        await Task.Run(() => SpinWait.SpinUntil(() => progress.Now is { Phase: "Learning" } || work.IsCompleted));      // without a pause: it learns quickly
        await end.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(work);
        (await Models(http)).ShouldBeEmpty();
        await new TrainingWork(crm.Engine).Run(job, progress, default);
        await new TrainingWork(crm.Engine).Run(job, progress, default);
        (await Models(http)).Count.ShouldBe(1, "a training that is begun again keeps one model");
    }

    [Fact]
    public async Task What_cannot_be_trained_is_refused_or_told()
    {
        using var http = await crm.Tenant(Tenant());
        await Capture(http, "web", 10);

        var asked = (await http.Write("scoring/trainings", new { maturityDays = 30 })).Ok();
        var ended = await Ended(http, $"scoring/trainings/{asked.Id}");
        ended.GetProperty("trouble").GetString()!.ShouldStartWith("Of 0 leads whose outcome is known 0 converted");
        (await Place(new { leaveOut = new[] { "email" } })).ShouldBe("/leaveOut");
        (await Place(new { asOf = "2100-01-01" })).ShouldBe("/asOf");
        (await http.Write($"scoring/trainings/{asked.Id}/cancellation", new { })).Ok()["state"].ShouldBe("failed");
        (await http.Read("scoring/trainings")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);

        async Task<string> Place(object request) =>
            (await (await http.Write("scoring/trainings", request)).Refused()).Errors.ShouldHaveSingleItem().Where;
    }

    [Fact]
    public async Task Nothing_of_a_person_is_in_a_model()
    {
        using var http = await crm.Tenant(Tenant());
        await Sell(http, 60);
        for (var i = 0; i < 30; i++)
        {
            var email = $"nobody-elses-{i}@acme.example";
            var id = (await http.Write("leads", new { source = "mail", contact = "Nobody-Elses-Name", email, occurredAt = Begin })).Ok().Id;
            (await http.Write($"leads/{id}/disqualification", new { reason = "no need", occurredAt = Begin.AddDays(1) })).Ok();
        }

        var model = (await http.Read($"scoring/models/{(await Train(http)).GetProperty("modelId")}")).Ok();

        Each(model.Body, "used").ShouldContain("hasEmail");
        model.Text.ShouldNotContain("nobody-elses", Case.Insensitive);
        (await crm.TablesWith("Nobody-Elses-Name")).ShouldBeEmpty();
    }

    private static object Points => new
    {
        name = "Points",
        scoring = new
        {
            rules = new object[]
            {
                new { key = "large", name = "Large", points = 30, when = new { field = "employees", @operator = "gte", value = 500 } },
                new { key = "web", name = "Web", points = -5, when = new { field = "source", @operator = "eq", value = "web" } },
                new { key = "downloads", name = "Downloads", points = 20, behaviour = "download", cap = 40, halfLifeDays = 7 }
            },
            bands = new { high = 50, low = 30 }
        }
    };

    private static string Tenant() => $"scoring-{Interlocked.Increment(ref _tenants)}";

    private static async Task Publish(HttpClient http, object playbook)
    {
        (await http.Put("playbook/draft", playbook)).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
    }

    private static async Task<Guid> Capture(HttpClient http, string source, int employees, string? rep = null) =>
        (await http.Write("leads", new { source, employees, rep, occurredAt = DateTimeOffset.UtcNow.AddHours(-2) })).Ok().Id;

    private static string? Left(JsonElement card, string field) => card.GetProperty("left").EnumerateArray()
        .Where(left => left.GetProperty("field").GetString() == field)
        .Select(left => left.GetProperty("reason").GetString()).SingleOrDefault();

    private static Job JobOf(string tenant, TrainingWish wish) => new(
        tenant, Guid.CreateVersion7(), TrainingWork.Name, StreamId.From(tenant, "scoring", "training"),
        JsonSerializer.SerializeToNode(wish, EventTypes.Json)!, "admin", DateTimeOffset.UtcNow,
        JobState.Running, null, 0, 0, IsCancelling: false, Attempts: 1, null, null, (JsonNode?)null, null);
}
