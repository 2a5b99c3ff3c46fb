using System.Collections.Concurrent;
using Crm.EventModel;

namespace Crm.EventStore.ReadModels;

/// <summary>
/// How far the followers of this process have come, for those who wait for a position without asking the database over and over. Where another
/// process follows, nothing is told here and nobody is held up.
/// </summary>
public sealed class Arrivals
{
    private readonly ConcurrentDictionary<string, Arrival> models = new();

    public void Tell(ReadModel model, long position) => models.GetOrAdd(model.Progress, _ => new Arrival()).Tell(position);

    /// <summary>From now on nobody here follows a model; who waits for it is let go.</summary>
    public void Forget(ReadModel model)
    {
        if (models.TryRemove(model.Progress, out var arrival))
        {
            arrival.Tell(long.MaxValue);
        }
    }

    /// <summary>How far a model has come; null where nobody follows it here.</summary>
    public long? Reached(ReadModel model) => models.TryGetValue(model.Progress, out var arrival) ? arrival.Reached : null;

    /// <summary>Waits until a model has come to a position; at most so long, and not at all where nobody follows it here.</summary>
    public Task Wait(ReadModel model, long position, TimeSpan most, CancellationToken ct) =>
        models.TryGetValue(model.Progress, out var arrival) ? arrival.Wait(position, most, ct) : Task.CompletedTask;

    private sealed class Arrival
    {
        private readonly Lock turn = new();
        private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long reached;

        public long Reached => Interlocked.Read(ref reached);

        public void Tell(long position)
        {
            TaskCompletionSource told;
            lock (turn)
            {
                Interlocked.Exchange(ref reached, position);
                (told, next) = (next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            told.SetResult();
        }

        public async Task Wait(long position, TimeSpan most, CancellationToken ct)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(most);
            while (Next(position) is { } told && !patience.IsCancellationRequested)
            {
                await told.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            ct.ThrowIfCancellationRequested();
        }

        private Task? Next(long position)
        {
            lock (turn)
            {
                return reached >= position ? null : next.Task;
            }
        }
    }
}
