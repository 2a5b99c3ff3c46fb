using Crm.Api.Tests.Journeys;
using Crm.Domain.Tasks;
using Crm.Support;

namespace Crm.Api.Tests.Notifications;

/// <summary>Alerts come into the groups of three messengers, signed as each wants it.</summary>
public sealed class RobotTests(NotificationServer crm) : IClassFixture<NotificationServer>
{
    [Fact]
    public async Task An_alert_comes_into_three_groups_each_in_its_own_form_and_signature()
    {
        await using var robots = await Robots.Open();
        var (admin, ann, tenant) = await crm.Stage();
        (string Kind, string Url, string? Secret)[] kinds =
        [
            ("wecom", $"{robots.Url}/cgi-bin/webhook/send?key=k1", null), ("dingtalk", $"{robots.Url}/robot/send?access_token=t1", Robots.Secret),
            ("feishu", $"{robots.Url}/open-apis/bot/v2/hook/h1", Robots.Secret)
        ];
        var routes = new List<object>();
        foreach (var (kind, url, secret) in kinds)
        {
            routes.Add(new { channel = (await admin.Write("channels", new { kind, name = kind, url, secret })).Ok().Id, mention = $"ann.{kind}" });
        }

        (await ann.Put("alerts/preferences", new { language = "zh-CN", routes })).Ok();
        await crm.Raise(tenant, "task-overdue", AlertSeverity.Critical, id: null, with: [("title", "回访 <at user_id=\"all\"></at>"), ("dueAt", "2026-05-29T08:00:00Z")]);
        await robots.Until(3);

        robots.Taken.OrderBy(one => one.Robot).Select(one => (one.Robot, one.Mention)).ShouldBe([("dingtalk", "ann.dingtalk"), ("feishu", "ann.feishu"), ("wecom", "ann.wecom")]);
        robots.Taken.ShouldAllBe(one => one.Text.StartsWith("任务“回访 <at user_id=\"all\"></at>”已逾期，截止时间 2026-05-29 08:00。"));
        await Settled(admin, "sent", 3);
        (await crm.TablesWith("access_token=t1")).Concat(await crm.TablesWith(Robots.Secret)).ShouldBeEmpty("what it takes to send is sealed");
        (await admin.Read("channels")).Ok().Text.ShouldNotContain("k1");
    }

    [Fact]
    public async Task A_robot_that_was_written_to_too_often_is_left_alone_and_then_gets_all()
    {
        await using var robots = await Robots.Open();
        var (admin, ann, tenant) = await crm.Stage();
        var channel = (await admin.Write("channels", new { kind = "wecom", name = "g", url = $"{robots.Url}/cgi-bin/webhook/send?key=k1", perMinute = 6000 })).Ok().Id;
        (await ann.Put("alerts/preferences", new { routes = new[] { new { channel } } })).Ok();
        robots.TooOften = 1;
        for (var i = 0; i < 3; i++)
        {
            await crm.Raise(tenant, $"k{i}");
        }

        await Patience.Until("what it has refused is written down", async () =>
            (await Settled(admin, "waiting", 3)).Any(message => message.TryGetProperty("answer", out var answer) && answer.GetString() == "45009"));

        robots.Taken.ShouldBeEmpty();
        robots.Requests.ShouldBe(1, "the others wait, too");
    }

    [Fact]
    public async Task No_more_goes_out_in_a_minute_than_a_channel_takes()
    {
        await using var robots = await Robots.Open();
        var (admin, ann, tenant) = await crm.Stage();
        var channel = (await admin.Write("channels", new { kind = "wecom", name = "g", url = $"{robots.Url}/cgi-bin/webhook/send?key=k1", perMinute = 12 })).Ok().Id;
        (await ann.Put("alerts/preferences", new { routes = new[] { new { channel } } })).Ok();
        for (var i = 0; i < 8; i++)
        {
            await crm.Raise(tenant, $"k{i}");
        }

        await robots.Until(3);
        await Settled(admin, "waiting", 5);

        robots.Taken.Count.ShouldBeLessThan(5, "a quarter goes at once, the rest evenly");
    }

    [Fact]
    public async Task A_wrong_secret_is_told_when_the_channel_is_tried()
    {
        await using var robots = await Robots.Open();
        var (admin, _, _) = await crm.Stage();
        var wrong = (await admin.Write("channels", new { kind = "feishu", name = "f", url = $"{robots.Url}/open-apis/bot/v2/hook/h1", secret = "another-secret" })).Ok().Id;

        var refused = (await admin.Write($"channels/{wrong}/test", new { })).Ok();
        (await admin.Put($"channels/{wrong}", new { kind = "feishu", name = "f", url = $"{robots.Url}/open-apis/bot/v2/hook/h1", secret = Robots.Secret })).Ok();
        var taken = (await admin.Write($"channels/{wrong}/test", new { })).Ok();

        (refused.Body.GetProperty("taken").GetBoolean(), refused["answer"]).ShouldBe((false, "19021"));
        (taken.Body.GetProperty("taken").GetBoolean(), taken["answer"]).ShouldBe((true, "0"));
    }

    private static async Task<IReadOnlyList<System.Text.Json.JsonElement>> Settled(HttpClient admin, string state, int count)
    {
        IReadOnlyList<System.Text.Json.JsonElement> found = [];
        await Patience.Until($"{count} are {state}", async () =>
            (found = [.. (await admin.Read($"messages?state={state}")).Ok().Body.GetProperty("items").EnumerateArray()]).Count == count);
        return found;
    }
}
