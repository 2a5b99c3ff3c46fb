using System.Security.Cryptography;
using System.Text.Json;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Imports.Runs;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Playbooks;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Playbooks;

/// <summary>A tenant's rules over HTTP: worked on as a draft, checked, published from a moment on, and taken back.</summary>
public static class PlaybookEndpoints
{
    private const int LargestDocument = 256 * 1024;

    public static void MapPlaybooks(this IEndpointRouteBuilder app)
    {
        var playbook = app.MapGroup("/playbook").WithTags("Playbook");
        playbook.MapInForce();
        playbook.MapDraft();
        playbook.MapVersions();
        playbook.MapSimulations();
    }

    private static void MapInForce(this IEndpointRouteBuilder playbook)
    {
        playbook.MapGet("/", async (Query<OneQuestion> query, Caller by, Queries queries, CurrentPlaybook playbooks, TimeProvider clock, CancellationToken ct) =>
        {
            var lens = await queries.Lens(query.Value.Times, by.Zone, ct);
            var history = lens.Position is { } position ? await playbooks.AsKnown(by.Tenant, position, ct) : await playbooks.History(by.Tenant, ct);
            var at = lens.AsOf ?? clock.GetUtcNow();
            return PlaybookAnswer.Of(history.At(at), history.PublishedAt(at));
        }).HasNoVersion().Needs(Functions.PlaybookRead).WithName("getPlaybook").WithSummary("The rules in force, now or as of any moment");

        playbook.MapGet("/schema", () => Results.Text(PlaybookSchema.Json.ToJsonString(AnswerJson.Options), "application/schema+json"))
            .Produces<object>(contentType: "application/schema+json").HasNoVersion().Needs(Functions.PlaybookRead).WithName("getPlaybookSchema")
            .WithSummary("The JSON Schema of a playbook's document");

        playbook.MapGet("/templates", () => new ListOf<PlaybookTemplateAnswer>(PlaybookTemplates.All))
            .Needs(Functions.PlaybookRead).WithName("listPlaybookTemplates").WithSummary("Playbooks to begin with");
    }

    private static void MapDraft(this IEndpointRouteBuilder playbook)
    {
        playbook.MapGet("/draft", async (Caller by, IfNoneMatch held, Commands commands, Organisations people, CancellationToken ct) =>
        {
            var (history, version) = await commands.Latest(PlaybookDecider.Instance, by.Tenant, CurrentPlaybook.StreamOf(by.Tenant), ct);
            var faults = history.Draft is not { } draft ? []
                : PlaybookCheck.Of(draft, Zones.Tzdb, TemplateLanguage.Handlebars, await people.Of(by.Tenant, ct));
            return new Found(new PlaybookDraftAnswer(history.Draft, faults), version, held);
        }).Produces<PlaybookDraftAnswer>().HasVersion().Needs(Functions.PlaybookRead).WithName("getPlaybookDraft").WithSummary("What is being worked on, and what stands against publishing it");

        playbook.MapPut("/draft", (Body<PlaybookDocument> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            Send(writes, incoming, new SavePlaybookDraft(Fitting(body.Value)), body, ct))
            .Changes().Needs(Functions.PlaybookWrite).WithName("savePlaybookDraft").WithSummary("Save what is being worked on; it may still have faults");

        playbook.MapDelete("/draft", (Incoming incoming, Writes writes, CancellationToken ct) =>
            Send(writes, incoming, new DiscardPlaybookDraft(), Nothing, ct))
            .Changes().MayFail(409).MayFail(412).MayFail(422).Needs(Functions.PlaybookWrite).WithName("discardPlaybookDraft").WithSummary("Throw away what is being worked on");

        playbook.MapPost("/validation", async (Body<PlaybookDocument> body, Caller by, Organisations people, CancellationToken ct) =>
            PlaybookValidation.Of(PlaybookCheck.Of(body.Value, Zones.Tzdb, TemplateLanguage.Handlebars, await people.Of(by.Tenant, ct))))
            .WithMetadata(new OnlyReads()).Needs(Functions.PlaybookRead).WithName("validatePlaybook").WithSummary("What stands against a playbook, all of it with its place");

        playbook.MapPost("/publication", async (
            Body<PublishPlaybookRequest> body, Incoming incoming, Writes writes, Organisations organisations, CancellationToken ct) =>
        {
            var (r, people) = (body.Value, await organisations.Of(incoming.By.Tenant, ct));
            var command = new PublishPlaybook(incoming.Now, Zones.Tzdb, TemplateLanguage.Handlebars, r.From, r.Note, people);
            return await Send(writes, incoming, command, body, ct);
        })
            .Changes().Needs(Functions.PlaybookPublish).WithName("publishPlaybook").WithSummary("Put the draft into force, now or from a moment on");
    }

    private static void MapVersions(this IEndpointRouteBuilder playbook)
    {
        playbook.MapGet("/versions", async (Caller by, CurrentPlaybook playbooks, TimeProvider clock, CancellationToken ct) =>
        {
            var history = await playbooks.History(by.Tenant, ct);
            return new ListOf<PlaybookVersionAnswer>([.. history.Published.Reverse().Select(version => PlaybookVersionAnswer.Of(version, history, clock.GetUtcNow()))]);
        }).Needs(Functions.PlaybookRead).WithName("listPlaybookVersions").WithSummary("All versions that were published, the newest first");

        playbook.MapGet("/versions/{number:long}", async (long number, Caller by, CurrentPlaybook playbooks, TimeProvider clock, CancellationToken ct) =>
        {
            var history = await playbooks.History(by.Tenant, ct);
            var version = history.Version(number) ?? throw Rejection.Unknown("playbook.version-unknown", "There is no such version of the playbook.");
            var said = PlaybookVersionAnswer.Of(version, history, clock.GetUtcNow());
            return new WholePlaybookVersionAnswer(said.Number, said.State, said.From, said.Note, said.RollsBackTo, version.Document);
        }).HasNoVersion().Needs(Functions.PlaybookRead).WithName("getPlaybookVersion").WithSummary("One version with all that it says");

        playbook.MapPost("/versions/{number:long}/withdrawal", (long number, Body<WithdrawPlaybookRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            Send(writes, incoming, new WithdrawPlaybook(number, incoming.Now), body, ct))
            .Changes().Needs(Functions.PlaybookPublish).WithName("withdrawPlaybook").WithSummary("Keep a version that is to come from coming");

        playbook.MapPost("/rollback", (Body<RollBackPlaybookRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            Send(writes, incoming, new RollBackPlaybook(body.Value.To, incoming.Now, body.Value.From, body.Value.Note), body, ct))
            .Changes().Needs(Functions.PlaybookPublish).WithName("rollBackPlaybook").WithSummary("Put an older version into force again, as a new one");
    }

    private static void MapSimulations(this IEndpointRouteBuilder playbook)
    {
        playbook.MapPost("/simulations", async (Body<SimulatePlaybookRequest> body, HttpContext context, Caller by, SimulationDesk desk, CancellationToken ct) =>
            JobAnswer.Accepted(await desk.Ask(by, body.Value, ct), context, "/api/v1/playbook/simulations"))
            .Produces<JobAnswer>(StatusCodes.Status202Accepted).AnswersWith(HeaderNames.Location).Costs(20).Needs(Functions.PlaybookWrite)
            .WithName("simulatePlaybook").WithSummary("Try the draft, or another document, on what has happened");

        playbook.MapGet("/simulations/{id:guid}", async (Guid id, Caller by, SimulationDesk desk, CancellationToken ct) => JobAnswer.Of(await desk.Find(by, id, ct)))
            .HasNoVersion().Needs(Functions.PlaybookWrite).WithName("getPlaybookSimulation").WithSummary("How far a simulation is, and what came of it");

        playbook.MapPost("/simulations/{id:guid}/cancellation", async (Guid id, Body<CancelSimulationRequest> _, Caller by, SimulationDesk desk, CancellationToken ct) =>
            JobAnswer.Of(await desk.Cancel(by, id, ct)))
            .Needs(Functions.PlaybookWrite).WithName("cancelPlaybookSimulation").WithSummary("Have a simulation end");
    }

    private static Task<IResult> Send<T>(Writes writes, Incoming incoming, IPlaybookCommand command, Body<T> body, CancellationToken ct) where T : class =>
        writes.Send(PlaybookDecider.Instance, CurrentPlaybook.StreamOf(incoming.By.Tenant), command, incoming.Call(body, occurredAt: null), ct);

    // It goes into the log, and to all who follow it, as one event.
    private static PlaybookDocument Fitting(PlaybookDocument document) =>
        JsonSerializer.SerializeToUtf8Bytes(document, AnswerJson.Options).Length <= LargestDocument
            ? document
            : throw Rejection.BrokenRule("playbook.too-large", $"A playbook may have {LargestDocument / 1024} KiB.");

    private static Body<DiscardPlaybookDraft> Nothing => new(new DiscardPlaybookDraft(), Convert.ToHexStringLower(SHA256.HashData([])));
}
