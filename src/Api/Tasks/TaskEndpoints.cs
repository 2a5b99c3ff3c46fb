using Crm.Api.Access;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Api.Tasks.Calendars;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Tasks;
using Crm.EventStore.Sealing;

namespace Crm.Api.Tasks;

/// <summary>Tasks over HTTP: opened, given to others, put off, done, cancelled, and told on lists and boards.</summary>
public static class TaskEndpoints
{
    public static void MapTasks(this IEndpointRouteBuilder app)
    {
        var tasks = app.MapGroup("/tasks").WithTags("Tasks").ChangedByThoseWhoSee("task");

        tasks.MapPost("/", async (
            Body<OpenTaskRequest> body, Incoming incoming, KnownSubjects known, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var (r, by, id) = (body.Value, incoming.By, Guid.CreateVersion7());
            var about = r.About is { } record ? new About(record.Kind, record.Id) : null;
            await known.MustSee(by, about, ct);
            var (rep, team) = Ownership.Of(by, r.Rep, r.Team, Functions.TasksWrite);
            var seal = SealFor(id, about, sealer, by.Tenant, ct);
            var command = new OpenTask(r.Title, r.Kind, r.DueAt, about, rep, team, await seal.Of(r.Text));
            var call = incoming.Call(body, r.OccurredAt, StatusCodes.Status201Created) with { PersonKeys = seal.Made };
            return await writes.Send(TaskDecider.Instance, id, command, call, ct, createdUnder: "/api/v1/tasks");
        }).Creates().Needs(Functions.TasksWrite).WithName("openTask").WithSummary("Open a task");

        tasks.MapPost("/{id:guid}/assignment", (
            Guid id, Body<ReassignTaskRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
        {
            Ownership.MustBeWithin(incoming.By, body.Value.Rep, body.Value.Team);
            return writes.Send(TaskDecider.Instance, id, new ReassignTask(body.Value.Rep, body.Value.Team, body.Value.Reason),
                incoming.Call(body, body.Value.OccurredAt), ct);
        }).Changes().Needs(Functions.TasksWrite).WithName("reassignTask").WithSummary("Give a task to somebody else, or back to its team");

        tasks.MapPost("/{id:guid}/due", (
            Guid id, Body<RescheduleTaskRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(TaskDecider.Instance, id, new RescheduleTask(body.Value.DueAt, body.Value.Reason),
                incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.TasksWrite).WithName("rescheduleTask").WithSummary("Change by when a task is to be done");

        tasks.MapPost("/{id:guid}/completion", async (
            Guid id, Body<FinishTaskRequest> body, Incoming incoming, Commands commands, Sealer sealer, Writes writes,
            CancellationToken ct) =>
        {
            var tenant = incoming.By.Tenant;
            var about = (await commands.Latest(TaskDecider.Instance, tenant, id, ct)).State.Opened?.About;
            var seal = SealFor(id, about, sealer, tenant, ct);
            var command = new FinishTask(await seal.Of(body.Value.Note));
            return await writes.Send(TaskDecider.Instance, id, command,
                incoming.Call(body, body.Value.OccurredAt) with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.TasksWrite).WithName("finishTask").WithSummary("Record that a task is done");

        tasks.MapPost("/{id:guid}/reopening", (
            Guid id, Body<ReopenTaskRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(TaskDecider.Instance, id, new ReopenTask(body.Value.Reason), incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.TasksWrite).WithName("reopenTask").WithSummary("Reopen a task that was done or cancelled");

        tasks.MapPost("/{id:guid}/cancellation", (
            Guid id, Body<CancelTaskRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(TaskDecider.Instance, id, new CancelTask(body.Value.Reason), incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.TasksWrite).WithName("cancelTask").WithSummary("Cancel a task, with the reason");

        tasks.MapGet("/{id:guid}", (
            Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(TaskAnswer.List, by, id, query.Value, held, Missing(), ct))
            .Produces<TaskAnswer>().Needs(Functions.TasksRead).WithName("getTask").WithSummary("One task, now or as of any moment");

        tasks.MapGet("/{id:guid}/events", (
            Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.Events<ITaskEvent>(TaskAnswer.List, by, id, query.Value.Times, held, Missing(), ct))
            .Produces<EventList>().Needs(Functions.TasksRead).WithName("getTaskEvents")
            .WithSummary("What happened to a task, in the order of recording");

        tasks.MapGet("/", (
            Query<Paged<TaskQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(TaskAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<TaskAnswer>>().Needs(Functions.TasksRead).WithName("listTasks")
            .WithSummary("Tasks, newest first, now or as of any moment");

        tasks.MapSearch(TaskAnswer.List, Functions.TasksRead).WithName("searchTasks")
            .WithSummary("Tasks that a filter describes, now or as of any moment");

        tasks.MapExport("tasks", TaskAnswer.List, Functions.TasksRead, (TaskQuestion q) => q.Asked)
            .WithName("exportTasks").WithSummary("All tasks that are asked for, as a file, now or as of any moment");

        tasks.MapBoard();
        tasks.MapCalendar();
    }

    // What is written of a person goes with him: it is sealed as the notes are of whom the task is about.
    private static Seal SealFor(Guid task, About? about, Sealer sealer, string tenant, CancellationToken ct) =>
        new(sealer, tenant, person: about?.Id ?? task, isNew: false, ct);

    public static Rejection Missing() => Rejection.Unknown("task.unknown", "There is no such task.");
}
