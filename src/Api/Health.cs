using Crm.Api.Exports;
using Npgsql;

namespace Crm.Api;

/// <summary>Whether the program lives, and whether it can do its work.</summary>
public static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => new Liveness("live")).WithTags("Health").WithName("getLiveness").WithSummary("The program runs").AllowAnonymous();
        app.MapGet("/health/ready", async (Engine engine, FollowerTroubles troubles, ExportState exports, CancellationToken ct) =>
        {
            var readiness = await Check(engine, troubles, exports, ct);
            return Results.Json(readiness, statusCode: readiness.Status == "ready" ? 200 : 503);
        }).Produces<Readiness>().Produces<Readiness>(503).WithTags("Health").WithName("getReadiness").WithSummary("It can do its work: database and read models").AllowAnonymous();
    }

    private static async Task<Readiness> Check(Engine engine, FollowerTroubles troubles, ExportState exports, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            var models = await engine.ReadModels.Status(patience.Token);
            var lines = models.Select(m => new ReadModelHealth(
                m.Model.Name, m.Position, m.Head - m.Position, m.Stop is { } stop ? $"stopped at {stop.Position} ({stop.EventType})" : null,
                troubles.Of(m.Model) is { } trouble ? $"since {trouble.Since:yyyy-MM-ddTHH:mm:ssZ} ({trouble.Reason})" : null)).ToList();
            var status = lines.Any(l => l.Failing is not null) ? "not-ready" : lines.Any(l => l.Stopped is not null) ? "degraded" : "ready";
            return new Readiness(status, "up", lines, exports.Health);
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException or TimeoutException && !ct.IsCancellationRequested)
        {
            return new Readiness("not-ready", "away", [], exports.Health);
        }
    }
}

public sealed record Liveness(string Status);

/// <param name="Status"><c>ready</c>, <c>degraded</c> (a read model stands still; writes and other reads go on) or <c>not-ready</c> (the database is
/// away, or a read model cannot be followed for more than five seconds).</param>
/// <param name="Exports">Of the whole history, to a folder; null where none is written by itself. Whether they go well makes no difference to the status.</param>
public sealed record Readiness(string Status, string Database, IReadOnlyList<ReadModelHealth> ReadModels, ExportHealth? Exports);

/// <param name="Behind">Positions between it and the newest event.</param>
/// <param name="Stopped">At which event it stands still until an operator has decided; null while it does not.</param>
/// <param name="Failing">Since when this program has not been able to carry events to it, and the database's code for the reason; null while it can.</param>
public sealed record ReadModelHealth(string Name, long Position, long Behind, string? Stopped, string? Failing);
