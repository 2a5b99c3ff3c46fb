using Crm.EventStore.Local;
using Npgsql;

namespace Crm.EventStore.Tests.Local;

/// <summary>A data folder of its own for each test, gone afterwards.</summary>
public abstract class LocalTests : IDisposable
{
    protected string Folder { get; } = Path.Combine(Path.GetTempPath(), $"crm-local-{Guid.NewGuid():N}");

    protected string NoteOfThePostmaster => Path.Combine(Folder, "data", "postmaster.pid");

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    protected Task<LocalPostgres> Start(string? binDirectory = null) => StartIn(Folder, binDirectory);

    protected static Task<LocalPostgres> StartIn(string folder, string? binDirectory = null) =>
        LocalPostgres.Start(new LocalPostgresSettings(folder, binDirectory), say: null, CancellationToken.None);

    protected int PidOfThePostmaster() => int.Parse(File.ReadLines(NoteOfThePostmaster).First());

    protected static async Task<T?> Ask<T>(LocalPostgres server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        return (T?)await source.CreateCommand(sql).ExecuteScalarAsync();
    }

    protected static async Task Keep(LocalPostgres server, string word)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await source.CreateCommand("create table if not exists kept (word text)").ExecuteNonQueryAsync();
        await source.CreateCommand($"insert into kept values ('{word}')").ExecuteNonQueryAsync();
    }

    protected static Task<string?> Kept(LocalPostgres server) => Ask<string>(server, "select string_agg(word, ' ' order by word) from kept");
}
