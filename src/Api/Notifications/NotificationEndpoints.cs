using System.Security.Cryptography;
using Crm.Api.Access;
using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Api.Notifications.Sending;
using Crm.Domain.Access;
using Crm.Domain.Notifications;

namespace Crm.Api.Notifications;

/// <summary>Messages over HTTP: by which ways they go out, who wants which, and what came of them.</summary>
public static class NotificationEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/channels").WithTags("Notifications").MapChannels();
        app.MapGroup("/alerts/preferences").WithTags("Notifications").MapPreferences();
        app.MapGroup("/messages").WithTags("Notifications").MapMessages();
    }

    private static void MapChannels(this IEndpointRouteBuilder channels)
    {
        channels.MapGet("/", async (Caller by, ChannelStreams streams, CancellationToken ct) =>
            new ListOf<ChannelAnswer>([.. (await streams.All(by.Tenant, ct)).Select(c => ChannelAnswer.Of(c.Id, c.Channel))]))
            .Needs(Functions.ChannelsRead).WithName("listChannels")
            .WithSummary("The ways by which messages go out; never what it takes to send by them");

        channels.MapGet("/{id:guid}", async (Guid id, Caller by, IfNoneMatch held, ChannelWrites writes, CancellationToken ct) =>
        {
            var (channel, version) = await writes.Found(by, id, ct);
            return new Found(ChannelAnswer.Of(id, channel), version, held);
        }).Produces<ChannelAnswer>().HasVersion().Needs(
            Functions.ChannelsRead).WithName("getChannel").WithSummary("One way out for messages");

        channels.MapPost("/", (Body<ChannelRequest> body, Incoming incoming, ChannelWrites writes, CancellationToken ct) =>
            writes.Add(body.Value, incoming.Call(body, null, 201), ct))
            .Needs(Functions.ChannelsManage).Creates().WithName("addChannel")
            .WithSummary("Add a mail server, a messenger's robot or a program by which messages go out");

        channels.MapPut("/{id:guid}", (Guid id, Body<ChannelRequest> body, Incoming incoming, ChannelWrites writes, CancellationToken ct) =>
            writes.Change(id, body.Value, incoming.Call(body, null), ct))
            .Needs(Functions.ChannelsManage).Changes().WithName("changeChannel")
            .WithSummary("Put other settings in the place of a channel's");

        channels.MapDelete("/{id:guid}", (Guid id, Incoming incoming, ChannelWrites writes, CancellationToken ct) =>
            writes.Send(id, new RemoveChannel(), incoming.Call(Nothing, null), ct))
            .Needs(Functions.ChannelsManage).Changes().MayFail(409).MayFail(412).MayFail(422).WithName("removeChannel")
            .WithSummary("Send nothing by a channel any more, and forget what it took");

        channels.MapPost("/{id:guid}/test", async (
            Guid id, Body<TestChannelRequest> body, Caller by, HttpContext context, ChannelTrial trial, ChannelWrites writes,
            CancellationToken ct) =>
            await trial.Of(by, (await writes.Found(by, id, ct)).Channel, body.Value, Language.Of(null, context.Request), ct))
            .Needs(Functions.ChannelsManage).Costs(20).WithName("testChannel")
            .WithSummary("Send something by a channel now, and tell what came of it");
    }

    private static void MapPreferences(this IEndpointRouteBuilder preferences)
    {
        preferences.MapGet("/", async (Caller by, IfNoneMatch held, NotificationWishes wishes, Unsealer unsealer, CancellationToken ct) =>
        {
            var (chosen, version) = await wishes.Of(by.Tenant, by.Id, ct);
            return new Found(new NotificationsAnswer(
                chosen?.Language ?? Languages.English, chosen?.Routes ?? [], chosen?.QuietHours,
                await unsealer.Open(by.Tenant, chosen?.Mail?.Sealed, ct)), version, held);
        }).Produces<NotificationsAnswer>().HasVersion().Needs(
            Functions.AlertsRead).WithName("getNotifications").WithSummary("How you hear of your alerts beside your inbox");

        preferences.MapPut("/", (Body<ChooseNotificationsRequest> body, Incoming incoming, NotificationChoice choice,
            CancellationToken ct) =>
            choice.Choose(body.Value, incoming.Call(body, null), ct))
            .Needs(Functions.AlertsRead).Changes().WithName("chooseNotifications")
            .WithSummary("Say by which channels you want to hear of your alerts, and when");
    }

    private static void MapMessages(this IEndpointRouteBuilder messages)
    {
        messages.MapGet("/", (Query<MessageQuestion> query, Caller by, MessageLog log, CancellationToken ct) =>
            log.Page(by, query.Value, ct))
            .HasNoVersion().Needs(Functions.MessagesRead).WithName("listMessages")
            .WithSummary("What went out by channels, and what is to, newest first");

        messages.MapGet("/{id:guid}", (Guid id, Caller by, MessageLog log, CancellationToken ct) => log.One(by, id, ct))
            .HasNoVersion().Needs(Functions.MessagesRead).WithName("getMessage")
            .WithSummary("One message: each attempt, and the events that it tells of");

        messages.MapPost("/{id:guid}/retry", async (Guid id, Body<RetryMessageRequest> _, Caller by, MessageLog log, Engine engine,
            CancellationToken ct) =>
            await new MessageTable(engine.Senders).TryAgain(by.Tenant, (await log.One(by, id, ct)).Message.Id, ct) ? Results.NoContent()
                : throw MessageLog.Unknown())
            .Produces(StatusCodes.Status204NoContent).HasNoVersion().Needs(Functions.ChannelsManage).WithName("retryMessage")
            .WithSummary("Have a message tried again that failed, or now what waits for another attempt");
    }

    // A DELETE has no body to tell one request from another by.
    private static Body<RemoveChannel> Nothing => new(new RemoveChannel(), Convert.ToHexStringLower(SHA256.HashData([])));
}
