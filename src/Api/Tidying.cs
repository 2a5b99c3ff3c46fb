using Crm.Api.Imports.Runs;
using Crm.Api.Webhooks.Sending;
using Npgsql;

namespace Crm.Api;

/// <summary>Forgets, once an hour, what is kept for a time only: idempotency keys and after thirty days what was sent to webhooks, and files that came for imports.</summary>
public sealed class Tidying(Engine engine, TimeProvider clock, ILogger<Tidying> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private static readonly TimeSpan FilesKept = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            do
            {
                await Tidy(stop);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    private async Task Tidy(CancellationToken stop)
    {
        try
        {
            await engine.Store.KeepKeys(clock.GetUtcNow(), stop);
            await Attempts.Tidy(engine.Senders, clock.GetUtcNow(), stop);
            Scratch.Sweep(clock.GetUtcNow());
            await engine.Files.Tidy(clock.GetUtcNow() - FilesKept, stop);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException && !stop.IsCancellationRequested)
        {
            log.LogWarning("What is old is kept for another hour: {Reason}", error.Message);
        }
    }
}
