using System.Text.Json.Nodes;
using Crm.Api.Outside;
using Crm.Domain.Notifications;

namespace Crm.Api.Notifications.Sending.Ports;

/// <summary>飞书. The body is signed: HMAC-SHA256 of nothing, by seconds and secret, as its document of custom robots says.</summary>
internal sealed class FeishuPort(Courier courier, TimeProvider clock) : RobotPort(courier, clock)
{
    public override ChannelKind Kind => ChannelKind.Feishu;

    protected override int MostBytes => 15_000;

    protected override IReadOnlyList<int> TooOften => [9499, 11232];

    protected override JsonObject Body(Letter letter, ChannelCredentials by, DateTimeOffset now)
    {
        // Parts, not one text: what stands in a text calls nobody by name.
        var parts = new JsonArray(new JsonObject { ["tag"] = "text", ["text"] = letter.Text });
        if (letter.Mention is { } mention)
        {
            parts.Add(new JsonObject { ["tag"] = "at", ["user_id"] = mention });
        }

        var body = new JsonObject
        {
            ["msg_type"] = "post",
            ["content"] = new JsonObject { ["post"] = new JsonObject { ["zh_cn"] = new JsonObject { ["content"] = new JsonArray(parts) } } }
        };
        if (by.Secret is { } secret)
        {
            var at = Signature.Seconds(now);
            body["timestamp"] = at;
            body["sign"] = Sign($"{at}\n{secret}", "");
        }

        return body;
    }
}
