using Crm.EventModel;

namespace Crm.EventStore;

/// <summary>A request that waits for its turn in the lane, and the caller that waits for its answer.</summary>
internal sealed class Waiting(AppendRequest request, EventTypes types)
{
    private readonly TaskCompletionSource<Appended> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AppendRequest Request => request;

    public IReadOnlyList<byte[]> Bodies { get; } = [.. request.Streams.SelectMany(s => s.Events).Select(e => types.Write(e.Data))];

    public int Bytes => field > 0 ? field : field = 200 + Bodies.Sum(body => body.Length + 200);

    public Task<Appended> Answer => answer.Task;

    /// <summary>Everything of which a group may hold one: two requests that share any of these wait for one another.</summary>
    public IReadOnlyList<(string, object, object)> Subjects { get; } =
    [
        .. request.Streams.Select(s => (request.Tenant, (object)"stream", (object)s.Stream)),
        .. request.Claims.Select(c => (request.Tenant, (object)c.Kind, (object)c.Key)),
        .. request.Key is { } key ? [(request.Tenant, (object)$"key:{key.Scope}", (object)key.Key)] : Array.Empty<(string, object, object)>()
    ];

    public void Succeed(Appended appended) => answer.TrySetResult(appended);

    public void Fail(Exception error) => answer.TrySetException(error);
}
