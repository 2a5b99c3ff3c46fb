using Crm.Api.Automations;
using Crm.Api.DataSources;
using Crm.Domain;
using Crm.Domain.Forecasting;
using Crm.Domain.Playbooks;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.DataSources;
using Npgsql;

namespace Crm.Api.Forecasting;

/// <summary>
/// A forecast of a schedule that had to do without a data source, or with what that had said before, is said anew as soon as the source has
/// told what it should have: once for each thing that it comes to.
/// </summary>
public sealed class RestateOnRecovery(Engine engine, Queries queries, ReadingReader readings, ForecastRestatement restatement)
{
    private static readonly ModelReader<DataSourceList.Row> Sources = new(Catalog.DataSources);

    // What was looked at, by tenant: as long as no source has anything to say, nothing is to be said anew.
    private readonly Dictionary<string, string> looked = [];

    /// <summary>Has all looked at again.</summary>
    internal void Forget(string tenant) => looked.Remove(tenant);

    /// <param name="runs">What was due lately.</param>
    /// <param name="note">Told of one that cannot be said anew; it keeps no other back.</param>
    internal async Task Look(Caller by, IReadOnlyList<DueForecast> runs, Func<DueForecast, Exception, Task> note, CancellationToken ct)
    {
        var said = string.Join(';', (await Rows(by.Tenant, new Lens(null, null, null), ct)).Select(row => $"{row.SourceId} {row.HeardAt:O} {row.LastGood}").Order(StringComparer.Ordinal))
            + $" {runs.Count}";
        if (looked.GetValueOrDefault(by.Tenant) == said)
        {
            return;
        }

        foreach (var run in runs)
        {
            try
            {
                await Look(by, run, ct);
            }
            catch (Rejection same) when (same.Code == ForecastDecider.Unchanged)
            {
                // Another reading, and all comes to the same: there is nothing to say.
            }
            catch (Exception error) when (!error.IsPassing())
            {
                await note(run, error);
            }
        }

        looked[by.Tenant] = said;
    }

    private async Task Look(Caller by, DueForecast run, CancellationToken ct)
    {
        var (id, known) = await Last(by.Tenant, ForecastRecorder.IdOf(by.Tenant, run.Due), ct);
        if (known is { Run.Manifest: var manifest, Standing: ForecastStanding.Accepted }
            && ForecastFacts.AskFactors(manifest, [manifest.Engine]) && await IsOvertaken(by.Tenant, manifest, ct))
        {
            var call = new Call(by, OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation");
            await restatement.Restate(id, known, run, call, ct);
        }
    }

    // What was said anew is looked at as it was said last.
    private async Task<(Guid Id, Forecast Known)> Last(string tenant, Guid id, CancellationToken ct)
    {
        while (true)
        {
            var known = (await engine.Commands.Latest(ForecastDecider.Instance, tenant, id, ct)).State;
            if (known.RestatedBy is not { } next)
            {
                return (id, known);
            }

            id = next;
        }
    }

    private async Task<bool> IsOvertaken(string tenant, ForecastManifest manifest, CancellationToken ct)
    {
        string[] asked = [.. manifest.Settings.Factors!.Where(factor => factor.From == FactorFrom.Source).Select(factor => factor.Source!)];
        var now = await readings.InUse(tenant, asked, manifest.AsOf, (await engine.Store.Head(ct)).Position, ct);
        var other = now.Select(one => one.Use).Where(use => Then(use.Source)?.Hash != use.Hash).ToList();
        if (other.Count == 0)
        {
            return false;
        }

        // A reading that only came a moment late is no failure; one that was missed is.
        var troubled = (await Rows(tenant, new Lens(manifest.AsOf, KnownAt: null, Position: null), ct))
            .Where(row => row.Trouble is not null).Select(row => row.Key).ToHashSet();
        return other.Exists(use => Then(use.Source) is null or { IsStale: true } || troubled.Contains(use.Source));

        ReadingUse? Then(string source) => manifest.Readings?.FirstOrDefault(use => use.Source == source);
    }

    private async Task<IReadOnlyList<DataSourceList.Row>> Rows(string tenant, Lens lens, CancellationToken ct) =>
        (await queries.Read(tenant, Catalog.DataSources, lens, least: null, async (connection, position) =>
        {
            await using var command = new NpgsqlCommand($"select {Sources.Columns} from {Sources.Rows(lens.Rewound)} r", connection);
            command.Parameters.AddWithValue(tenant);
            if (lens.AsOf is { } asOf)
            {
                command.Parameters.AddWithValue(asOf.ToUniversalTime());
                command.Parameters.AddWithValue(position);
            }

            await using var reader = await command.ExecuteReaderAsync(ct);
            return await Sources.Read(reader, ct);
        }, ct)).Answer;
}
