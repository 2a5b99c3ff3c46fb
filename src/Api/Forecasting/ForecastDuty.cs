using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Api.Playbooks;
using Crm.Domain.Forecasting;
using Crm.Domain.Playbooks;
using Npgsql;

namespace Crm.Api.Forecasting;

/// <summary>
/// One leader's time in the watch over schedules: what is due is run, once, as of the moment for which it was due. What came due while no
/// program was there is run for its own moment, the oldest first, so that each is held against the one before.
/// </summary>
internal sealed class ForecastDuty(Engine engine, ForecastRecorder recorder, RestateOnRecovery restate, AutomationTable table, NpgsqlConnection connection) : IDuty
{
    public const string Automation = "run-forecasts";
    public const string Actor = "forecast-watch";

    // Of each schedule; what was missed before that is let be.
    private const int MostMissed = 12;

    // Runs that were looked at. Should it be forgotten, the streams themselves say what was run.
    private readonly HashSet<(string Tenant, Guid Run, AutomationMode Mode)> over = [];

    public async Task<bool> Step(CancellationToken ct)
    {
        var wanted = await AutomationTable.Wanted(connection, Automation, ct);
        foreach (var failure in wanted)
        {
            over.RemoveWhere(one => one.Tenant == failure.Tenant);
            restate.Forget(failure.Tenant);
        }

        var (tenants, now) = await AllTenants.Of(connection, ct);
        foreach (var tenant in tenants)
        {
            try
            {
                await Look(tenant, now, ct);
            }
            catch (Exception error) when (!error.IsPassing())
            {
                // One tenant that cannot be looked at stops none of those after it.
                await Note(tenant, CurrentPlaybook.StreamOf(tenant), now, error, ct);
            }
        }

        // They were looked at with the others; what failed again is wanted no more.
        foreach (var failure in wanted)
        {
            await table.Done(failure, ct);
        }

        return false;
    }

    private async Task Look(string tenant, DateTimeOffset now, CancellationToken ct)
    {
        var history = await engine.Playbooks.History(tenant, ct);
        var mode = history.ModeOf(Automation);
        if (mode == AutomationMode.Off || history.Published.All(one => one.Document.Forecast?.Schedules is null or []))
        {
            return;
        }

        var zone = engine.Organisations.ZoneOf(await engine.Organisations.Of(tenant, ct));
        var by = new Caller(tenant, Actor) { Zone = zone };
        var runs = ForecastDates.Due(history, now, Zones.Of(zone), MostMissed);
        over.RemoveWhere(one => one.Tenant == tenant && runs.All(run => ForecastRecorder.IdOf(tenant, run.Due) != one.Run));
        foreach (var run in runs.Where(run => over.Add((tenant, ForecastRecorder.IdOf(tenant, run.Due), mode))))
        {
            await Use(ct);
            await Run(by, run, mode, ct);
        }

        if (mode == AutomationMode.On)
        {
            await restate.Look(by, runs, (run, error) => Note(tenant, ForecastRecorder.IdOf(tenant, run.Due), run.Due.At, error, ct), ct);
        }
    }

    private async Task Run(Caller by, DueForecast run, AutomationMode mode, CancellationToken ct)
    {
        var id = ForecastRecorder.IdOf(by.Tenant, run.Due);
        try
        {
            if (mode == AutomationMode.DryRun)
            {
                await Try(by.Tenant, id, run.Due.At, ct);
                return;
            }

            await recorder.Run(id, run, by, ct);
        }
        catch (Exception error) when (!error.IsPassing())
        {
            // One that cannot be run keeps no other back.
            await Note(by.Tenant, id, run.Due.At, error, ct);
        }
    }

    private Task Note(string tenant, Guid subject, DateTimeOffset dueAt, Exception error, CancellationToken ct) =>
        table.Note(new AutomationFailure(
            tenant, Automation, subject, Cause: null, dueAt, default, 0, $"{error.GetType().Name}: {error.Message.Split('\n')[0]}",
            Again: false), ct);

    // What it would come to is computed when it is run; that it would be is all there is to try.
    private async Task Try(string tenant, Guid id, DateTimeOffset dueAt, CancellationToken ct)
    {
        if ((await engine.Commands.Latest(ForecastDecider.Instance, tenant, id, ct)).State.Run is null)
        {
            var fact = new JsonObject
            {
                ["type"] = engine.Store.Types.AliasesOf(typeof(ForecastRun)).First(),
                ["data"] = JsonSerializer.SerializeToNode(new { asOf = dueAt }, AnswerJson.Options)
            };
            await table.Tried(tenant, Automation,
                [new AutomationTrial(Guid.CreateVersion7(), Automation, id, Cause: null, dueAt, new JsonArray(fact))], ct);
        }
    }

    // A right to lead that is not used for long is lost.
    private async Task Use(CancellationToken ct)
    {
        await using var used = new NpgsqlCommand("select 1", connection);
        await used.ExecuteNonQueryAsync(ct);
    }
}
