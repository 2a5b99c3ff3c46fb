namespace Crm.Api.Exports;

/// <summary>How it goes with the exports that are written by themselves.</summary>
public sealed class ExportState
{
    /// <summary>Null where none is written by itself.</summary>
    public ExportHealth? Health { get; set; }
}

/// <param name="LastAt">When the newest that is whole was begun; null where there is none.</param>
/// <param name="Failing">Since when none could be written, and why; null while they can.</param>
public sealed record ExportHealth(DateTimeOffset? LastAt, DateTimeOffset? NextAt, string? Failing);

/// <summary>Writes the whole history to a folder every so many days, where one is set. What was missed while no program ran is made up for at once.</summary>
public sealed class ScheduledExports(Engine engine, ExportState state, TimeProvider clock, ILogger<ScheduledExports> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        if (engine.Settings.ExportFolder is not { } folder)
        {
            return;
        }

        var exports = new RawExports(engine.Database, folder, TimeSpan.FromDays(engine.Settings.ExportEveryDays), engine.Settings.ExportsKept, clock) { Contents = engine.Contents };
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            do
            {
                await Look(exports, stop);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The program stops; what was half written is cleared away the next time.
        }
    }

    private async Task Look(RawExports exports, CancellationToken stop)
    {
        try
        {
            if (await exports.TakeIfDue(stop) is { } manifest)
            {
                log.LogInformation("Exported the whole history up to position {Position}: {Events} events in {Files} files", manifest.Position, manifest.Events, manifest.Files.Count);
            }

            var last = exports.All() is [var (at, _), ..] ? at : (DateTimeOffset?)null;
            state.Health = new ExportHealth(last, last is null ? null : exports.Due, Failing: null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The folder is full or away, or PostgreSQL is: it is tried again in an hour, and everybody who looks is told.
            log.LogError(error, "The whole history could not be exported");
            state.Health = (state.Health ?? new ExportHealth(null, null, null)) with { Failing = Since(error) };
        }
    }

    private string Since(Exception error) => state.Health?.Failing ?? $"since {clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} ({error.GetType().Name})";
}
