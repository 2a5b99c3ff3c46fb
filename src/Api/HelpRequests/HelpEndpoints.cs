using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Access;
using Crm.Domain.HelpRequests;

namespace Crm.Api.HelpRequests;

/// <summary>Requests for help over HTTP: asked, answered, handed on, withdrawn; and how long answers take.</summary>
public static class HelpEndpoints
{
    public static void MapHelpRequests(this IEndpointRouteBuilder app)
    {
        var requests = app.MapGroup("/help-requests").WithTags("Help requests").ChangedByThoseWhoSee("help-request");

        requests.MapPost("/", async (Body<AskHelpRequest> body, Incoming incoming, HelpDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Ask(body.Value, incoming.Call(body, occurredAt: null, StatusCodes.Status201Created), ct),
                "/api/v1/help-requests"))
            .Creates().Needs(Functions.HelpAsk).WithName("askHelp")
            .WithSummary("Ask your superior, or somebody else, for help with a record");

        requests.MapPost("/{id:guid}/answer", async (
            Guid id, Body<AnswerHelpRequest> body, Incoming incoming, HelpDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Answer(id, body.Value.Text, incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.HelpAnswer).WithName("answerHelp").WithSummary("Answer a request for help");

        requests.MapPost("/{id:guid}/transfer", async (
            Guid id, Body<HandOnHelpRequest> body, Incoming incoming, HelpDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Send(id, incoming.Call(body, occurredAt: null), (_, terms) =>
                new HandOnHelp(incoming.By.Id, body.Value.To, terms, body.Value.Reason), ct), createdUnder: null))
            .Changes().Needs(Functions.HelpRead).WithName("handOnHelp").WithSummary("Have another answer instead");

        requests.MapPost("/{id:guid}/withdrawal", async (
            Guid id, Body<WithdrawHelpRequest> body, Incoming incoming, HelpDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Send(id, incoming.Call(body, occurredAt: null), (_, terms) =>
                new WithdrawHelp(incoming.By.Id, terms, body.Value.Reason), ct), createdUnder: null))
            .Changes().Needs(Functions.HelpAsk).WithName("withdrawHelp").WithSummary("Not need help any more");

        requests.MapGet("/{id:guid}", async (
            Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, HelpDesk desk, Records records, CancellationToken ct) =>
        {
            await desk.MustSee(by, id, ct);
            var seeing = by with { Sight = by.Sight with { Owners = null } };
            return await records.One(HelpAnswer.List, seeing, id, query.Value, held, HelpDecider.Unknown(), ct);
        })
            .Produces<HelpAnswer>().Needs(Functions.HelpRead).WithName("getHelpRequest")
            .WithSummary("One request for help, now or as of any moment");

        requests.MapGet("/", (
            Query<HelpPage> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(HelpAnswer.List, by, query.Value.Of(by.Id), headers.MinPosition, held, ct))
            .Produces<PageOf<HelpAnswer>>().Needs(Functions.HelpRead).WithName("listHelpRequests")
            .WithSummary("Requests for help, newest first: those that are with you, or that you asked, or all that you see");

        app.MapGet("/reports/help", async (
            Query<HelpReportQuestion> query, Caller by, Headers headers, IfNoneMatch held, HelpReport report, Queries queries,
            CancellationToken ct) =>
        {
            FigureSight.MustSee(
                by, ["help-request"], query.Value.Kind is null ? [] : [("kind", "kind")],
                "askedAt", "holder", "turns", "answerBy", "settledAt");
            var answer = await report.Of(by, query.Value, headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position, answer.PlaybookVersion, answer.From), held);
        }).WithTags("Reports").Produces<HelpReportAnswer>().Needs(Functions.ActivityRead).Costs(5).WithName("getHelpReport")
            .WithSummary("How long answers to requests for help took, by whoever was asked, as of any moment");
    }
}
