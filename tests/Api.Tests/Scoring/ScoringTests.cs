using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Jobs;
using Crm.Api.Scoring;
using Crm.Api.Tests.Journeys;
using Crm.Domain;
using Crm.Domain.Scoring.Leads;
using Crm.EventModel;

namespace Crm.Api.Tests.Scoring;

/// <summary>Scores over HTTP: a model learns from what became of leads, is looked at, put into use, and asked about a new one.</summary>
public sealed class ScoringTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    [Fact]
    public async Task A_model_learns_from_what_became_of_leads_and_says_of_a_new_one_why()
    {
        using var http = await crm.Tenant(Tenant());
        await ScoringSteps.Leads(http, 240);
        var (fair, web) = (await Capture(http, "fair", 880), await Capture(http, "web", 20));

        var result = await ScoringSteps.Train(http, new { leaveOut = new[] { "region" } });
        var id = result.GetProperty("modelId").GetGuid();

        (result.GetProperty("examples").GetInt32(), result.GetProperty("leftAside").GetInt32()).ShouldBe((240, 2));
        result.GetProperty("rocAuc").GetDouble().ShouldBeGreaterThan(0.75);
        var card = (await http.Read($"scoring/models/{id}")).Ok().Body;
        card.GetProperty("used").EnumerateArray().Select(field => field.GetString()).ShouldBe(["source", "sizeBand", "employees"], ignoreOrder: true);
        Left(card, "region").ShouldBe("left-out-by-person");
        card.GetProperty("folds").GetArrayLength().ShouldBe(5);
        card.GetProperty("reliability").EnumerateArray().Sum(bin => bin.GetProperty("examples").GetInt32()).ShouldBe(240);
        (await http.Read($"leads/{fair}/score")).Ok().Body.GetProperty("model").ValueKind.ShouldBe(JsonValueKind.Null, "it is not in use yet");

        (await http.Write($"scoring/models/{id}/activation", new { note = "begin" })).Ok();

        var listed = (await http.Read("scoring/models")).Ok().Body.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (listed.GetProperty("state").GetString(), listed.GetProperty("positives").GetInt32()).ShouldBe(("active", result.GetProperty("positives").GetInt32()));
        var (high, low) = ((await http.Read($"leads/{fair}/score")).Ok().Body.GetProperty("model"), (await http.Read($"leads/{web}/score")).Ok().Body.GetProperty("model"));
        high.GetProperty("probability").GetDouble().ShouldBeGreaterThan(0.5);
        low.GetProperty("probability").GetDouble().ShouldBeLessThan(0.3);
        high.GetProperty("hash").GetString().ShouldBe(card.GetProperty("hash").GetString());
        var reasons = high.GetProperty("reasons").EnumerateArray().ToList();
        (reasons[0].GetProperty("field").GetString(), reasons[0].GetProperty("value").GetString()).ShouldBe(("source", "fair"));
        (high.GetProperty("average").GetDouble() + reasons.Sum(reason => reason.GetProperty("logOdds").GetDouble())).ShouldBe(high.GetProperty("logOdds").GetDouble(), 1e-6);
    }

    [Fact]
    public async Task A_field_that_sales_filled_when_the_outcome_was_known_is_found_and_left_out()
    {
        using var http = await crm.Tenant(Tenant());
        await ScoringSteps.Leads(http, 60);

        var result = await ScoringSteps.Train(http);
        var card = (await http.Read($"scoring/models/{result.GetProperty("modelId")}")).Ok().Body;

        result.GetProperty("leftOut").EnumerateArray().Select(field => field.GetString()).ShouldBe(["industry"]);
        Left(card, "industry").ShouldBe("late");
        Left(card, "product").ShouldBe("single-value", "a change before the outcome is no leak, and a lead is read as it was captured");
    }

    [Fact]
    public async Task The_same_moment_has_the_same_score_to_the_byte_whatever_comes_later()
    {
        using var http = await crm.Tenant(Tenant());
        await ScoringSteps.Leads(http, 60);
        await Publish(http, Points);
        var lead = await Capture(http, "fair", 880);
        (await http.Write($"leads/{lead}/touches", new { kind = "download", direction = "inbound" })).Ok();
        (await http.Write($"scoring/models/{(await ScoringSteps.Train(http)).GetProperty("modelId")}/activation", new { })).Ok();
        var shown = (await http.Read($"leads/{lead}/score")).Ok();
        var moment = shown["moment"];

        var first = (await http.Read($"leads/{lead}/score?at={moment}")).Ok();
        (await http.Write($"leads/{lead}/touches", new { kind = "download", direction = "inbound" })).Ok();
        await Publish(http, new { name = "Other" });
        (await http.Write($"scoring/models/{(await ScoringSteps.Train(http)).GetProperty("modelId")}/activation", new { })).Ok();
        var second = (await http.Read($"leads/{lead}/score?at={moment}")).Ok();

        second.Text.ShouldBe(first.Text);
        second.ETag.ShouldBe(first.ETag);
        (await http.Read($"leads/{lead}/score?at={moment}", ("If-None-Match", first.ETag))).Status.ShouldBe(304);
        JsonElement.DeepEquals(second.Body.GetProperty("model"), shown.Body.GetProperty("model")).ShouldBeTrue();
        (await http.Read($"leads/{lead}/score")).Ok().Body.GetProperty("points").ValueKind.ShouldBe(JsonValueKind.Null);
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

        var later = (await http.Read($"leads/{lead}/score?asOf={at.AddDays(7).Text()}")).Ok().Body.GetProperty("points");

        later.GetProperty("reasons").EnumerateArray().Select(reason => $"{reason.GetProperty("key")} {reason.GetProperty("points")}").ShouldBe(["large 30", "web -5", "downloads 10"]);
        (later.GetProperty("score").GetDouble(), later.GetProperty("band").GetString()).ShouldBe((35, "middle"));
        (await http.Read($"leads/{lead}/score?asOf={at.AddDays(70).Text()}")).Ok().Body.GetProperty("points").GetProperty("band").GetString().ShouldBe("low");
        (await http.Read($"leads/{lead}/score")).Ok().Body.GetProperty("playbookVersion").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_model_leans_on_the_points_where_there_are_some()
    {
        using var http = await crm.Tenant(Tenant());
        await Publish(http, Points);
        await ScoringSteps.Leads(http, 60);
        var lead = await Capture(http, "fair", 880);

        // The points were set before they are learned from, but after the leads came.
        (await http.Write($"scoring/models/{(await ScoringSteps.Train(http, new { maturityDays = 3 })).GetProperty("modelId")}/activation", new { })).Ok();

        (await http.Read($"leads/{lead}/score")).Ok().Body.GetProperty("model").GetProperty("reasons").EnumerateArray().ShouldContain(
            reason => reason.GetProperty("field").GetString() == "points" && reason.GetProperty("logOdds").GetDouble() > 0);
    }

    [Fact]
    public async Task A_shadow_scores_beside_the_active_model_and_one_that_is_retired_no_more()
    {
        var tenant = Tenant();
        using var http = await crm.Tenant(tenant);
        var (active, shadow) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await ScoringSteps.Keep(crm, tenant, active);
        await ScoringSteps.Keep(crm, tenant, shadow);
        var lead = await Capture(http, "fair", 880);
        (await http.Write($"scoring/models/{active}/activation", new { })).Ok();
        (await http.Write($"scoring/models/{shadow}/shadow", new { })).Ok();
        var before = (await http.Read($"leads/{lead}/score")).Ok();

        (before.Body.GetProperty("model").GetProperty("modelId").GetGuid(), before.Body.GetProperty("shadow").GetProperty("modelId").GetGuid()).ShouldBe((active, shadow));
        (await http.Read("scoring/models")).Ok().Body.GetProperty("items").EnumerateArray().Select(model => model.GetProperty("state").GetString()).ShouldBe(["shadow", "active"]);
        (await http.Write($"scoring/models/{shadow}/retirement", new { reason = "no better" })).Ok();
        (await http.Write($"scoring/models/{active}/retirement", new { })).Ok();
        (await http.Read($"leads/{lead}/score")).Ok().Body.GetProperty("model").ValueKind.ShouldBe(JsonValueKind.Null);
        (await http.Read($"leads/{lead}/score?at={before["moment"]}")).Ok().Body.GetProperty("shadow").ValueKind.ShouldBe(JsonValueKind.Object, "it was then");
        (await (await http.Write($"scoring/models/{active}/activation", new { from = "2026-01-01T00:00:00Z" })).Refused()).Code.ShouldBe("score.from-past");
    }

    [Fact]
    public async Task Whoever_does_not_see_a_field_is_told_no_reason_that_rests_on_it()
    {
        var tenant = Tenant();
        using var http = await crm.Tenant(tenant);
        var model = Guid.CreateVersion7();
        await ScoringSteps.Keep(crm, tenant, model);
        (await http.Write($"scoring/models/{model}/activation", new { })).Ok();
        await Publish(http, Points);
        var (lead, theirs) = (await Capture(http, "web", 880, "ann"), await Capture(http, "web", 880));
        (await http.Put("roles/blind", new { functions = new[] { "scoring.read" }, scope = "own", hiddenFields = new[] { "lead.source" } })).Ok();
        (await http.Write("members", new { id = "ann", role = "blind" })).Ok();
        using var ann = crm.With((await http.Write("api-keys", new { name = "x", member = "ann" })).Ok()["key"]);

        var seen = (await ann.Read($"leads/{lead}/score")).Ok().Body;
        var all = (await http.Read($"leads/{lead}/score")).Ok().Body;

        seen.GetProperty("reasonsAreHidden").GetBoolean().ShouldBeTrue();
        seen.GetProperty("model").GetProperty("reasons").GetArrayLength().ShouldBe(0);
        seen.GetProperty("points").GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("key").GetString()).ShouldBe(["large"]);
        (all.GetProperty("reasonsAreHidden").GetBoolean(), all.GetProperty("points").GetProperty("reasons").GetArrayLength()).ShouldBe((false, 2));
        (await ann.Read($"leads/{theirs}/score")).Status.ShouldBe(404, "it is out of sight");
    }

    [Fact]
    public async Task Another_tenant_sees_nothing_of_it()
    {
        var tenant = Tenant();
        using var http = await crm.Tenant(tenant);
        using var other = await crm.Tenant(Tenant());
        var (model, lead) = (Guid.CreateVersion7(), await Capture(http, "fair", 880));
        await ScoringSteps.Keep(crm, tenant, model);

        (await other.Read($"leads/{lead}/score")).Status.ShouldBe(404);
        (await other.Read($"scoring/models/{model}")).Status.ShouldBe(404);
        (await other.Write($"scoring/models/{model}/activation", new { })).Status.ShouldBe(404);
        (await other.Read("scoring/models")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_training_that_is_cancelled_leaves_no_model()
    {
        var tenant = Tenant();
        using var http = await crm.Tenant(tenant);
        await ScoringSteps.Leads(http, 120);
        var (head, _) = await crm.Engine.Store.Head(default);
        var wish = new TrainingWish(ScoreOutcome.Qualified, DateTimeOffset.UtcNow, head, MaturityDays: 90, HoursAfterCapture: 0, [], []);
        var job = JobOf(tenant, wish);
        var progress = new JobProgress();
        using var end = new CancellationTokenSource();

        var work = new TrainingWork(crm.Engine).Run(job, progress, end.Token);
        await Support.Patience.Until("it learns", () => progress.Now is { Phase: "Learning" } || work.IsCompleted);
        await end.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(work);
        (await http.Read("scoring/models")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        await new TrainingWork(crm.Engine).Run(job, progress, default);
        await new TrainingWork(crm.Engine).Run(job, progress, default);
        (await http.Read("scoring/models")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1, "a training that is begun again keeps one model");
    }

    [Fact]
    public async Task What_cannot_be_trained_is_refused_or_told()
    {
        using var http = await crm.Tenant(Tenant());
        await Capture(http, "web", 10);

        var asked = (await http.Write("scoring/trainings", new { maturityDays = 30 })).Ok();
        (await ScoringSteps.Ended(http, $"scoring/trainings/{asked.Id}")).GetProperty("trouble").GetString()!.ShouldStartWith("Of 0 leads whose outcome is known 0 converted");
        (await (await http.Write("scoring/trainings", new { leaveOut = new[] { "email" } })).Refused()).Errors.ShouldHaveSingleItem().Where.ShouldBe("/leaveOut");
        (await (await http.Write("scoring/trainings", new { asOf = "2100-01-01" })).Refused()).Errors.ShouldHaveSingleItem().Where.ShouldBe("/asOf");
        (await http.Write($"scoring/trainings/{asked.Id}/cancellation", new { })).Ok()["state"].ShouldBe("failed");
        (await http.Read("scoring/trainings")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_of_a_person_is_in_a_model()
    {
        using var http = await crm.Tenant(Tenant());
        await ScoringSteps.Leads(http, 60);
        for (var i = 0; i < 30; i++)
        {
            var id = (await http.Write("leads", new { source = "mail", contact = "Nobody-Elses-Name", email = $"nobody-elses-{i}@acme.example", occurredAt = ScoringSteps.Begin })).Ok().Id;
            (await http.Write($"leads/{id}/disqualification", new { reason = "no need", occurredAt = ScoringSteps.Begin.AddDays(1) })).Ok();
        }

        var model = (await http.Read($"scoring/models/{(await ScoringSteps.Train(http)).GetProperty("modelId")}")).Ok();

        model.Body.GetProperty("used").EnumerateArray().Select(field => field.GetString()).ShouldContain("hasEmail");
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

    private static string? Left(JsonElement card, string field) =>
        card.GetProperty("left").EnumerateArray().SingleOrDefault(left => left.GetProperty("field").GetString() == field) is { ValueKind: JsonValueKind.Object } left
            ? left.GetProperty("reason").GetString() : null;

    private static Job JobOf(string tenant, TrainingWish wish) => new(
        tenant, Guid.CreateVersion7(), TrainingWork.Name, StreamId.From(tenant, "scoring", "training"), JsonSerializer.SerializeToNode(wish, EventTypes.Json)!, "admin",
        DateTimeOffset.UtcNow, JobState.Running, null, 0, 0, IsCancelling: false, Attempts: 1, null, null, (JsonNode?)null, null);
}
