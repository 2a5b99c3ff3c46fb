using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;

namespace Crm.Api.Nurture;

/// <summary>Mails that leads are sent by themselves, over HTTP: begun, stopped and looked at; and how whoever gets them says that he wants
/// no more.</summary>
public static class NurtureEndpoints
{
    public static void MapNurture(this IEndpointRouteBuilder app)
    {
        var nurture = app.MapGroup("/leads/{id:guid}/nurture").WithTags("Leads");

        nurture.MapGet("/", (Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, NurtureDesk desk, CancellationToken ct) =>
            desk.Of(by, id, query.Value.Times, held, ct))
            .Produces<NurtureAnswer>().HasVersion().Needs(Functions.LeadsRead).WithName("getLeadNurture")
            .WithSummary("The mails that a lead is sent by itself, now or as of any moment");

        nurture.MapPost("/", (Guid id, Body<StartNurtureRequest> body, Incoming incoming, NurtureDesk desk, CancellationToken ct) =>
            desk.Start(id, body.Value, incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.LeadsWrite).WithName("startLeadNurture")
            .WithSummary("Have a lead sent mails by itself, such as one that says not now");

        nurture.MapPost("/stop", (Guid id, Body<StopNurtureRequest> body, Incoming incoming, NurtureDesk desk, CancellationToken ct) =>
            desk.Stop(id, body.Value, incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.LeadsWrite).WithName("stopLeadNurture").WithSummary("Send a lead no more mails of its sequence");

        nurture.MapPost("/resubscription", (Guid id, Body<ResubscribeLeadRequest> body, Incoming incoming, NurtureDesk desk,
            CancellationToken ct) =>
            desk.Resubscribe(id, body.Value, incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.LeadsWrite).WithName("resubscribeLead")
                .WithSummary("Note that whoever unsubscribed wants mails again");
    }

    /// <summary>Where mails lead: an address of its own, since nothing below <c>/api</c> is open to everybody.</summary>
    public static void MapUnsubscribing(this IEndpointRouteBuilder app)
    {
        app.MapGet("/unsubscribe/{token}", (string token, HttpContext context, Unsubscribing unsubscribing) =>
            unsubscribing.Ask(token, context))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/unsubscribe/{token}", (string token, HttpContext context, Unsubscribing unsubscribing, CancellationToken ct) =>
            unsubscribing.Take(token, context, ct))
            .AllowAnonymous().ExcludeFromDescription();
    }
}

/// <param name="Sequence">Its key in the playbook that is in force.</param>
/// <param name="Reason">In a few words, such as <c>not now</c>.</param>
public sealed record StartNurtureRequest([Domain.Text(40)] string Sequence, string? Reason = null);

public sealed record StopNurtureRequest(string? Reason = null);

/// <param name="Reason">How we know that he does.</param>
public sealed record ResubscribeLeadRequest([Domain.Text(500)] string Reason);

/// <summary>The sequence that a lead is sent, or was sent last.</summary>
/// <param name="Sequence">Its key; null where it never was sent any.</param>
/// <param name="Playbook">The version whose templates the mails are made of.</param>
/// <param name="State"><c>none</c>, <c>running</c>, <c>ended</c>.</param>
/// <param name="Because">Why it ended: <c>completed</c>, <c>interaction</c>, <c>taken</c>, <c>unsubscribed</c>, <c>closed</c>,
/// <c>stopped</c>, <c>withdrawn</c>.</param>
/// <param name="NextAt">When the next mail is due.</param>
/// <param name="Unsubscribed">Whoever it is wants no mails that go out by themselves: he said so by this lead, by one that is part of it,
/// or, as it is now, by any lead of the same address; of the past only what was said by this lead.</param>
public sealed record NurtureAnswer(
    Guid Id, string? Sequence, long? Playbook, string State, string? Because, DateTimeOffset? NextAt, bool Unsubscribed,
    IReadOnlyList<NurtureMailAnswer> Mails);

/// <param name="DueAt">When it is due, or was.</param>
/// <param name="MailedAt">When it was handed to the mail channel; null while it was not.</param>
/// <param name="Message">By which <c>GET /messages/{id}</c> says what came of it.</param>
public sealed record NurtureMailAnswer(int Step, string Template, DateTimeOffset DueAt, DateTimeOffset? MailedAt, Guid? Message);
