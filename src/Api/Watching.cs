using Crm.EventStore.Local;
using Npgsql;

namespace Crm.Api;

/// <summary>Sees that the private PostgreSQL is there for as long as the program serves, since nobody else would start it again, and what its clock says.</summary>
public sealed class Watching(Engine engine, ILogger<Watching> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pause);
        while (await Next(timer, stop))
        {
            try
            {
                await engine.Store.Head(stop);
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException && !stop.IsCancellationRequested)
            {
                await Revive(error, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Revive(Exception cause, CancellationToken stop)
    {
        log.LogWarning("PostgreSQL does not answer: {Reason}", cause.Message);
        try
        {
            await engine.Revive(stop);
        }
        catch (Exception error) when (error is PostgresUnusable or PostgresMissing or NpgsqlException or IOException or OperationCanceledException)
        {
            log.LogError("PostgreSQL cannot be started again yet: {Reason}", error.Message);
        }
    }

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
