using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Playbooks;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Playbooks;

namespace Crm.Api.Tests.Playbooks;

/// <summary>A tenant's rules over HTTP: nothing changes before they are published, and nothing that was decided changes after.</summary>
public sealed class PlaybookTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int tenants;

    [Fact]
    public async Task A_template_is_drafted_published_from_a_moment_on_and_rolled_back()
    {
        using var http = await crm.Tenant($"playbook-{Interlocked.Increment(ref tenants)}");
        var template = (await http.Read("playbook/templates")).Ok().Body.GetProperty("items").EnumerateArray().First(t => t.GetProperty("key").GetString() == "b2b");
        (await http.Put("playbook/draft", template.GetProperty("document"))).Ok();
        (await http.Read("playbook")).Ok().Body.GetProperty("version").GetInt64().ShouldBe(0);
        (await http.Read("playbook/draft")).Ok().Body.GetProperty("faults").GetArrayLength().ShouldBe(0);

        (await http.Write("playbook/publication", new { note = "begin" })).Ok();
        var inForce = (await http.Read("playbook")).Ok().Body;
        inForce.GetProperty("version").GetInt64().ShouldBe(1);
        inForce.GetProperty("pipelines").EnumerateArray().Select(p => p.GetProperty("key").GetString()).ShouldBe(["b2b", "standard"]);

        (await http.Put("playbook/draft", new { name = "Other" })).Ok();
        (await http.Write("playbook/publication", new { from = DateTimeOffset.UtcNow.AddDays(3) })).Ok();
        (await http.Read("playbook")).Ok().Body.GetProperty("version").GetInt64().ShouldBe(1);
        (await http.Write("playbook/versions/2/withdrawal", new { })).Ok();
        (await http.Put("playbook/draft", new { name = "Third" })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
        (await http.Write("playbook/rollback", new { to = 1 })).Ok();

        var states = (await http.Read("playbook/versions")).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(v => $"{v.GetProperty("number")} {v.GetProperty("state")}");
        states.ShouldBe(["4 in-force", "3 past", "2 withdrawn", "1 past"]);
        JsonElement.DeepEquals((await http.Read("playbook/versions/4")).Ok().Body.GetProperty("document"), template.GetProperty("document")).ShouldBeTrue();
        (await http.Read($"playbook?at={inForce.GetProperty("from").GetString()}")).Ok().Body.GetProperty("version").GetInt64().ShouldBe(0, "what the screen showed before");
    }

    [Fact]
    public async Task A_draft_with_faults_is_kept_and_not_published()
    {
        using var http = await crm.Tenant($"playbook-{Interlocked.Increment(ref tenants)}");
        (await http.Put("playbook/draft", new { name = "x", clocks = new { calendar = "none" } })).Ok();

        (await http.Read("playbook/draft")).Ok().Body.GetProperty("faults")[0].GetProperty("pointer").GetString().ShouldBe("/clocks/calendar");
        var refused = await (await http.Write("playbook/publication", new { })).Refused();
        (refused.Status, refused.Code, refused.Errors.ShouldHaveSingleItem().Where).ShouldBe((422, "playbook.faulty", "/clocks/calendar"));
    }

    [Fact]
    public async Task What_is_no_playbook_is_refused_with_every_place()
    {
        var refused = await (await crm.Http.Put("playbook/draft", new { name = "x", reps = new[] { new { rep = "a", capacity = -1, colour = "red" } }, calendar = 1 })).Refused();

        refused.Status.ShouldBe(400);
        refused.Errors.Select(e => e.Where).ShouldBe(["/calendar", "/reps/0/colour", "/reps/0/capacity"], ignoreOrder: true);
    }

    [Fact]
    public async Task Nobody_overwrites_a_draft_that_he_has_not_seen()
    {
        using var http = await crm.Tenant($"playbook-{Interlocked.Increment(ref tenants)}");
        (await http.Put("playbook/draft", new { name = "mine" })).Ok();
        var tag = (await http.Read("playbook/draft")).Ok().Message.Headers.ETag!.Tag;
        (await http.Put("playbook/draft", new { name = "theirs" })).Ok();

        (await http.Put("playbook/draft", new { name = "mine again" }, ("If-Match", tag))).Status.ShouldBe(412);
    }

    [Fact]
    public async Task The_schema_knows_every_member_of_the_document()
    {
        var schema = JsonNode.Parse((await crm.Http.Read("playbook/schema")).Ok().Text)!;

        schema["properties"]!.AsObject().Select(member => member.Key)
            .ShouldBe(typeof(PlaybookDocument).GetProperties().Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name)));
        schema["$defs"]!["FirstResponseSection"]!["properties"]!["counting"]!["oneOf"]![0]!["enum"]!.AsArray().Select(word => word!.GetValue<string>()).ShouldBe(["elapsed", "workdays", "open-hours"]);
        schema.ToJsonString().ShouldNotContain("components");
    }

    [Fact]
    public void Every_template_watches_what_is_signed_what_is_lost_and_each_stage()
    {
        foreach (var document in PlaybookTemplates.All.Select(template => template.Document))
        {
            var rules = document.Alerts!.Rules;
            rules.Select(rule => rule.NothingNew?.Pipeline).OfType<string>().ShouldBe(document.Pipelines!.Select(one => one.Key));
            rules.Select(rule => rule.ShareAbove?.Of).OfType<WatchedShare>().Distinct().Count().ShouldBe(2);
            rules.Select(rule => rule.ConversionBelow).OfType<ConversionBelowSection>().Select(one => (one.Pipeline, one.Stage))
                .ShouldBe(document.Pipelines!.SelectMany(one => one.Stages.Select(stage => (one.Key, stage.Name))));
        }
    }

    [Fact]
    public void Every_template_can_be_published() =>
        PlaybookTemplates.All.ShouldAllBe(template => PlaybookCheck.Of(template.Document, Zones.Tzdb, TemplateLanguage.Handlebars).Count == 0);
}
