using System.Text.Json.Nodes;
using Crm.Api.Http.Shapes;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Api.Jobs;

/// <summary>
/// The jobs there are. Asked for and worked on by any node; whoever works on one says so again and again, or another takes it: after a while from one
/// that has stopped, at once from one that is gone, and its lock with it.
/// </summary>
public sealed class JobTable(Engine engine)
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private const string LifeOf = "crm.worker ";

    private const string Columns = """
        tenant_id, job_id, kind, subject_id, request, asked_by, asked_at, state, phase, done, total, cancelling, attempts, started_at, ended_at, result, problem
        """;

    private readonly NpgsqlDataSource workers = engine.Workers;
    private readonly TenantReader reader = engine.Store.Reader;

    /// <summary>Called when a job was asked for here.</summary>
    public event Action? Asked;

    /// <returns>Null where another is under way about the same thing.</returns>
    public async Task<Job?> Ask(string tenant, string kind, Guid subject, JsonNode request, string by, CancellationToken ct)
    {
        await using var command = Command($"""
            insert into crm.job (tenant_id, job_id, kind, subject_id, request, asked_by) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning {Columns}
            """, tenant, Guid.CreateVersion7(), kind, subject, Json(request), by);
        var job = await One(command, ct);
        Asked?.Invoke();
        return job;
    }

    public Task<Job?> Find(string tenant, Guid job, CancellationToken ct) =>
        reader.One(tenant, $"select {Columns} from crm.job where tenant_id = $1 and job_id = $2", [tenant, job], Read, ct);

    /// <summary>All that were asked for about a thing, the newest first.</summary>
    public Task<IReadOnlyList<Job>> About(string tenant, Guid subject, CancellationToken ct) => reader.Read<IReadOnlyList<Job>>(
        tenant, $"select {Columns} from crm.job where tenant_id = $1 and subject_id = $2 order by asked_at desc, job_id desc limit 1000", [tenant, subject], async found =>
        {
            var jobs = new List<Job>();
            while (await found.ReadAsync(ct))
            {
                jobs.Add(Read(found));
            }

            return jobs;
        }, ct);

    /// <summary>Wants a job to end. One that nobody works on ends at once.</summary>
    public async Task Cancel(string tenant, Guid job, CancellationToken ct)
    {
        await using var command = Command("""
            update crm.job set cancelling = true,
                state = case when state = 'queued' then 'cancelled' else state end, ended_at = case when state = 'queued' then now() else ended_at end
            where tenant_id = $1 and job_id = $2 and ended_at is null
            """, tenant, job);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Says that a worker lives, for as long as its connection does.</summary>
    internal Task<Sole?> Live(Guid worker, CancellationToken ct) => Sole.Try(workers, LifeOf + worker, useOrLose: false, ct);

    /// <summary>The next one of these kinds to work on: of tenants that have the fewest under way, the one that waits longest.</summary>
    /// <param name="life">What says that the worker lives.</param>
    internal static async Task<Job?> Take(Sole life, Guid worker, IReadOnlyCollection<string> kinds, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            update crm.job set state = 'running', worker = $1, leased_until = now() + $2, attempts = attempts + 1, started_at = coalesce(started_at, now())
            where (tenant_id, job_id) = (
                select j.tenant_id, j.job_id from crm.job j
                where j.ended_at is null and j.kind = any($3)
                  and (j.leased_until is null or j.leased_until < now() or j.state = 'running' and not exists (
                      select from pg_locks l
                      where l.locktype = 'advisory' and l.objsubid = 1 and l.database = (select oid from pg_database where datname = current_database())
                        and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended('{LifeOf}' || j.worker, 0)))
                order by (select count(*) from crm.job o where o.tenant_id = j.tenant_id and o.ended_at is null and o.leased_until >= now()), j.asked_at
                limit 1 for update skip locked)
            returning {Columns}
            """, life.Connection)
        {
            Parameters = { new() { Value = worker }, new() { Value = Lease }, new() { Value = kinds.ToArray() } }
        };
        return await One(command, ct);
    }

    /// <summary>Says that a worker is still at it, and how far.</summary>
    /// <returns>Whether somebody wants it to end; null where another works on it.</returns>
    internal async Task<bool?> Renew(Job job, Guid worker, JobProgress.Step step, CancellationToken ct)
    {
        await using var command = Command("""
            update crm.job set leased_until = now() + $4, phase = $5, done = $6, total = $7
            where tenant_id = $1 and job_id = $2 and worker = $3 and ended_at is null returning cancelling
            """, job.Tenant, job.Id, worker, Lease, step.Phase, step.Done, step.Total);
        return (bool?)await command.ExecuteScalarAsync(ct);
    }

    internal async Task End(Job job, Guid worker, JobState state, JsonNode? result, string? trouble, JobProgress.Step step, CancellationToken ct)
    {
        await using var command = Command("""
            update crm.job set state = $4, ended_at = now(), leased_until = null, phase = $5, done = $6, total = $7, result = $8, problem = $9
            where tenant_id = $1 and job_id = $2 and worker = $3 and ended_at is null
            """, job.Tenant, job.Id, worker, ChoiceShape.Spell(state.ToString()), step.Phase, step.Done, step.Total);
        command.Parameters.Add(Json(result));
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = trouble });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Lets go of a job; it is gone on with after a while, here or elsewhere. Only attempts that nobody ended are counted.</summary>
    internal async Task Release(Job job, Guid worker, TimeSpan pause, CancellationToken ct)
    {
        await using var command = Command("""
            update crm.job set state = 'queued', leased_until = now() + $4, attempts = attempts - 1 where tenant_id = $1 and job_id = $2 and worker = $3 and ended_at is null
            """, job.Tenant, job.Id, worker, pause);
        await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Command(string sql, params object[] parameters)
    {
        var command = workers.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static NpgsqlParameter Json(JsonNode? json) =>
        new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = json is null ? DBNull.Value : json.ToJsonString() };

    private static async Task<Job?> One(NpgsqlCommand command, CancellationToken ct)
    {
        await using var found = await command.ExecuteReaderAsync(ct);
        return await found.ReadAsync(ct) ? Read(found) : null;
    }

    private static Job Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetGuid(1), row.GetString(2), row.GetGuid(3), JsonNode.Parse(row.GetString(4))!, row.GetString(5),
        row.GetFieldValue<DateTimeOffset>(6), Enum.Parse<JobState>(row.GetString(7), ignoreCase: true), row.IsDBNull(8) ? null : row.GetString(8),
        row.GetInt64(9), row.GetInt64(10), row.GetBoolean(11), row.GetInt32(12), Time(row, 13), Time(row, 14),
        row.IsDBNull(15) ? null : JsonNode.Parse(row.GetString(15)), row.IsDBNull(16) ? null : row.GetString(16));

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
