using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Customers.Care;
using Crm.Api.Http;
using Crm.Api.Imports;
using Crm.Api.Jobs;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Playbooks;

/// <summary>Goes through all that happened to a tenant's leads and opportunities, and has other rules decide.</summary>
internal sealed class SimulationWork(Engine engine, CustomerFactsReader reader) : IJobKind
{
    public const string Name = "playbook-simulation";

    private const int PageSize = 10_000;
    private const int MostCustomers = 500;

    private readonly string[] types = [.. engine.Store.Types.AliasesOf(typeof(ILeadEvent)), .. engine.Store.Types.AliasesOf(typeof(IOpportunityEvent))];

    private readonly string[] retractions = [.. engine.Store.Types.AliasesOf(typeof(LeadImportUndone)), .. engine.Store.Types.AliasesOf(typeof(OpportunityImportUndone))];

    public string Kind => Name;

    public async Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct)
    {
        var request = job.Request.Deserialize<SimulationRequest>(EventTypes.Json)!;
        var organisation = await engine.Organisations.Of(job.Tenant, ct);
        var leads = new LeadSimulation(LeadPolicy.Of(request.Document, Zones.Tzdb), request.From, request.Until, organisation.SuspendedReps);
        var opportunities = new OpportunitySimulation(await OnTrial(job.Tenant, request, ct), request.From, request.Until,
            StagePolicy.Of(request.Document, Zones.Tzdb));
        var (end, _) = await engine.Store.Head(ct);
        var gone = await TakenBack(job.Tenant, end, ct);
        for (long position = 0; position < end;)
        {
            var (events, seen) = await Page(job.Tenant, position, end, types, ct);
            foreach (var e in events)
            {
                if (e.Data is IRetraction || gone.Contains(e.EventId))
                {
                    continue;
                }

                var isOfFile = e.Metadata.Source == Importer.Source;
                switch (e.Data)
                {
                    case ILeadEvent fact:
                        leads.Take(e.StreamId, fact, e.OccurredAt, e.RecordedAt, isOfFile);
                        break;
                    case IOpportunityEvent fact:
                        opportunities.Take(e.StreamId, fact, e.RecordedAt, isOfFile);
                        break;
                }
            }

            position = seen;
            progress.Report("Going through what happened", position, end);
        }

        progress.Report("Looking at customers", end, end);
        var customers = await Customers(job.Tenant, request, organisation, ct);
        progress.Report("Adding up", end, end);
        var result = JsonSerializer.SerializeToNode(leads.End(), AnswerJson.Options)!;
        result["opportunities"] = JsonSerializer.SerializeToNode(opportunities.End(), AnswerJson.Options);
        result["customers"] = JsonSerializer.SerializeToNode(customers, AnswerJson.Options);
        return result;
    }

    // Those that there are now, as they stand: what they were on other days they were by other rules.
    private async Task<CustomerSimulationResult> Customers(
        string tenant, SimulationRequest request, Organisation organisation, CancellationToken ct)
    {
        var zone = Zones.Of(engine.Organisations.ZoneOf(organisation));
        var customers = new CustomerSimulation(CustomerPolicy.Of(request.Document), request.Until, zone);
        for (var last = Guid.Empty; ;)
        {
            var some = await reader.Behind(tenant, last, MostCustomers, ct);
            foreach (var one in some)
            {
                customers.Take(one);
            }

            if (some.Count < MostCustomers)
            {
                return customers.End();
            }

            last = some[^1].Id;
        }
    }

    // As if it were the newest version, in force all that time.
    private async Task<Playbook> OnTrial(string tenant, SimulationRequest request, CancellationToken ct)
    {
        var history = await engine.Playbooks.History(tenant, ct);
        return PlaybookHistory.Evolve(history, new PlaybookPublished(history.Newest + 1, request.From, request.Document)).At(request.From);
    }

    // What an import said that was undone was never said: it comes before the fact that takes it back.
    private async Task<IReadOnlySet<Guid>> TakenBack(string tenant, long end, CancellationToken ct)
    {
        var gone = new HashSet<Guid>();
        for (long position = 0; position < end;)
        {
            var (events, seen) = await Page(tenant, position, end, retractions, ct);
            gone.UnionWith(events.Select(e => e.Data).OfType<IRetraction>().SelectMany(retraction => retraction.Events));
            position = seen;
        }

        return gone;
    }

    private async Task<(IReadOnlyList<Recorded>, long)> Page(string tenant, long after, long upTo, string[] kinds, CancellationToken ct)
    {
        await using var connection = await engine.Followers.OpenConnectionAsync(ct);
        return await LogReader.ReadOn(connection, engine.Store.Types, new LogSpan(after, upTo, kinds, [tenant], []), PageSize, ct);
    }
}
