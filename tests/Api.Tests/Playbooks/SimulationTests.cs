using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Leads;
using Crm.EventStore;
using Crm.Support;

namespace Crm.Api.Tests.Playbooks;

/// <summary>A draft is tried on what has happened before it goes live, and nothing is written by that.</summary>
public sealed class SimulationTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task A_draft_says_who_would_have_got_what()
    {
        using var http = await crm.Tenant("simulated");
        foreach (var region in (string[])["East", "West", "East"])
        {
            var lead = (await http.Write("leads", new { source = "web", region })).Ok().Id;
            (await http.Write($"leads/{lead}/assignment", new { rep = "li" })).Ok();
        }

        for (var i = 0; i < 4; i++)
        {
            (await http.Write("leads", new { source = "web", region = i < 3 ? "West" : "North" })).Ok();
        }

        (await http.Put("playbook/draft", new
        {
            name = "On trial",
            reps = new[] { new { rep = "li", regions = new[] { "East" } }, new { rep = "wang", regions = new[] { "West" } } },
            assignment = new { rules = new[] { new { key = "region", name = "By region", match = new[] { "region" } } } }
        })).Ok();
        var before = await crm.Events();
        var job = (await http.Write("playbook/simulations", new { days = 7 })).Ok();
        (job.Status, job.Location).ShouldBe((202, $"/api/v1/playbook/simulations/{job.Id}"));

        JsonElement ended = default;
        await Patience.Until("it has ended", async () => (ended = (await http.Read($"playbook/simulations/{job.Id}")).Ok().Body).GetProperty("endedAt").ValueKind == JsonValueKind.String);
        ended.GetProperty("state").GetString().ShouldBe("succeeded", ended.GetRawText());
        var result = ended.GetProperty("result");
        (result.GetProperty("leads").GetInt32(), result.GetProperty("wereGiven").GetInt32(), result.GetProperty("wouldBeGiven").GetInt32()).ShouldBe((7, 3, 6));
        result.GetProperty("reps").EnumerateArray().Select(rep => rep.GetRawText()).ShouldBe(["""{"got":3,"rep":"li","wouldGet":2}""", """{"got":0,"rep":"wang","wouldGet":4}"""]);
        result.GetProperty("leftInPool")[0].GetRawText().ShouldBe("""{"why":"no-rule","leads":1}""", "as stored");
        (await crm.Events()).ShouldBe(before, "nothing is written");
    }

    [Fact]
    public async Task What_was_taken_back_was_never_there()
    {
        using var http = await crm.Tenant("simulated-undone");
        (await http.Write("leads", new { source = "web" })).Ok();
        var undone = (await http.Write("leads", new { source = "web" })).Ok().Id;
        var captured = await crm.Engine.Store.ReadStream("simulated-undone", undone, bound: null, default);

        // As an import that is undone says it.
        await crm.Engine.Store.Append(new AppendRequest("simulated-undone", [new StreamAppend(undone, "lead", captured[^1].Version,
            [new NewEvent(Guid.CreateVersion7(), new LeadImportUndone(Guid.NewGuid(), [.. captured.Select(e => e.EventId)]),
            OccurredAt: null, captured[0].Metadata)])]), default);
        (await http.Put("playbook/draft", new
        {
            name = "On trial", reps = new[] { new { rep = "li" } },
            assignment = new { rules = new[] { new { key = "all", name = "All" } } }
        })).Ok();
        var job = (await http.Write("playbook/simulations", new { days = 7 })).Ok();

        JsonElement ended = default;
        await Patience.Until("it has ended", async () => (ended = (await http.Read($"playbook/simulations/{job.Id}")).Ok().Body)
            .GetProperty("endedAt").ValueKind == JsonValueKind.String);
        (ended.GetProperty("result").GetProperty("leads").GetInt32(), ended.GetProperty("result").GetProperty("wouldBeGiven").GetInt32())
            .ShouldBe((1, 1), ended.GetRawText());
    }

    [Fact]
    public async Task What_has_faults_is_not_tried()
    {
        using var http = await crm.Tenant("simulated-faults");

        (await (await http.Write("playbook/simulations", new { })).Refused()).Code.ShouldBe("playbook.no-draft");
        (await (await http.Write("playbook/simulations", new { document = new { name = "x", clocks = new { calendar = "none" } } })).Refused()).Errors.ShouldHaveSingleItem().Where
            .ShouldBe("/document/clocks/calendar");
    }
}
