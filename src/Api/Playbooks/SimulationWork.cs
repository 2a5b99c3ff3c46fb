using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Imports;
using Crm.Api.Jobs;
using Crm.Domain.Leads;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Playbooks;

/// <summary>Goes through all that happened to a tenant's leads, and has other rules decide in their place.</summary>
internal sealed class SimulationWork(Engine engine) : IJobKind
{
    public const string Name = "playbook-simulation";

    private const int PageSize = 10_000;

    private readonly string[] types = [.. engine.Store.Types.AliasesOf(typeof(ILeadEvent))];

    public string Kind => Name;

    public async Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct)
    {
        var request = job.Request.Deserialize<SimulationRequest>(EventTypes.Json)!;
        var organisation = await engine.Organisations.Of(job.Tenant, ct);
        var simulation = new LeadSimulation(LeadPolicy.Of(request.Document, Zones.Tzdb), request.From, request.Until, organisation.SuspendedReps);
        var (end, _) = await engine.Store.Head(ct);
        for (long position = 0; position < end;)
        {
            var (events, seen) = await Page(job.Tenant, position, end, ct);
            foreach (var e in events)
            {
                if (e.Data is ILeadEvent fact)
                {
                    simulation.Take(e.StreamId, fact, e.OccurredAt, e.RecordedAt, e.Metadata.Source == Importer.Source);
                }
            }

            position = seen;
            progress.Report("Going through what happened", position, end);
        }

        progress.Report("Adding up", end, end);
        return JsonSerializer.SerializeToNode(simulation.End(), AnswerJson.Options);
    }

    private async Task<(IReadOnlyList<Recorded>, long)> Page(string tenant, long after, long upTo, CancellationToken ct)
    {
        await using var connection = await engine.Followers.OpenConnectionAsync(ct);
        return await LogReader.ReadOn(connection, engine.Store.Types, new LogSpan(after, upTo, types, [tenant], []), PageSize, ct);
    }
}
