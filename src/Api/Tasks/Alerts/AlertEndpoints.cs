using Crm.Api.Access;
using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Access;
using Crm.Domain.Conditions;
using Crm.Domain.Tasks;
using Crm.Projections.Tasks;
using Microsoft.Net.Http.Headers;
using Operator = Crm.Domain.Conditions.Operator;

namespace Crm.Api.Tasks.Alerts;

/// <summary>Everybody's own alerts over HTTP: told in his language, read, put away.</summary>
public static class AlertEndpoints
{
    public static void MapAlerts(this IEndpointRouteBuilder app)
    {
        var alerts = app.MapGroup("/alerts").WithTags("Alerts");

        alerts.MapGet("/", (
            Query<AlertQuestion> query, Caller by, Headers headers, IfNoneMatch held, HttpContext context, ListReader lists,
            CancellationToken ct) =>
        {
            context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
            var list = AlertAnswer.List(Language.Of(query.Value.Lang, held.Request), by);
            return lists.Page(list, by, query.Value.Of(by.Id), headers.MinPosition, held, ct);
        }).Produces<PageOf<AlertAnswer>>().Needs(Functions.AlertsRead).WithName("listAlerts")
            .WithSummary("One's own alerts, unread first, each as a sentence");

        alerts.MapGet("/unread", async (Caller by, Headers headers, IfNoneMatch held, Queries queries, CancellationToken ct) =>
        {
            var (count, shown) = await Unread(queries, by, headers.MinPosition, ct);
            var position = queries.Token(shown);
            return new Positioned(new UnreadAnswer(count, shown), position, WeakTag.Of(held.Request, by, position, by.Id), held);
        }).Produces<UnreadAnswer>().Needs(Functions.AlertsRead).WithName("countUnreadAlerts")
            .WithSummary("How many of one's own alerts were not read yet");

        alerts.MapPost("/{id:guid}/read", (Guid id, Body<ReadAlertRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(AlertDecider.Instance, id, new ReadAlert(incoming.By.Id), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.AlertsRead).WithName("readAlert").WithSummary("Say that one has read an alert");

        alerts.MapPost("/{id:guid}/dismissal", (
            Guid id, Body<DismissAlertRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(AlertDecider.Instance, id, new DismissAlert(incoming.By.Id), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.AlertsRead).WithName("dismissAlert").WithSummary("Put an alert away");
    }

    private static async Task<(long Count, long Position)> Unread(Queries queries, Caller by, PositionToken? least, CancellationToken ct)
    {
        var (list, now) = (AlertAnswer.List(Languages.English, by), new Lens(AsOf: null, KnownAt: null, Position: null));
        var own = new Wanted(new Condition.All(
            [new Condition.Test(list.Fields["member"].Field, Operator.Eq, [by.Id]),
            new Condition.Test(list.Fields["unread"].Field, Operator.Eq, [true])]));
        var (counts, position) = await queries.Read(by.Tenant, list.Model, now, least, (connection, known) =>
            new ListView<AlertInbox.Row>(list, list.Rows, by, new Seen(now, known, IsPinned: false), connection)
                .Counts(own, by: [], [Condition.Everything], ct), ct);
        return (counts[0].Counts[0], position);
    }
}
