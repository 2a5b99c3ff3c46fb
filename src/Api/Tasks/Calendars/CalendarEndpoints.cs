using Crm.Api.Access;
using Crm.Api.Events;
using Crm.Api.Http;
using Crm.Domain.Access;

namespace Crm.Api.Tasks.Calendars;

public sealed record OpenCalendarRequest;

public sealed record RevokeCalendarRequest(string? Reason = null);

/// <summary>
/// Where the calendar is found from now on. The whole address is told this once; a repeated request does not get it again.
/// </summary>
/// <param name="Address">Names it; no secret.</param>
/// <param name="Url">To be subscribed to by calendar programs, which need no login: whoever has it reads the calendar.</param>
public sealed record CalendarAnswer(string Address, string? Url, long Version, long Position) : AnswerOfWrite;

/// <summary>Calendars over HTTP: everybody's own, at a secret address.</summary>
public static class CalendarEndpoints
{
    public static void MapCalendar(this IEndpointRouteBuilder tasks)
    {
        tasks.MapPost("/calendar", async (
            Body<OpenCalendarRequest> body, Incoming incoming, HttpRequest request, AccessWrites access, PublicAddress server,
            CancellationToken ct) =>
        {
            var (by, made) = (incoming.By, CalendarAddress.New(incoming.By.Tenant));
            var command = new IssueCalendarAddress(made.Key, by.Id, made.Hash);
            var written = await access.Write(command, incoming.Call(body, occurredAt: null), ct);
            var url = written.Replayed || written.Rehearsed is not null ? null : $"{server.Of(request)}{CalendarAddress.PathOf(made)}";
            var address = written.Replayed ? (await access.LastUpTo<CalendarAddressIssued>(by, written.Version, ct)).Address : made.Key;
            return access.Answer(written, location: null, new CalendarAnswer(address, url, written.Version, written.Position));
        }).Changes<CalendarAnswer>().Needs(Functions.TasksRead).WithName("openTaskCalendar")
            .WithSummary("Have one's tasks shown by calendar programs, at a new secret address");

        tasks.MapPost("/calendar/revocation", (
            Body<RevokeCalendarRequest> body, Incoming incoming, AccessWrites access, CancellationToken ct) =>
            access.Send(new RevokeCalendarAddress(incoming.By.Id, body.Value.Reason), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.TasksRead).WithName("revokeTaskCalendar")
            .WithSummary("Have the address of one's calendar lead nowhere, at once");
    }

    /// <summary>Where calendar programs fetch from: addresses of their own, since nothing below <c>/api</c> is open to everybody.</summary>
    public static void MapCalendars(this IEndpointRouteBuilder app) =>
        app.MapGet("/calendars/{token}.ics", (
            string token, IfNoneMatch held, HttpContext context, Calendars calendars, CancellationToken ct) =>
            calendars.Take(token, held, context, ct))
            .AllowAnonymous().WithMetadata(new MayFail(429)).WithTags("Tasks").Produces<string>(contentType: CalendarFile.MediaType)
            .WithName("getTaskCalendar").WithSummary("The tasks of whoever asked for this address, as a calendar (RFC 5545)");
}
