using System.Text.Json;
using Crm.Api.Imports;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Leads;
using Crm.Support;

namespace Crm.Api.Tests.Automations;

/// <summary>What goes on by itself is seen: on trial, as it stands, and where it failed.</summary>
public sealed class CareSeenTests(MovedClock crm) : CareTests(crm), IClassFixture<MovedClock>
{
    [Fact]
    public async Task While_it_is_only_tried_it_says_what_it_would_do_and_writes_nothing()
    {
        using var http = await Company();
        (await http.Write("automations/look-after-leads/mode", new { mode = "dry-run", reason = "on trial" })).Ok();
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;

        JsonElement trial = default;
        await Patience.Until("it says what it would do", async () =>
        {
            var trials = (await http.Read("automations/look-after-leads/trials")).Ok().Body.GetProperty("items");
            trial = trials.GetArrayLength() > 0 ? trials[0] : default;
            return trial.ValueKind == JsonValueKind.Object;
        });
        (trial.GetProperty("subject").GetGuid(), trial.GetProperty("facts")[0].GetProperty("type").GetString(),
            trial.GetProperty("facts")[0].GetProperty("data").GetProperty("rep").GetString())
            .ShouldBe((lead, "lead_assigned", "li"));
        (await http.History($"leads/{lead}")).Count.ShouldBe(1);

        (await http.Write("automations/look-after-leads/mode", new { mode = "on" })).Ok();
        var next = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, next, "li");
    }

    [Fact]
    public async Task It_is_seen_what_goes_on_by_itself()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");

        await Patience.Until("it is counted", async () => (await State()).GetProperty("acts").TryGetProperty("lead_assigned", out _)
            && (await State()).GetProperty("waiting").GetInt64() == 1);
        var state = await State();
        (state.GetProperty("mode").GetString(), state.GetProperty("failures").GetInt64(), state.GetProperty("due").GetInt64())
            .ShouldBe(("on", 0, 0));

        async Task<JsonElement> State() => (await http.Read("automations")).Ok().Body.GetProperty("items")[0];
    }

    [Fact]
    public async Task One_lead_that_cannot_be_cared_for_holds_up_no_other_and_is_tried_again_when_somebody_wants_it()
    {
        var tenant = NewTenant();
        using var http = await Company(tenant: tenant);
        var sick = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, sick, "li");
        var well = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, well, "wang");

        // Nothing can be written to it any more, as an operator may have wanted.
        await Crm.Sql($"update public.mt_streams set is_archived = true where tenant_id = '{tenant}' and id = '{sick}'");
        await Crm.Move(TimeSpan.FromHours(20));
        await Told(http, well, "lead_reminded");
        await Patience.Until("it is told that one failed", async () => (await Failures()).Count == 1);
        (await Failures())[0].ShouldSatisfyAllConditions(
            failure => failure.GetProperty("subject").GetGuid().ShouldBe(sick), failure => failure.GetProperty("error")
                .GetString()!.ShouldStartWith("StreamArchived"));

        await Crm.Sql($"update public.mt_streams set is_archived = false where tenant_id = '{tenant}' and id = '{sick}'");
        (await http.Write($"automations/look-after-leads/failures/{sick}/retry", new { })).Status.ShouldBe(204);
        await Told(http, sick, "lead_reminded");
        await Patience.Until("nothing has failed", async () => (await Failures()).Count == 0);

        async Task<IReadOnlyList<JsonElement>> Failures() => [.. (await http.Read("automations/look-after-leads/failures")).Ok()
            .Body.GetProperty("items").EnumerateArray()];
    }

    [Fact]
    public async Task What_is_tried_again_is_what_it_was_a_lead_of_a_file_is_still_given_to_nobody()
    {
        var tenant = NewTenant();
        using var http = await Company(tenant: tenant);
        var (ofFile, ofPerson) = (await Captured(Importer.Source), await Captured("api"));
        await Has(http, ofPerson, "li");

        var captured = (await http.History($"leads/{ofFile}"))[0].GetProperty("id").GetGuid();
        await Crm.Sql($"""
            insert into crm.automation_failure (tenant_id, automation, subject_id, cause_id, due_at, error, again)
            values ('{tenant}', 'look-after-leads', '{ofFile}', '{captured}', now(), 'x', true)
            """);
        await Patience.Until("it was tried again", async () => (await http.Read("automations/look-after-leads/failures")).Ok()
            .Body.GetProperty("items").GetArrayLength() == 0);

        (await http.History($"leads/{ofFile}")).Count.ShouldBe(1);

        async Task<Guid> Captured(string source)
        {
            var call = new Call(new Caller(tenant, "ann"), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, source);
            return (await Crm.Engine.Commands.Send(LeadDecider.Instance, Guid.CreateVersion7(), new CaptureLead("web", Region: "East"),
                call, default)).Id;
        }
    }
}
