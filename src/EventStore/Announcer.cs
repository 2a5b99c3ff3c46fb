using Npgsql;

namespace Crm.EventStore;

/// <summary>
/// Tells other processes that there are new events, after the commit and from a connection of its own: NOTIFY in the lane would take a
/// lock of the whole cluster. Many commits become one notice. A lost notice costs a follower its polling interval, nothing else.
/// </summary>
internal sealed class Announcer : IAsyncDisposable
{
    public const string Channel = "mt_events_appended";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly NpgsqlDataSource database;
    private readonly SemaphoreSlim news = new(0, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly Task work;

    public Announcer(NpgsqlDataSource database)
    {
        this.database = database;
        work = Task.Run(Work);
    }

    public void Announce()
    {
        if (news.CurrentCount == 0)
        {
            try
            {
                news.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another commit has just said so.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await work;
        closing.Dispose();
    }

    private async Task Work()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                await news.WaitAsync(closing.Token);
                await using var command = database.CreateCommand($"notify {Channel}");
                await command.ExecuteNonQueryAsync(closing.Token);
                await Task.Delay(Pause, closing.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or NpgsqlException)
            {
                // Closing, or PostgreSQL is away: followers poll as well.
            }
        }
    }
}
