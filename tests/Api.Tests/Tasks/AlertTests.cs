using Crm.Api.Tests.Journeys;
using Crm.Domain.Tasks;

namespace Crm.Api.Tests.Tasks;

/// <summary>Everybody's own alerts: raised by rules, told in his language, read, and put away.</summary>
public sealed class AlertTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    [Fact]
    public async Task An_alert_is_told_in_the_language_and_at_the_time_of_its_reader()
    {
        var (_, ann, tenant) = await Stage("Asia/Shanghai");
        var lead = Guid.NewGuid();
        await Raise(tenant, "ann", "task-overdue", new() { ["title"] = "首次电话", ["dueAt"] = "2026-05-29T08:00:00Z" },
            about: new About(AboutKind.Lead, lead));
        var last = await Raise(tenant, "ann", "quota-short", new() { ["region"] = "East", ["figure"] = "0.82" }, AlertSeverity.Critical);

        var english = (await ann.Read("alerts?sort=kind", ("Crm-Min-Position", last))).Ok().Body.GetProperty("items");
        var chinese = (await ann.Read("alerts?sort=kind&lang=zh-CN")).Ok().Body.GetProperty("items");

        Sentences(english).ShouldBe(["quota-short: figure 0.82, region East", "The task “首次电话” was due 2026-05-29 16:00."]);
        Sentences(chinese).ShouldBe(["quota-short：figure 0.82、地区 East", "任务“首次电话”已逾期，截止时间 2026-05-29 16:00。"]);
        english[1].GetProperty("about").GetProperty("id").GetGuid().ShouldBe(lead);
        (english[0].GetProperty("severity").GetString(), english[1].GetProperty("automation").GetString())
            .ShouldBe(("critical", "watch-tasks"));
        (await ann.Read("alerts?severity=critical")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task The_unread_come_first_page_by_page_and_what_is_put_away_is_gone()
    {
        var (_, ann, tenant) = await Stage();
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(Guid.CreateVersion7());
            await Raise(tenant, "ann", $"k{i}", id: ids[i]);
        }

        (await ann.Write($"alerts/{ids[4]}/read", new { })).Ok();
        var read = (await ann.Write($"alerts/{ids[4]}/read", new { })).Ok();
        (await Unread(ann, read.Position)).ShouldBe(4);
        var first = (await ann.Read("alerts?limit=2", ("Crm-Min-Position", read.Position))).Ok();
        var last = (await ann.Write($"alerts/{ids[3]}/dismissal", new { })).Ok();
        (await ann.Read("alerts/unread", ("Crm-Min-Position", last.Position))).Ok();
        var second = (await ann.Read($"alerts?limit=2&cursor={first["nextCursor"]}")).Ok();
        var third = (await ann.Read($"alerts?limit=2&cursor={second["nextCursor"]}")).Ok();

        ((Reply[])[first, second, third]).SelectMany(page => Kinds(page)).ShouldBe(["k3", "k2", "k1", "k0", "k4"]);
        Kinds((await ann.Read("alerts?unread=true")).Ok()).ShouldBe(["k2", "k1", "k0"]);
        Kinds((await ann.Read("alerts?unread=false")).Ok()).ShouldBe(["k4"]);
        (await Unread(ann, last.Position)).ShouldBe(3);
    }

    [Fact]
    public async Task Nobody_sees_or_reads_what_is_anothers_and_no_tag_of_his_stands_for_it()
    {
        var (admin, ann, tenant) = await Stage();
        var id = Guid.CreateVersion7();
        var last = await Raise(tenant, "ann", "k", id: id);
        (await admin.Write("members", new { id = "eve", role = "admin" })).Ok();
        using var eve = crm.With((await admin.Write("api-keys", new { name = "eve", member = "eve" })).Ok()["key"]);

        (await eve.Read("alerts", ("Crm-Min-Position", last))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await eve.Read("alerts?filter=member=ann")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await Unread(eve, last)).ShouldBe(0);
        foreach (var path in (string[])["read", "dismissal"])
        {
            (await (await eve.Write($"alerts/{id}/{path}", new { })).Refused()).Code.ShouldBe("alert.unknown");
        }

        foreach (var path in (string[])["alerts", "alerts/unread"])
        {
            var (hers, his) = ((await admin.Read(path)).Ok(), (await eve.Read(path)).Ok());
            hers.ETag.ShouldNotBe(his.ETag, path);
        }

        (await Unread(ann, last)).ShouldBe(1);
        (await admin.Read("audit?subject=alert&lang=zh-CN", ("Crm-Min-Position", last))).Ok().Text.ShouldContain("向 ann 发出提醒：k（警告）。");
    }

    [Fact]
    public async Task A_rule_that_raises_it_again_raises_nothing()
    {
        var (_, ann, tenant) = await Stage();
        var id = Guid.CreateVersion7();
        await Raise(tenant, "ann", "k", id: id);
        var last = await Raise(tenant, "ann", "k", id: id);

        (await Unread(ann, last)).ShouldBe(1);
    }

    private async Task<(HttpClient Admin, HttpClient Ann, string Tenant)> Stage(string zone = "UTC")
    {
        var tenant = $"alerts-{Interlocked.Increment(ref _tenants)}";
        var admin = await crm.Tenant(tenant, zone);
        (await admin.Write("members", new { id = "ann", role = "rep" })).Ok();
        return (admin, crm.With((await admin.Write("api-keys", new { name = "ann", member = "ann" })).Ok()["key"]), tenant);
    }

    private Task<string> Raise(
        string tenant, string to, string kind, Dictionary<string, string>? with = null, AlertSeverity severity = AlertSeverity.Warning,
        About? about = null, Guid? id = null) =>
        Raise(crm, tenant, id ?? Guid.CreateVersion7(),
            new RaiseAlert(to, kind, severity, new AlertCause("watch-tasks", Guid.NewGuid()), about, with));

    /// <summary>As an automation does.</summary>
    internal static async Task<string> Raise(CrmServer crm, string tenant, Guid id, RaiseAlert command)
    {
        var call = new Call(new Caller(tenant, "automation"), OccurredAt: null, IfMatch: null, Key: null, RequestId: null,
            Source: "automation");
        var written = await crm.Engine.Commands.Send(AlertDecider.Instance, id, command, call, default);
        return new Crm.Api.Http.PositionToken(crm.Engine.Store.Epoch, written.Position).ToString();
    }

    private static async Task<long> Unread(HttpClient http, string? least) =>
        (await http.Read("alerts/unread", ("Crm-Min-Position", least))).Ok().Body.GetProperty("unread").GetInt64();

    private static IEnumerable<string?> Sentences(System.Text.Json.JsonElement alerts) => alerts.EnumerateArray()
        .Select(alert => alert.GetProperty("sentence").GetString());

    private static IEnumerable<string?> Kinds(Reply page) => page.Ok().Body.GetProperty("items").EnumerateArray()
        .Select(alert => alert.GetProperty("kind").GetString());
}
