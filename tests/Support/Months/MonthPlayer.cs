using System.Text.Json;

namespace Crm.Support.Months;

/// <summary>Plays a month over HTTP, step by step as the plain one went.</summary>
public sealed class MonthPlayer(PlainMonth month, IMonthHost host)
{
    private const string Admin = "admin";
    private const string Feed = "pbx";

    private readonly List<Guid> leads = [];

    /// <summary>Ids by number.</summary>
    public IReadOnlyList<Guid> Leads => leads;

    /// <summary>The first rules, the people, and the feed of the telephone system, each with a key of its own.</summary>
    public async Task Prepare()
    {
        foreach (var person in MonthRules.People)
        {
            await Join(person, "rep");
        }

        await Join(Feed, "integration");
        await host.Say(Admin, "PUT", "playbook/draft", MonthRules.First.Document);
        await host.Say(Admin, "POST", "playbook/publication", new { });
    }

    /// <summary>The step that is being played.</summary>
    public MonthStep? Step { get; private set; }

    /// <param name="dayIsOver">Told each day, and its last step.</param>
    public async Task Play(Func<int, MonthStep, Task> dayIsOver)
    {
        foreach (var (n, step) in month.Steps.Index())
        {
            Step = step;
            await host.Move(step.At.Instant());
            await host.Settle();
            foreach (var turn in step.Deeds)
            {
                foreach (var deed in turn)
                {
                    await Do(deed);
                }

                await host.Settle();
            }

            if (n + 1 == month.Steps.Count || month.Steps[n + 1].At.Date > step.At.Date)
            {
                await dayIsOver((step.At - MonthDays.At(0, 0)).Days, step);
            }
        }
    }

    /// <summary>Those who left come back, so that all can read what they were told.</summary>
    public async Task Reinstate()
    {
        foreach (var person in (string[])["zhu", "wu"])
        {
            await host.Say(Admin, "POST", $"members/{person}/reinstatement", new { });
        }
    }

    private async Task Join(string member, string role)
    {
        await host.Say(Admin, "POST", "members", new { id = member, role });
        host.Know(member, (await host.Say(Admin, "POST", "api-keys", new { name = "month", member })).GetProperty("key").GetString()!);
    }

    private async Task Do(MonthDeed deed)
    {
        // Programs know the time to some milliseconds: what may give leads to people is further apart, so that terms end in its order.
        if (deed is TouchDeed { Rep: null } or CaptureDeed or VerifyDeed)
        {
            await host.Pass(TimeSpan.FromMilliseconds(200));
        }

        switch (deed)
        {
            case CaptureDeed d:
                var lead = new { source = d.Source, region = d.Region, campaign = d.Campaign, externalId = $"lead {d.Lead}" };
                leads.Add((await host.Say(Admin, "POST", "leads", lead)).GetProperty("id").GetGuid());
                break;
            case TouchDeed { FollowsUp: true } d:
                var (channel, occurredAt) = (d.Rep is null ? Feed : null, d.Occurred?.Instant());
                var call = new { kind = "call", direction = "outbound", channel, occurredAt };
                await host.Say(d.Rep ?? Feed, "POST", $"leads/{leads[d.Lead]}/touches", call);
                break;
            case TouchDeed d:
                await host.Say(Feed, "POST", $"leads/{leads[d.Lead]}/touches", new { kind = "page-view", direction = "inbound" });
                break;
            case VerifyDeed d:
                await host.Say(Admin, "PATCH", $"leads/{leads[d.Lead]}", new { campaign = "verified" });
                break;
            case DisqualifyDeed d:
                await host.Say(d.Rep, "POST", $"leads/{leads[d.Lead]}/disqualification", new { reason = "no budget" });
                break;
            case QualifyDeed d:
                var amount = new { amount = "1000.00", currency = "CNY" };
                var deal = new { opportunityName = $"Deal {d.Lead}", customerName = $"Customer {d.Lead}", amount };
                await host.Say(d.Rep, "POST", $"leads/{leads[d.Lead]}/qualification", deal);
                break;
            case SuspendDeed d:
                await host.Say(Admin, "POST", $"members/{d.Rep}/suspension", new { reason = "left" });
                await Patience.Until("he comes in nowhere", () => host.IsShutOut(d.Rep));
                break;
            case PublishDeed d:
                await host.Say(Admin, "PUT", "playbook/draft", d.Rules.Document);
                await host.Say(Admin, "POST", "playbook/publication", new { from = d.Rules.From.Instant() });
                break;
            case HandOverDeed d:
                await HandOver(d);
                break;
        }
    }

    private async Task HandOver(HandOverDeed deed)
    {
        var job = await host.Say(Admin, "POST", "handovers", new { member = deed.Rep, to = deed.To, reason = "left" });
        var path = $"handovers/{job.GetProperty("id").GetGuid()}";
        await Patience.Until(
            "all is handed over", async () => (await host.Say(Admin, "GET", path)).GetProperty("endedAt").ValueKind == JsonValueKind.String);
        await Patience.Until("he comes in nowhere", () => host.IsShutOut(deed.Rep));
    }
}
