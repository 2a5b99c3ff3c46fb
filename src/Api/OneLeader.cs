using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.Api;

/// <summary>
/// Work that goes on for as long as the program serves, of which one in all processes does it at a time: the holder of an advisory lock leads, the others stand by.
/// Whoever loses the lead, or meets trouble, begins anew from what is written.
/// </summary>
/// <param name="database">As who may do that work.</param>
/// <param name="right">The name of the lock.</param>
/// <param name="work">What it is called when it begins anew.</param>
/// <param name="patience">How long whoever does not lead waits before he asks again.</param>
public abstract class OneLeader(Store store, NpgsqlDataSource database, string right, string work, TimeSpan patience, ILogger log) : BackgroundService
{
    /// <summary>Called when something was appended, here or by another process.</summary>
    protected Wakeup Wakeup { get; } = new();

    protected ILogger Log => log;

    /// <summary>Leads until told to end, or until it cannot.</summary>
    protected abstract Task Lead(Sole right, CancellationToken stop);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        store.Appended += Wake;
        try
        {
            await Task.WhenAll(Wakeup.Listen(database, stop), Run(stop));
        }
        finally
        {
            store.Appended -= Wake;
        }
    }

    private void Wake(long position) => Wakeup.Call();

    private async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var mine = await Sole.Try(database, right, useOrLose: true, stop);
                if (mine is not null)
                {
                    await Lead(mine, stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // PostgreSQL is away, or another process leads now.
                log.LogWarning("{Work} begins anew: {Reason}", work, error.Message.Split('\n')[0]);
            }

            await Task.Delay(patience, stop).ContinueWith(_ => { }, CancellationToken.None);
        }
    }
}
