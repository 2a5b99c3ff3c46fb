using System.Data;
using Crm.EventStore.Contents;
using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.EventStore.Histories;

/// <summary>What is wanted of a history.</summary>
/// <param name="Tenant">Null for all of them.</param>
/// <param name="Upto">The last position; null for the newest.</param>
/// <param name="UptoMoment">What was recorded before this moment, in place of a position.</param>
/// <param name="WithKeys">Whether the keys of what is personal go along.</param>
/// <param name="WithContents">Whether, with these, files that are attached to records do.</param>
public sealed record HistoryWish(string? Tenant = null, long? Upto = null, DateTimeOffset? UptoMoment = null, bool WithKeys = true, bool WithContents = true);

/// <summary>
/// Writes the whole history of a store to a folder, as it stood at one moment: rows as lines of JSON, with positions and stamps as they are, so that
/// another store that takes them gives the same answers.
/// </summary>
public sealed class HistoryExport(NpgsqlDataSource database, TimeProvider clock)
{
    private const long FullAt = 64 << 20;

    /// <summary>At how many bytes, before they are compressed, the next file begins.</summary>
    public long FileSize { get; init; } = FullAt;

    /// <summary>Files that are attached to records; they go along with the keys.</summary>
    public SealedContents? Contents { get; init; }

    /// <param name="folder">One that is not there yet, or is empty.</param>
    /// <exception cref="HistoryProblem">The folder holds something, or the position is none.</exception>
    public async Task<HistoryManifest> Write(string folder, HistoryWish wish, IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        MustBeEmpty(folder);
        // There are names of companies and people's doings in it.
        OwnersFolder.Make(folder);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await Run(connection, "set transaction read only; set local timezone = 'UTC'; set local bytea_output = 'hex'", ct);
        var span = await Span(connection, wish, ct);
        var (files, tenants) = (new List<HistoryFile>(), new Dictionary<string, Count>(StringComparer.Ordinal));
        foreach (var table in HistoryTable.All.Where(table => wish.WithKeys || !table.IsSecret))
        {
            files.AddRange(await Table(connection, table, folder, wish, span, tenants, progress, ct));
        }

        var missing = 0;
        if (wish is { WithKeys: true, WithContents: true })
        {
            IReadOnlyList<HistoryFile> contents = [];
            (contents, missing) = Contents is not null ? await HistoryContents.Write(Contents, folder, wish.Tenant, progress, ct)
                : files.Any(file => file.Table == HistoryTable.Contents.Name)
                    ? throw new HistoryProblem("There are files attached to records, and this program does not know their folder: set Crm__AttachmentFolder.") : ([], 0);
            files.AddRange(contents);
        }

        var manifest = new HistoryManifest(
            HistoryManifest.OurFormat, HistoryManifest.OurVersion, clock.GetUtcNow(), span.Epoch, span.Position, span.Stamp, wish.Tenant, wish.WithKeys, span.MasterKey,
            tenants.ToDictionary(t => t.Key, t => new TenantCount(t.Value.Streams, t.Value.Types.Values.Sum(), t.Value.Types)), files)
        {
            MissingContents = missing
        };
        await manifest.Write(folder, ct);
        return manifest;
    }

    private static void MustBeEmpty(string folder)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new HistoryProblem($"{folder} holds something already; name a folder that is empty, or not there yet.");
        }
    }

    private async Task<IReadOnlyList<HistoryFile>> Table(
        NpgsqlConnection connection, HistoryTable table, string folder, HistoryWish wish, HistorySpan span, Dictionary<string, Count> tenants,
        IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        await Run(connection, $"set local role {table.Role}", ct);
        await using var files = new HistoryFiles(folder, table, FileSize);
        await using (var command = new NpgsqlCommand(table.Rows(span.IsHead), connection) { CommandTimeout = 0 })
        {
            command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Text, (object?)wish.Tenant ?? DBNull.Value);
            command.Parameters.AddWithValue(span.Position);
            await using var rows = await command.ExecuteReaderAsync(ct);
            for (long done = 0; await rows.ReadAsync(ct);)
            {
                await files.Write(rows.GetFieldValue<byte[]>(0), ct);
                Count.Add(tenants, table, rows);
                if (++done % 1000 == 0)
                {
                    progress?.Report(new RebuildProgress($"Writing {table.Name}", done, table == HistoryTable.Events ? span.Position : done));
                }
            }
        }

        await Run(connection, "reset role", ct);
        return await files.Finish(ct);
    }

    private static async Task<HistorySpan> Span(NpgsqlConnection connection, HistoryWish wish, CancellationToken ct)
    {
        await Run(connection, "set local role crm_append", ct);
        await using var command = new NpgsqlCommand("""
            select l.epoch, l.position, u.upto, case when u.upto >= l.position then l.stamp else
                coalesce((select e.timestamp from public.mt_events e where e.seq_id <= u.upto order by e.seq_id desc limit 1), 'epoch') end
            from crm.lane l, lateral (select coalesce($1, case when $2 is not null then crm.position_at($2) end, l.position) as upto) u
            """, connection);
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Bigint, (object?)wish.Upto ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.TimestampTz, (object?)wish.UptoMoment?.ToUniversalTime() ?? DBNull.Value);
        HistorySpan span;
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            var (head, upto) = (row.GetInt64(1), row.GetInt64(2));
            span = new HistorySpan(row.GetString(0), upto, row.GetFieldValue<DateTimeOffset>(3), upto == head, null);
            if (upto > head || upto < 0)
            {
                throw new HistoryProblem($"There is no position {upto}: the store has come to {head}.");
            }
        }

        await Run(connection, "reset role", ct);
        await using var mark = new NpgsqlCommand("select sealed from crm.master_key_check", connection);
        return span with { MasterKey = await mark.ExecuteScalarAsync(ct) as string };
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <param name="IsHead">Nothing was recorded after it.</param>
    private sealed record HistorySpan(string Epoch, long Position, DateTimeOffset Stamp, bool IsHead, string? MasterKey);

    /// <summary>How much there is of a tenant.</summary>
    private sealed class Count
    {
        public long Streams { get; private set; }

        public SortedDictionary<string, long> Types { get; } = new(StringComparer.Ordinal);

        public static void Add(Dictionary<string, Count> tenants, HistoryTable table, NpgsqlDataReader row)
        {
            if (table != HistoryTable.Streams && table != HistoryTable.Events)
            {
                return;
            }

            var tenant = row.GetString(1);
            var count = tenants.TryGetValue(tenant, out var known) ? known : tenants[tenant] = new Count();
            if (table == HistoryTable.Streams)
            {
                count.Streams++;
            }
            else
            {
                var type = row.GetString(2);
                count.Types[type] = count.Types.GetValueOrDefault(type) + 1;
            }
        }
    }
}
