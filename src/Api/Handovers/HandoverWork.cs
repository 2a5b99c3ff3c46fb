using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Access;
using Crm.Api.Approvals;
using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Api.Jobs;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Approvals;
using Crm.Domain.Commitments;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Tasks;
using Crm.Domain.Tickets;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Handovers;

/// <summary>
/// Goes through what somebody has, as lists show it, and gives it to others until nothing is left. Begun again it goes on: what has gone over is his no more.
/// </summary>
internal sealed class HandoverWork(Engine engine, Queries queries, Policies policies, ApprovalDesk approvals) : IJobKind
{
    public const string Name = "handover";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
    private static readonly Lens Now = new(AsOf: null, KnownAt: null, Position: null);

    private const int AtOnce = 16;
    private const int PageSize = 1000;
    private const int MostPasses = 1000;
    private const int MostStayed = 1000;

    public string Kind => Name;

    public async Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct)
    {
        var request = job.Request.Deserialize<HandoverRequest>(Options)!;
        var call = new Call(new Caller(job.Tenant, job.AskedBy), OccurredAt: null, IfMatch: null, Key: null, RequestId: job.Id.ToString(), Source: "handover");
        var organisation = await engine.Organisations.Of(job.Tenant, ct);
        var leaver = organisation.Members[request.Member].Rep ?? request.Member;
        var successors = request.To.Select(member => new Successor(member, organisation.Members[member].Rep ?? member, organisation.Members[member].Team)).ToList();
        var count = new Count();

        // While he may still decide: what waits for him once he is shut out goes to those above him.
        await Pass(Catalog.Approvals, "$2 = any(asked) and state = 'pending'", "approval", (id, to) => approvals.Send(
            id, terms => new TransferApproval(request.Member, to.Member, terms, request.Reason), call, ct), of: request.Member);
        if (request.Suspend)
        {
            await engine.Commands.Send(ApprovalDelegationDecider.Instance, ApprovalRules.DelegationsOf(job.Tenant), new DelegateApprovals(
                request.Member, To: null, From: null, Until: null, engine.Store.Clock.GetUtcNow(), IsHere: true), call, ct);
            await engine.Commands.Send(AccessDecider.Instance, Organisations.StreamOf(job.Tenant), new SuspendMember(request.Member, request.Reason, Rights.Everything), call, ct);
        }

        var policy = (await policies.Now(job.Tenant, ct))?.Policy;

        const string Open = "rep = $2 and is_captured and not is_closed and not is_merged and not is_flagged";
        await Pass(Catalog.LeadClocks, Open, "lead", (id, to) => engine.Commands.Send(
            LeadDecider.Instance, id, new AssignLead(to.Rep, to.Team, policy?.TermsFrom(engine.Store.Clock.GetUtcNow()), new AssignmentGround(AssignedBy.Handover)), call, ct));
        await Pass(Catalog.Opportunities, "rep = $2 and status = 'open' and opened_at is not null", "opportunity",
            (id, to) => engine.Commands.Send(OpportunityDecider.Instance, id, new AssignOpportunity(to.Rep, to.Team), call, ct));
        await Pass(Catalog.Tasks, "rep = $2 and state = 'open' and opened_at is not null", "task",
            (id, to) => engine.Commands.Send(TaskDecider.Instance, id, new ReassignTask(to.Rep, to.Team, request.Reason), call, ct));
        await Pass(Catalog.Commitments, "rep = $2 and state = 'open' and made_at is not null", "commitment",
            (id, to) => engine.Commands.Send(CommitmentDecider.Instance, id, new HandOverCommitment(to.Rep, request.Reason), call, ct));
        await Pass(Catalog.Tickets, "agent = $2 and state <> 'solved' and opened_at is not null", "ticket",
            (id, to) => engine.Commands.Send(TicketDecider.Instance, id, new AssignTicket(to.Rep, request.Reason), call, ct));
        return JsonSerializer.SerializeToNode(count.Result(successors), AnswerJson.Options);

        async Task Pass(
            ReadModel model, string which, string record, Func<Guid, Successor, Task<Written>> give, string? of = null)
        {
            var (least, _) = await engine.Store.Head(ct);
            for (var passes = 0; passes < MostPasses; passes++)
            {
                var (rows, _) = await queries.Read(job.Tenant, model, Now, queries.Token(least), (connection, _) => Left(connection, job.Tenant, model, which, of ?? leaver, ct), ct);
                var left = rows.Where(id => !count.HasStayed(id)).ToList();
                if (left.Count == 0)
                {
                    return;
                }

                var total = count.Given + left.Count;
                await Parallel.ForEachAsync(left.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (one, _) =>
                {
                    var to = successors[one.Index % successors.Count];
                    try
                    {
                        var written = await give(one.Item, to);
                        InterlockedMax(ref least, written.Position);
                        progress.Report($"Handing over: {record}", count.Add(record, to), total);
                    }
                    catch (Rejection refusal)
                    {
                        count.Stay(new StayedBehind(record, one.Item, refusal.Code));
                    }
                });
                progress.Report($"Handing over: {record}", count.Given, total);
            }
        }
    }

    private static async Task<IReadOnlyList<Guid>> Left(NpgsqlConnection connection, string tenant, ReadModel model, string which, string rep, CancellationToken ct)
    {
        var tables = ModelTables.Of(model);
        await using var command = new NpgsqlCommand($"select {tables.Id} from {tables.Rows} where tenant_id = $1 and {which} order by {tables.Id} limit {PageSize}", connection);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(rep);
        await using var found = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await found.ReadAsync(ct))
        {
            ids.Add(found.GetGuid(0));
        }

        return ids;
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private sealed record Successor(string Member, string Rep, string? Team);

    private sealed class Count
    {
        private readonly ConcurrentDictionary<(string Record, string Member), int> given = new();
        private readonly ConcurrentDictionary<Guid, StayedBehind> stayed = new();

        public int Given => given.Values.Sum();

        public bool HasStayed(Guid id) => stayed.ContainsKey(id);

        public void Stay(StayedBehind one) => stayed.TryAdd(one.Id, one);

        public int Add(string record, Successor to)
        {
            given.AddOrUpdate((record, to.Member), 1, (_, many) => many + 1);
            return Given;
        }

        public HandoverResult Result(IReadOnlyList<Successor> successors) => new(
            Of("lead"), Of("opportunity"), Of("task"),
            successors.ToDictionary(to => to.Member, to => new HandedOver(
                Of("lead", to), Of("opportunity", to), Of("task", to), Of("commitment", to), Of("approval", to), Of("ticket", to))),
            [.. stayed.Values.OrderBy(one => one.Record, StringComparer.Ordinal).ThenBy(one => one.Id).Take(MostStayed)],
            Of("commitment"), Of("approval"), Of("ticket"));

        private int Of(string record, Successor? to = null) => given.Where(one => one.Key.Record == record && (to is null || one.Key.Member == to.Member)).Sum(one => one.Value);
    }
}
