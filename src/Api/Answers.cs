using Crm.Api.Http;
using Crm.Domain;
using Crm.EventStore;
using Crm.Projections;

namespace Crm.Api;

/// <summary>What every write answers: where it went and how to find it. The same when the same request is sent again.</summary>
/// <param name="Id">The stream that the request was about.</param>
/// <param name="Version">Its version now, also the ETag; 0 for what does not exist.</param>
/// <param name="Position">Up to where a read has to look to see this write.</param>
public sealed record WriteAnswer(Guid Id, long Version, long Position) : AnswerOfWrite;

/// <summary>Puts an answer on the wire with its version, its position and, for something new, its address.</summary>
public sealed class WriteResult(Written written, string epoch, string? location, AnswerOfWrite body) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ETag = ETag.Of(written.Version);
        headers[Headers.PositionName] = new PositionToken(epoch, written.Position).ToString();
        if (written.Rehearsed is { } facts)
        {
            var told = await RehearsedFact.Tell(
                facts, Caller.Of(context), context.RequestServices.GetRequiredService<Unsealer>(), EventCatalog.Types, context.RequestAborted);
            await AnswerJson.Send(context, body with { WouldRecord = told });
            return;
        }

        if (written.Replayed)
        {
            headers["Idempotency-Replayed"] = "true";
        }

        if (location is not null)
        {
            headers.Location = location;
        }

        context.Response.StatusCode = written.Status;
        await AnswerJson.Send(context, body);
    }
}

/// <summary>The way of a command from an endpoint to the store and of its answer back.</summary>
public sealed class Writes(Commands commands, Store store)
{
    public async Task<IResult> Send<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Guid stream, TCommand command, Call call, CancellationToken ct,
        long? playbookVersion = null, string? createdUnder = null)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        Answer(await commands.Send(decider, stream, command, call, ct, playbookVersion), createdUnder);

    public IResult Answer(Written written, string? createdUnder) => new WriteResult(
        written, store.Epoch, createdUnder is null ? null : $"{createdUnder}/{written.Id}", new WriteAnswer(written.Id, written.Version, written.Position));
}
