using System.Text.Json.Nodes;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>What a program could not do.</summary>
/// <param name="DueAt">By the rules of which moment it was to be done.</param>
/// <param name="Again">Somebody wants it tried again; it will be, in a moment.</param>
/// <param name="Entry">The event by which the record came to a stage, where what the stage asks for could not be done: each is a failure by
/// itself. Of all else one record has one failure, the last.</param>
public sealed record AutomationFailure(
    string Tenant, string Automation, Guid Subject, Guid? Cause, DateTimeOffset DueAt, DateTimeOffset FailedAt, int Attempts, string Error,
    bool Again, Guid? Entry = null)
{
    internal Guid Key => Entry ?? Subject;
}

/// <summary>What a program would have done while it was only tried.</summary>
public sealed record AutomationTrial(Guid Id, string Automation, Guid Subject, Guid? Cause, DateTimeOffset At, JsonNode Facts);

/// <summary>What came of programs that act by themselves, beside what they wrote.</summary>
public sealed class AutomationTable(Engine engine)
{
    private const int MostTrials = 1000;
    private const string Failure = "tenant_id, automation, subject_id, cause_id, due_at, failed_at, attempts, error, again, record_id";

    /// <summary>Of a tenant, the newest first; at most a thousand.</summary>
    /// <param name="subject">Of this record only; null for all.</param>
    public Task<IReadOnlyList<AutomationFailure>> Failures(string tenant, string automation, CancellationToken ct, Guid? subject = null) =>
        engine.Store.Reader.Read<IReadOnlyList<AutomationFailure>>(tenant, $"""
            select {Failure} from crm.automation_failure where tenant_id = $1 and automation = $2
              and ($3 = '00000000-0000-0000-0000-000000000000' or coalesce(record_id, subject_id) = $3)
            order by failed_at desc, subject_id limit 1000
            """, [tenant, automation, subject ?? Guid.Empty], found => All(found, ct), ct);

    public Task<IReadOnlyList<AutomationTrial>> Trials(string tenant, string automation, CancellationToken ct) => engine.Store.Reader.Read<IReadOnlyList<AutomationTrial>>(
        tenant, "select trial_id, automation, subject_id, cause_id, at, facts from crm.automation_trial where tenant_id = $1 and automation = $2 order by trial_id desc limit 1000",
        [tenant, automation], async found =>
        {
            var trials = new List<AutomationTrial>();
            while (await found.ReadAsync(ct))
            {
                trials.Add(new(found.GetGuid(0), found.GetString(1), found.GetGuid(2), found.IsDBNull(3) ? null : found.GetGuid(3), found.GetFieldValue<DateTimeOffset>(4), JsonNode.Parse(found.GetString(5))!));
            }

            return trials;
        }, ct);

    /// <returns>Whether there is such a failure.</returns>
    public Task<bool> TryAgain(string tenant, string automation, Guid subject, CancellationToken ct) =>
        Did("""
            update crm.automation_failure set again = true
            where tenant_id = $1 and automation = $2 and coalesce(record_id, subject_id) = $3
            """, ct, tenant, automation, subject);

    /// <returns>Whether there was such a failure.</returns>
    public Task<bool> LetBe(string tenant, string automation, Guid subject, CancellationToken ct) =>
        Did("""
            delete from crm.automation_failure where tenant_id = $1 and automation = $2 and coalesce(record_id, subject_id) = $3
            """, ct, tenant, automation, subject);

    /// <summary>What was tried again, and did not fail, is failed no more.</summary>
    internal Task Done(AutomationFailure failure, CancellationToken ct) => Did(
        "delete from crm.automation_failure where tenant_id = $1 and automation = $2 and subject_id = $3 and again", ct, failure.Tenant, failure.Automation, failure.Key);

    internal Task Note(AutomationFailure failure, CancellationToken ct) => Did("""
        insert into crm.automation_failure (tenant_id, automation, subject_id, cause_id, due_at, error, record_id)
        values ($1, $2, $3, $4, $5, $6, nullif($7, $3))
        on conflict (tenant_id, automation, subject_id) do update set
            cause_id = excluded.cause_id, due_at = excluded.due_at, error = excluded.error, failed_at = now(), attempts = automation_failure.attempts + 1, again = false
        """, ct, failure.Tenant, failure.Automation, failure.Key, failure.Cause, failure.DueAt, failure.Error, failure.Subject);

    /// <inheritdoc cref="Wanted(NpgsqlConnection, string, CancellationToken)"/>
    internal async Task<IReadOnlyList<AutomationFailure>> Wanted(string automation, CancellationToken ct)
    {
        await using var connection = await engine.Followers.OpenConnectionAsync(ct);
        return await Wanted(connection, automation, ct);
    }

    /// <summary>What somebody wants tried again, of all tenants.</summary>
    internal static async Task<IReadOnlyList<AutomationFailure>> Wanted(NpgsqlConnection connection, string automation, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select {Failure} from crm.automation_failure where again and automation = $1 limit 100", connection);
        command.Parameters.AddWithValue(automation);
        await using var found = await command.ExecuteReaderAsync(ct);
        return await All(found, ct);
    }

    /// <summary>Keeps the newest thousand of a tenant.</summary>
    internal async Task Tried(string tenant, string automation, IReadOnlyList<AutomationTrial> trials, CancellationToken ct)
    {
        await using var command = engine.Followers.CreateCommand("""
            with added as (
                insert into crm.automation_trial (tenant_id, trial_id, automation, subject_id, cause_id, at, facts)
                select $1, t.id, $2, t.subject, t.cause, t.at, t.facts::jsonb from unnest($3, $4, $5, $6, $7) as t (id, subject, cause, at, facts))
            delete from crm.automation_trial where tenant_id = $1 and automation = $2 and trial_id < (
                select trial_id from crm.automation_trial where tenant_id = $1 and automation = $2 order by trial_id desc offset $8 limit 1)
            """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(automation);
        command.Parameters.AddWithValue(trials.Select(trial => trial.Id).ToArray());
        command.Parameters.AddWithValue(trials.Select(trial => trial.Subject).ToArray());
        command.Parameters.AddWithValue(trials.Select(trial => trial.Cause).ToArray());
        command.Parameters.AddWithValue(trials.Select(trial => trial.At.ToUniversalTime()).ToArray());
        command.Parameters.AddWithValue(trials.Select(trial => trial.Facts.ToJsonString()).ToArray());
        command.Parameters.AddWithValue(MostTrials - 1);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<bool> Did(string sql, CancellationToken ct, params object?[] parameters)
    {
        await using var command = engine.Followers.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value switch { null => DBNull.Value, DateTimeOffset moment => moment.ToUniversalTime(), _ => value } });
        }

        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    private static async Task<IReadOnlyList<AutomationFailure>> All(NpgsqlDataReader found, CancellationToken ct)
    {
        var failures = new List<AutomationFailure>();
        while (await found.ReadAsync(ct))
        {
            var (key, record) = (found.GetGuid(2), found.IsDBNull(9) ? (Guid?)null : found.GetGuid(9));
            failures.Add(new(
                found.GetString(0), found.GetString(1), record ?? key, found.IsDBNull(3) ? null : found.GetGuid(3),
                found.GetFieldValue<DateTimeOffset>(4), found.GetFieldValue<DateTimeOffset>(5), found.GetInt32(6), found.GetString(7),
                found.GetBoolean(8), record is null ? null : key));
        }

        return failures;
    }
}
