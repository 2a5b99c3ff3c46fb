using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.EventStore;

namespace Crm.Api.Access;

/// <summary>The way of a change of rights to the tenant's one stream of them.</summary>
public sealed class AccessWrites(Commands commands, Organisations organisations, Store store)
{
    public async Task<IResult> Send(IAccessCommand command, Call call, CancellationToken ct, string? location = null) =>
        Answer(await Write(command, call, ct), location);

    /// <summary>Makes something under an address that the caller chose, or makes it anew: 201 and its address where it was not there.</summary>
    public async Task<IResult> Put(IAccessCommand command, Call call, Func<Organisation, bool> isThere, string location, CancellationToken ct)
    {
        var written = await commands.Send(AccessDecider.Instance, Organisations.StreamOf(call.By.Tenant), command, call, ct,
            status: known => isThere(known) ? StatusCodes.Status200OK : StatusCodes.Status201Created);
        return Answer(written, written.Status == StatusCodes.Status201Created ? location : null);
    }

    public Task<Written> Write(IAccessCommand command, Call call, CancellationToken ct) =>
        commands.Send(AccessDecider.Instance, Organisations.StreamOf(call.By.Tenant), command, call, ct);

    public WriteResult Answer(Written written, string? location, AnswerOfWrite? body = null) =>
        new(written, store.Epoch, location, body ?? new WriteAnswer(written.Id, written.Version, written.Position));

    /// <summary>The last fact of a kind by the time of a version.</summary>
    public async Task<TEvent> LastUpTo<TEvent>(Caller by, long version, CancellationToken ct) where TEvent : IAccessEvent =>
        (await store.ReadStream(by.Tenant, Organisations.StreamOf(by.Tenant), new ReadBound(Version: version), ct)).Select(e => e.Data)
            .OfType<TEvent>().Last();

    public Task<Organisation> Organisation(Caller by, CancellationToken ct) => organisations.Of(by.Tenant, ct);
}
