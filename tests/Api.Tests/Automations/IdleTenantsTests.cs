using Crm.Api.Automations;
using Crm.Api.HelpRequests;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Automations;

/// <summary>What stays due where a watch is off keeps no other tenant's waiting.</summary>
public sealed class IdleTenantsTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task A_tenant_whose_watch_is_off_or_only_tried_is_passed_over_until_it_is_on()
    {
        var idle = new IdleTenants(crm.Engine.Playbooks, HelpDesk.Automation);
        using var on = await crm.Tenant("idle-on");
        using var off = await crm.Tenant("idle-off");
        using var tried = await crm.Tenant("idle-tried");
        (await off.Write("automations/watch-help/mode", new { mode = "off" })).Ok();
        (await tried.Write("automations/watch-help/mode", new { mode = "dry-run" })).Ok();

        await Patience.Until("the modes are known", async () =>
        {
            await idle.Rest(["idle-off", "idle-on", "idle-tried", "idle-off"], default);
            return idle.All.Order().SequenceEqual(["idle-off", "idle-tried"]);
        });
        await idle.Wake(default);
        idle.All.Order().ShouldBe(["idle-off", "idle-tried"]);

        (await off.Write("automations/watch-help/mode", new { mode = "on" })).Ok();
        await Patience.Until("it is on", async () =>
        {
            await idle.Wake(default);
            return !idle.All.Contains("idle-off");
        });
    }
}
