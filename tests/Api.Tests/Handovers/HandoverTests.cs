using System.Text.Json;
using Crm.Api.Tests.Approvals;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Handovers;

/// <summary>A rep leaves: nothing is left behind, and he comes in no more.</summary>
public sealed class HandoverTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task All_that_a_leaver_has_goes_to_his_successors_in_one_command()
    {
        using var admin = await crm.Tenant("handover");
        foreach (var member in (string[])["li", "wang", "chen"])
        {
            (await admin.Write("members", new { id = member, role = "rep" })).Ok();
        }

        using var leaver = crm.With((await admin.Write("api-keys", new { name = "k", member = "li" })).Ok()["key"]);
        var leads = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            leads.Add((await admin.Write("leads", new { source = "web", rep = "li" })).Ok().Id);
        }

        (await admin.Write($"leads/{leads[4]}/disqualification", new { reason = "student" })).Ok();
        var deal = (await admin.Open(new { rep = "li" })).Id;
        var task = (await admin.Write("tasks", new { title = "Call", kind = "call", dueAt = DateTimeOffset.UtcNow.AddDays(1), rep = "li" })).Ok().Id;
        var customer = (await admin.Write("customers", new { name = "Hengce" })).Ok().Id;
        var promise = (await admin.Write("commitments",
            new { customerId = customer, kind = "delivery", dueAt = "2030-01-01T00:00:00Z", rep = "li" })).Ok().Id;
        var ticket = (await admin.Write("tickets", new { customerId = customer, title = "Hot", agent = "li" })).Ok().Id;
        var others = (await admin.Write("leads", new { source = "web", rep = "chen" })).Ok().Id;

        var job = (await admin.Write("handovers", new { member = "li", to = new[] { "wang", "chen" }, reason = "left" })).Ok();
        job.Status.ShouldBe(202);
        JsonElement ended = default;
        await Patience.Until("all has gone over", async () => (ended = (await admin.Read($"handovers/{job.Id}")).Ok().Body).GetProperty("endedAt").ValueKind == JsonValueKind.String);
        ended.GetProperty("state").GetString().ShouldBe("succeeded", ended.GetRawText());
        var result = ended.GetProperty("result");
        ended.GetProperty("total").GetInt64().ShouldBe(ended.GetProperty("done").GetInt64());
        (result.GetProperty("leads").GetInt32(), result.GetProperty("opportunities").GetInt32(), result.GetProperty("tasks").GetInt32(), result.GetProperty("stayed").GetArrayLength())
            .ShouldBe((4, 1, 1, 0));
        (result.GetProperty("commitments").GetInt32(), result.GetProperty("tickets").GetInt32(), result.GetProperty("approvals").GetInt32())
            .ShouldBe((1, 1, 0));
        (await admin.Read($"commitments/{promise}")).Ok()["rep"].ShouldBe("wang");
        (await admin.Read($"tickets/{ticket}")).Ok()["agent"].ShouldBe("wang");
        result.GetProperty("by").GetProperty("wang").GetProperty("leads").GetInt32().ShouldBe(2);

        foreach (var record in leads.Take(4).Select(lead => $"leads/{lead}").Append($"opportunities/{deal}").Append($"tasks/{task}"))
        {
            (await admin.Read(record)).Ok()["rep"].ShouldBeOneOf("wang", "chen");
        }

        (await admin.Read($"leads/{leads[4]}")).Ok()["rep"].ShouldBe("li", "what is closed stays as it was");
        (await admin.Read($"leads/{others}")).Ok()["rep"].ShouldBe("chen");
        (await leaver.Read("leads")).Status.ShouldBe(401);
        (await admin.History($"leads/{leads[0]}"))[^1].GetProperty("data").GetProperty("ground").GetProperty("by").GetString().ShouldBe("handover");
    }

    [Fact]
    public async Task What_waits_to_be_approved_by_a_leaver_waits_for_his_successor()
    {
        using var admin = await crm.Tenant("handover-approvals");
        var people = await ApprovalSteps.People(crm, admin);
        await ApprovalSteps.Publish(
            admin, ApprovalSteps.Flow("discount", new { key = "boss", name = "Boss", approvers = new { members = new[] { "chen" } } }));
        var deal = (await admin.Open(new { rep = "li" })).Id;
        var approval = (await people["li"].Write($"opportunities/{deal}/approvals", new { flow = "discount", reason = "x" })).Ok().Id;

        var job = (await admin.Write("handovers", new { member = "chen", to = new[] { "wang" }, reason = "left" })).Ok();
        JsonElement ended = default;
        await Patience.Until("all has gone over", async () => (ended = (await admin.Read($"handovers/{job.Id}")).Ok().Body)
            .GetProperty("endedAt").ValueKind == JsonValueKind.String);

        ended.GetProperty("state").GetString().ShouldBe("succeeded", ended.GetRawText());
        ended.GetProperty("result").GetProperty("approvals").GetInt32().ShouldBe(1, ended.GetRawText());
        (await people["wang"].Decide(approval, "grant")).Ok();
        (await admin.State(approval)).GetProperty("state").GetString().ShouldBe("granted");
    }

    [Theory]
    [InlineData("nobody", "wang", "access.member-unknown")]
    [InlineData("li", "li", "access.successor")]
    [InlineData("li", "nobody", "access.successor")]
    public async Task Whoever_is_named_has_to_be_there(string member, string to, string code)
    {
        using var admin = await crm.Tenant($"handover-{member}-{to}");
        foreach (var one in (string[])["li", "wang"])
        {
            (await admin.Write("members", new { id = one, role = "rep" })).Ok();
        }

        var refused = await (await admin.Write("handovers", new { member, to = new[] { to } })).Refused();
        refused.Code.ShouldBe(code);
        if (to == "nobody")
        {
            refused.Errors.Single().Message.ShouldBe("There is no member 'nobody'.");
        }
    }
}
