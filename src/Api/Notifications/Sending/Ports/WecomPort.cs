using System.Text.Json.Nodes;
using Crm.Api.Outside;
using Crm.Domain.Notifications;

namespace Crm.Api.Notifications.Sending.Ports;

/// <summary>企业微信. Whoever knows the address of the robot may write; nothing is signed.</summary>
internal sealed class WecomPort(Courier courier, TimeProvider clock) : RobotPort(courier, clock)
{
    public override ChannelKind Kind => ChannelKind.Wecom;

    protected override int MostBytes => 2048;

    protected override IReadOnlyList<int> TooOften => [45009];

    protected override JsonObject Body(Letter letter, ChannelCredentials by, DateTimeOffset now) => new()
    {
        ["msgtype"] = "text",
        ["text"] = new JsonObject { ["content"] = letter.Text, ["mentioned_list"] = letter.Mention is null ? [] : new JsonArray(letter.Mention) }
    };
}
