using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Access;

/// <summary>Reps see their own, managers their teams', and what is hidden is nowhere: not shown, not asked by, not told.</summary>
public sealed class SightTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    [Fact]
    public async Task A_rep_sees_and_changes_what_is_his_own_and_nothing_else_is_there()
    {
        using var admin = await NewTenant();
        var (mine, theirs) = ((await admin.Open(new { rep = "m-1", name = "Mine" })).Id, (await admin.Open(new { rep = "m-2", name = "Theirs" })).Id);
        using var rep = await Member(admin, "m-1", new { id = "m-1", role = "rep" });

        (await rep.Read($"opportunities/{mine}")).Ok();
        (await rep.Read($"opportunities/{theirs}")).Status.ShouldBe(404);
        (await rep.Write($"opportunities/{mine}/stage", new { stage = "Proposal" })).Ok();
        var refused = await rep.Write($"opportunities/{theirs}/stage", new { stage = "Proposal" });
        var never = await rep.Write($"opportunities/{Guid.CreateVersion7()}/stage", new { stage = "Proposal" });
        (refused.Status, (await refused.Refused()).Code).ShouldBe((never.Status, (await never.Refused()).Code));

        var head = (await admin.Read("pipeline", ("Crm-Min-Position", (await admin.Read("opportunities")).Position))).Ok().Position;
        (await rep.Read("opportunities", ("Crm-Min-Position", head))).Ok().Text.ShouldNotContain("Theirs");
        Count(await rep.Read("pipeline", ("Crm-Min-Position", head))).ShouldBe(1);
        Count(await rep.Read("pipeline?asOf=2100-01-01", ("Crm-Min-Position", head))).ShouldBe(1);
        Count(await admin.Read("pipeline", ("Crm-Min-Position", head))).ShouldBe(2);
    }

    [Fact]
    public async Task What_a_rep_makes_is_his_own()
    {
        using var admin = await NewTenant();
        using var rep = await Member(admin, "m-1", new { id = "m-1", role = "rep" });

        var lead = (await rep.Write("leads", new { source = "fair" })).Ok();
        var deal = await rep.Open();

        (await rep.Read($"leads/{lead.Id}")).Ok()["rep"].ShouldBe("m-1");
        (await rep.Read($"opportunities/{deal.Id}")).Ok()["rep"].ShouldBe("m-1");
        (await rep.Write("leads", new { source = "fair", rep = "m-2" })).Status.ShouldBe(403);
        (await rep.Write("opportunities", new { name = "x", amount = Talk.Money(1m), rep = "m-2" })).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_manager_sees_the_records_of_the_teams_below_and_of_their_members()
    {
        using var admin = await NewTenant();
        foreach (var (id, parent) in ((string, string?)[])[("china", null), ("east", "china"), ("europe", null)])
        {
            (await admin.Write("teams", new { id, name = id, parent })).Ok();
        }

        (await admin.Write("members", new { id = "m-1", role = "rep", team = "east", rep = "王伟" })).Ok();
        await admin.Open(new { rep = "王伟", name = "Of a member" });
        await admin.Open(new { team = "east", name = "Of the team" });
        var last = await admin.Open(new { team = "europe", name = "Elsewhere" });
        using var manager = await Member(admin, "boss", new { id = "boss", role = "manager", team = "china" });

        Count(await manager.Read("pipeline", ("Crm-Min-Position", last.Position))).ShouldBe(2);
        var conversion = (await manager.Read("conversion", ("Crm-Min-Position", last.Position))).Ok();
        conversion.Body.GetProperty("opportunities").GetProperty("entered").GetInt64().ShouldBe(2);
        (await manager.Read("audit", ("Crm-Min-Position", last.Position))).Ok().Text.ShouldNotContain("Elsewhere");
    }

    [Fact]
    public async Task What_a_role_may_not_see_of_a_record_is_nowhere()
    {
        using var admin = await NewTenant();
        using var role = new HttpRequestMessage(HttpMethod.Put, "roles/clerk")
        {
            Content = new StringContent("""
                {"functions":["opportunities.read","pipeline.read","conversion.read"],"scope":"all","hiddenFields":["opportunity.amount","opportunity.region"]}
                """, System.Text.Encoding.UTF8, "application/json")
        };
        (await admin.SendAsync(role)).EnsureSuccessStatusCode();
        var opened = await admin.Open(new { amount = Talk.Money(424242.42m), region = "Atlantis" });
        (await admin.Write($"opportunities/{opened.Id}/amount", new { amount = Talk.Money(535353.53m) })).Ok();
        var last = (await admin.Write($"opportunities/{opened.Id}/stage", new { stage = "Proposal" })).Ok();
        using var clerk = await Member(admin, "m-1", new { id = "m-1", role = "clerk" });

        foreach (var path in (string[])["opportunities", $"opportunities/{opened.Id}", $"opportunities/{opened.Id}/events", $"opportunities/{opened.Id}/history", "pipeline", "pipeline?by=stage", "pipeline?asOf=2100-01-01", "conversion"])
        {
            var reply = (await clerk.Read(path, ("Crm-Min-Position", path is "opportunities" or "pipeline" or "conversion" ? last.Position : null))).Ok();
            reply.Text.ShouldNotContain("242.42", Case.Sensitive, path);
            reply.Text.ShouldNotContain("353.53", Case.Sensitive, path);
            reply.Text.ShouldNotContain("Atlantis", Case.Sensitive, path);
        }

        foreach (var path in (string[])["opportunities?region=Atlantis", "opportunities?filter=amount>1", "opportunities?sort=amount", "opportunities?fields=amount", "pipeline?by=region", "pipeline?region=Atlantis", "conversion?by=region"])
        {
            (await clerk.Read(path)).Status.ShouldBe(400, path);
        }
    }

    [Fact]
    public async Task The_audit_trail_tells_no_more_of_a_record_than_the_record_itself_would()
    {
        using var admin = await NewTenant();
        var lead = (await admin.Write("leads", new { source = "web", contact = "王五" })).Ok();
        using var auditor = crm.With((await admin.Write("api-keys", new { name = "a", functions = new[] { "audit.read" } })).Ok()["key"]);

        var trail = (await auditor.Read($"audit?subjectId={lead.Id}", ("Crm-Min-Position", lead.Position))).Ok();

        trail.Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_team_is_called_as_records_call_it()
    {
        using var admin = await NewTenant();
        (await admin.Write("teams", new { id = "华东 1", name = "East" })).Ok();
        var deal = await admin.Open(new { team = "华东 1" });
        using var manager = await Member(admin, "boss", new { id = "boss", role = "manager", team = "华东 1" });

        (await manager.Read($"opportunities/{deal.Id}")).Ok();
        (await admin.Read($"teams/{Uri.EscapeDataString("华东 1")}")).Ok()["name"].ShouldBe("East");
    }

    [Fact]
    public async Task A_field_that_does_not_exist_cannot_be_hidden()
    {
        using var admin = await NewTenant();
        using var role = new HttpRequestMessage(HttpMethod.Put, "roles/clerk")
        {
            Content = new StringContent("""{"functions":[],"scope":"all","hiddenFields":["opportunity.amout"]}""", System.Text.Encoding.UTF8, "application/json")
        };
        var reply = await admin.SendAsync(role);

        ((int)reply.StatusCode).ShouldBe(400);
        (await reply.Content.ReadAsStringAsync()).ShouldContain("opportunity.amount");
    }

    [Fact]
    public async Task Days_begin_where_the_tenant_is()
    {
        using var shanghai = await crm.Tenant("sight-shanghai", "Asia/Shanghai");
        using var utc = await crm.Tenant("sight-utc");

        (await shanghai.Read("pipeline?asOf=2026-03-03")).Ok()["asOf"].ShouldBe("2026-03-02T16:00:00Z");
        (await utc.Read("pipeline?asOf=2026-03-03")).Ok()["asOf"].ShouldBe("2026-03-03T00:00:00Z");
        (await shanghai.Read("me")).Ok()["zone"].ShouldBe("Asia/Shanghai");
    }

    private static long Count(Reply reply) => reply.Ok().Body.GetProperty("open").GetProperty("count").GetInt64();

    private Task<HttpClient> NewTenant() => crm.Tenant($"sight-{Interlocked.Increment(ref _tenants)}");

    private async Task<HttpClient> Member(HttpClient admin, string id, object member)
    {
        (await admin.Write("members", member)).Ok();
        return crm.With((await admin.Write("api-keys", new { name = id, member = id })).Ok()["key"]);
    }
}
