using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Automations;

/// <summary>What rules leave alone, and what they take up again: flags, revival, other rules, no rules.</summary>
public sealed class RulesAndLeadsTests(MovedClock crm) : CareTests(crm), IClassFixture<MovedClock>
{
    [Fact]
    public async Task What_is_revived_after_a_month_is_his_and_looked_after_from_then_on()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");
        (await http.Write($"leads/{lead}/disqualification", new { reason = "no budget" })).Ok();
        await Crm.Move(TimeSpan.FromDays(30));
        (await http.Write($"leads/{lead}/revival", new { })).Ok();

        await Told(http, lead, "lead_follow_up_expected");
        (await http.History($"leads/{lead}")).Select(Told)
            .ShouldBe(["lead_captured", "lead_assigned li rule 1", "lead_disqualified", "lead_revived", "lead_follow_up_expected li"]);
    }

    [Fact]
    public async Task What_a_rule_says_is_a_test_is_given_to_nobody_until_somebody_vouches_for_it()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "test", region = "East" })).Ok().Id;
        await Told(http, lead, "lead_flagged");
        var history = await http.History($"leads/{lead}");
        var said = history[1].GetProperty("data");
        (said.GetProperty("flag").GetString(), said.GetProperty("rule").GetString()).ShouldBe(("test", "tests"));
        history[1].GetProperty("occurredAt").GetString().ShouldBe(history[0].GetProperty("occurredAt").GetString());
        (await (await http.Write($"leads/{lead}/claim", new { })).Refused()).Code.ShouldBe("lead.flagged");
        (await (await http.Write($"leads/{lead}/assignment", new { rep = "wang" })).Refused()).Code.ShouldBe("lead.flagged");

        (await http.Write($"leads/{lead}/flag/withdrawal", new { reason = "a customer who tries us" })).Ok();
        await Has(http, lead, "li");
        (await http.Write($"leads/{lead}/notes", new { text = "still from the source test" })).Ok();
        (await http.Read($"leads/{lead}")).Ok()["flag"].ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_expected_of_whoever_has_a_flagged_lead_and_all_of_it_is_once_it_is_business_again()
    {
        using var http = await Company(new { firstTask = new { kind = "first-call", title = "首次电话跟进", dueMinutes = 1440 } });
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        var other = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");
        await Has(http, other, "wang");
        (await http.Write($"leads/{lead}/flag", new { flag = "junk", reason = "sells to us" })).Ok();
        await Patience.Until("his task is cancelled", async () =>
            (await Tasks(http, lead)).SequenceEqual(["li cancelled first-call 首次电话跟进"]));

        await Crm.Move(TimeSpan.FromHours(30));
        await Told(http, other, "lead_returned");
        (await http.History($"leads/{lead}")).Select(Told).Where(told => told != "lead_noted")
            .ShouldBe(["lead_captured", "lead_assigned li rule 1", "lead_flagged", "lead_clocks_stopped li"]);

        (await http.Write($"leads/{lead}/flag/withdrawal", new { })).Ok();
        await Told(http, lead, "lead_follow_up_expected");
        (await http.Read($"leads/{lead}")).Ok()["rep"].ShouldBe("li");
        await Crm.Move(TimeSpan.FromHours(73));
        await Told(http, lead, "lead_silent");
    }

    [Fact]
    public async Task Rules_that_come_into_force_take_what_the_former_left_in_the_pool()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "web", region = "North" })).Ok().Id;
        await Told(http, lead, "lead_left_in_pool");
        (await http.Put("playbook/draft", new
        {
            name = "North too", reps = new[] { new { rep = "sun" } },
            assignment = new { rules = new[] { new { key = "all", name = "All" } } }
        })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();

        await Has(http, lead, "sun");
    }

    [Fact]
    public async Task Rules_that_come_into_force_later_take_it_then()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "web", region = "North" })).Ok().Id;
        await Told(http, lead, "lead_left_in_pool");
        (await http.Put("playbook/draft", new
        {
            name = "North too", reps = new[] { new { rep = "sun" } },
            assignment = new { rules = new[] { new { key = "all", name = "All" } } }
        })).Ok();
        (await http.Write("playbook/publication", new { from = Crm.Engine.Store.Clock.GetUtcNow().AddDays(2) })).Ok();
        await Patience.Until("it is known when to ask again", async () => (await http.History($"leads/{lead}")).Count == 3);

        await Crm.Move(TimeSpan.FromDays(2));
        await Has(http, lead, "sun");
    }

    [Fact]
    public async Task Where_the_rules_decide_nobody_gives_leads_by_hand()
    {
        using var http = await Company(new { byHand = false });
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");

        (await (await http.Write($"leads/{lead}/assignment", new { rep = "wang" })).Refused()).Code.ShouldBe("lead.not-by-hand");
        (await (await http.Write("leads", new { source = "web", rep = "wang" })).Refused()).Code.ShouldBe("lead.not-by-hand");
    }

    [Fact]
    public async Task A_tenant_without_a_playbook_is_left_alone()
    {
        using var http = await Crm.Tenant(NewTenant());
        using var other = await Company();
        var alone = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        var cared = (await other.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(other, cared, "li");

        (await http.History($"leads/{alone}")).Count.ShouldBe(1);
    }
}
