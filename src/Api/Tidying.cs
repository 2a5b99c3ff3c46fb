using Crm.Api.Imports.Runs;
using Crm.Api.Notifications.Sending;
using Crm.Api.Webhooks.Sending;
using Crm.Domain.Activities;
using Npgsql;

namespace Crm.Api;

/// <summary>Forgets, once an hour, what is kept for a time only: idempotency keys and after thirty days what was sent to webhooks, after half a year what went out by channels, files that came for imports, and what was sent to be attached and was not.</summary>
public sealed class Tidying(Engine engine, TimeProvider clock, ILogger<Tidying> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private static readonly TimeSpan FilesKept = TimeSpan.FromDays(30);
    private static readonly TimeSpan MessagesKept = TimeSpan.FromDays(180);
    private static readonly TimeSpan ContentsWait = TimeSpan.FromDays(1);

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
            await MessageTable.Tidy(engine.Senders, clock.GetUtcNow() - MessagesKept, stop);
            Scratch.Sweep(clock.GetUtcNow());
            await engine.Files.Tidy(clock.GetUtcNow() - FilesKept, stop);
            await (engine.Contents?.Tidy(clock.GetUtcNow() - ContentsWait, HasAttached, stop) ?? Task.CompletedTask);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException or UnauthorizedAccessException && !stop.IsCancellationRequested)
        {
            log.LogWarning("What is old is kept for another hour: {Reason}", error.Message);
        }
    }

    private async Task<bool> HasAttached(string tenant, Guid stream, string sha256) =>
        (await engine.Store.ReadStream(tenant, stream, null, default)).Any(e => e.Data is IAttachmentAdded added && added.File.Sha256 == sha256);
}
