using System.Text;
using Crm.EventStore.Contents;
using Crm.EventStore.ReadModels;
using Npgsql;
using NpgsqlTypes;

namespace Crm.EventStore.Histories;

/// <summary>
/// Puts a history into an empty store: all of it or, whatever happens on the way, nothing. Positions and stamps stay what they were; the epoch is the new
/// store's own, since what it records from now on is another story.
/// </summary>
/// <param name="sending">Under which name it is kept how far receivers outside were told: what is put in has been told to them.</param>
public sealed class HistoryLoad(NpgsqlDataSource database, string sending)
{
    private const int Batch = 2_000;
    private const int FullAt = 4 << 20;

    /// <summary>Where files that are attached to records go.</summary>
    public SealedContents? Contents { get; init; }

    /// <param name="opens">Whether the master key in use opens a text that another was sealed by.</param>
    /// <exception cref="HistoryProblem">The store is not empty, the folder is not whole, or its keys are wrapped by another master key.</exception>
    public async Task Run(HistoryFolder folder, Func<string, bool> opens, IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        var manifest = folder.Manifest;
        if (manifest.Files.FirstOrDefault(file => file.Table != HistoryContents.Table && HistoryTable.All.All(table => table.Name != file.Table)) is { } stranger)
        {
            throw new HistoryProblem($"{stranger.Name} holds {stranger.Table}, which this program does not know.");
        }

        if (manifest is { HasKeys: true, MasterKey: { } mark } && !opens(mark))
        {
            throw new HistoryProblem("The keys in this export are wrapped by another master key. Start an empty store with that one (Crm__MasterKey, or its file master.key).");
        }

        HistoryContents.MustHavePlace(Contents, manifest);
        await folder.MustBeWhole(progress, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Say(connection, "select pg_advisory_xact_lock(crm.lane_key()), set_config('crm.lane_held', 'yes', true)", ct);
        await MustBeEmpty(connection, ct);
        var done = 0L;
        foreach (var table in HistoryTable.All)
        {
            await Say(connection, $"set local role {table.Role}", ct);
            await foreach (var some in Batches(folder.Rows(table, ct), ct))
            {
                await Put(connection, table, some, ct);
                progress?.Report(new RebuildProgress("Loading rows", done += some.Count, manifest.Rows));
            }

            await Say(connection, "reset role", ct);
        }

        // Before the records that have them are there: what is loaded and not committed is nobody's, and is put in its place again.
        await HistoryContents.Load(Contents, folder, progress, ct);
        await Settle(connection, manifest, ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task MustBeEmpty(NpgsqlConnection connection, CancellationToken ct)
    {
        await Say(connection, "set local role crm_append", ct);
        await using (var command = new NpgsqlCommand("""
            select l.position from crm.lane l where l.position > 0 or exists (select from public.mt_streams) or exists (select from public.mt_events)
                or exists (select from crm.claim) or exists (select from crm.person_key)
            """, connection))
        {
            if (await command.ExecuteScalarAsync(ct) is long position)
            {
                throw new HistoryProblem($"The store holds something already (its position is {position}); a history is put into an empty one only.");
            }
        }

        await Say(connection, "reset role", ct);
    }

    private static async Task Put(NpgsqlConnection connection, HistoryTable table, IReadOnlyList<string> rows, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            insert into {table.Table} select r.* from unnest($1) with ordinality as l (row, n), jsonb_populate_record(null::{table.Table}, l.row) r order by l.n
            """, connection)
        { CommandTimeout = 0 };
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Jsonb, rows.ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task Settle(NpgsqlConnection connection, HistoryManifest manifest, CancellationToken ct)
    {
        await using var command = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("update crm.lane set position = $1, stamp = $2, play_until = null") { Parameters = { Of(manifest.Position), Of(manifest.Stamp.ToUniversalTime()) } },
                new NpgsqlBatchCommand("""
                    insert into public.mt_event_progression (name, last_seq_id) values ($1, $2) on conflict (name) do update set last_seq_id = excluded.last_seq_id
                    """) { Parameters = { Of(sending), Of(manifest.Position) } },
                new NpgsqlBatchCommand("select setval('public.mt_events_sequence', greatest($1, 1), $1 > 0)") { Parameters = { Of(manifest.Position) } }
            }
        };
        await command.ExecuteNonQueryAsync(ct);

        static NpgsqlParameter Of(object value) => new() { Value = value };
    }

    private static async IAsyncEnumerable<IReadOnlyList<string>> Batches(IAsyncEnumerable<byte[]> rows, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (some, size) = (new List<string>(), 0);
        await foreach (var row in rows.WithCancellation(ct))
        {
            some.Add(Encoding.UTF8.GetString(row));
            if ((size += row.Length) >= FullAt || some.Count == Batch)
            {
                yield return some;
                (some, size) = ([], 0);
            }
        }

        if (some.Count > 0)
        {
            yield return some;
        }
    }

    private static async Task Say(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
