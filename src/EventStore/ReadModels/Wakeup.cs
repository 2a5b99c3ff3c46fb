using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>
/// Wakes followers when something was appended: at once when it was this process, by LISTEN when it was another. A follower that misses
/// a call finds the events at its next poll.
/// </summary>
public sealed class Wakeup
{
    private volatile TaskCompletionSource next = New();

    /// <summary>Ends with the next call; take it before looking for events, wait on it after.</summary>
    public Task Next => next.Task;

    public void Call() => Interlocked.Exchange(ref next, New()).TrySetResult();

    /// <summary>Listens for the appends of other processes until told to end.</summary>
    public async Task Listen(NpgsqlDataSource database, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                connection.Notification += (_, _) => Call();
                await using (var command = new NpgsqlCommand($"listen {Announcer.Channel}", connection))
                {
                    await command.ExecuteNonQueryAsync(ct);
                }

                while (true)
                {
                    await connection.WaitAsync(ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), ct).ContinueWith(_ => { }, CancellationToken.None);
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
