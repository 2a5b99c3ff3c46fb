using System.Text.Json.Nodes;
using Crm.Api.Outside;
using Crm.Domain.Notifications;

namespace Crm.Api.Notifications.Sending.Ports;

/// <summary>钉钉. The address is signed: HMAC-SHA256 by the secret over milliseconds and secret, as its document of custom robots says.</summary>
internal sealed class DingtalkPort(Courier courier, TimeProvider clock) : RobotPort(courier, clock)
{
    public override ChannelKind Kind => ChannelKind.Dingtalk;

    protected override int MostBytes => 6000;

    protected override IReadOnlyList<int> TooOften => [130101, 660026];

    protected override Uri Address(ChannelCredentials by, DateTimeOffset now)
    {
        if (by.Secret is not { } secret)
        {
            return new Uri(by.Url!);
        }

        var at = now.ToUnixTimeMilliseconds();
        return new Uri($"{by.Url}{(by.Url!.Contains('?') ? '&' : '?')}timestamp={at}&sign={Uri.EscapeDataString(Sign(secret, $"{at}\n{secret}"))}");
    }

    protected override JsonObject Body(Letter letter, ChannelCredentials by, DateTimeOffset now) => new()
    {
        ["msgtype"] = "text",
        ["text"] = new JsonObject { ["content"] = letter.Mention is null ? letter.Text : $"{letter.Text} @{letter.Mention}" },
        ["at"] = new JsonObject { ["atUserIds"] = letter.Mention is null ? [] : new JsonArray(letter.Mention), ["isAtAll"] = false }
    };
}
