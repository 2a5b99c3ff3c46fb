using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>How hard a rebuild works: flat out on all cores, or politely beside live traffic.</summary>
public enum Gear { FlatOut, Polite }

/// <param name="Phase">What is being done, for a person.</param>
public sealed record RebuildProgress(string Phase, long Done, long Total);

/// <summary>What a comparison of rebuilt and live rows found.</summary>
/// <param name="Differences">Table by table, rows that stand on one side only; the first few.</param>
public sealed record RebuildReport(long Events, long Position, IReadOnlyList<string> Differences);

/// <summary>
/// Builds a read model anew from all events beside the live tables, which go on being read and followed, then puts the new ones in their
/// place. Killed on the way, it goes on where it was. It folds and writes rows; there is nothing else that it could do.
/// </summary>
/// <param name="eventsInAChunk">About how many events are folded and written together; by itself it takes as many as memory and cores suggest.</param>
public sealed class Rebuild(NpgsqlDataSource database, ReadModel model, EventTypes types, int? eventsInAChunk = null)
{
    /// <summary>How many chunks are folded at once, flat out.</summary>
    internal static readonly int Workers = Math.Min(Environment.ProcessorCount, 16);

    private readonly ModelTables target = ModelTables.In(ModelTables.New, model);
    private readonly RebuildPlan plan = new(database, model, eventsInAChunk);

    /// <summary>Rebuilds and swaps.</summary>
    /// <exception cref="InvalidOperationException">Another process rebuilds this model.</exception>
    public async Task<RebuildReport> Run(Gear gear, IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        await using var alone = await plan.Alone(ct);
        var events = await Fill(gear, progress, ct);
        return new RebuildReport(events, await new Swap(database, model, types).In(progress, ct), []);
    }

    /// <summary>Rebuilds beside the live tables, compares both at one position, and throws the new ones away.</summary>
    public async Task<RebuildReport> Verify(Gear gear, IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        await using var alone = await plan.Alone(ct);
        var events = await Fill(gear, progress, ct);
        var (position, differences) = await new Swap(database, model, types).Compare(progress, ct);
        await plan.Forget(ct);
        return new RebuildReport(events, position, differences);
    }

    /// <summary>Takes back the last rebuild; taken back twice, it stands again.</summary>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    public async Task<long> Undo(IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        await using var alone = await plan.Alone(ct);
        await plan.Forget(ct);
        return await new Swap(database, model, types).Undo(progress, ct);
    }

    private async Task<long> Fill(Gear gear, IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        var (position, folded) = await plan.Begin(target, ct);
        if (!folded)
        {
            await FoldChunks(position, gear, progress, ct);
            progress?.Report(new RebuildProgress("Making keys", 0, 1));
            await plan.Finish(target, position, ct);
        }

        return await plan.Events(ct);
    }

    private async Task FoldChunks(long position, Gear gear, IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        var chunks = await plan.Open(ct);
        var total = chunks.Count + await plan.Done(ct);
        long done = total - chunks.Count;
        var workers = new ParallelOptions { MaxDegreeOfParallelism = gear == Gear.FlatOut ? Workers : 1, CancellationToken = ct };
        await Parallel.ForEachAsync(chunks, workers, async (chunk, stop) =>
        {
            var clock = TimeProvider.System.GetTimestamp();
            await new ChunkFold(database, target, types).Run(chunk, position, stop);
            progress?.Report(new RebuildProgress("Folding events", Interlocked.Increment(ref done), total));
            if (gear == Gear.Polite)
            {
                // As long a rest as the work took: at most half a core.
                await Task.Delay(TimeProvider.System.GetElapsedTime(clock), stop);
            }
        });
    }
}
