using Crm.EventStore.Local;
using Crm.Projections;
using Npgsql;

namespace Crm.Api;

/// <summary>The ways into the database, each in the role that may do just what is done there.</summary>
/// <param name="Owner">Makes and looks after tables.</param>
/// <param name="Appenders">Write events, of all tenants.</param>
/// <param name="Followers">Write read models, of all tenants.</param>
/// <param name="Senders">Send to receivers outside, for all tenants.</param>
/// <param name="Workers">Do long work that was asked for, of all tenants.</param>
/// <param name="Readers">Answer, in the name of one tenant.</param>
internal sealed record Connections(
    NpgsqlDataSource Owner, NpgsqlDataSource Appenders, NpgsqlDataSource Followers, NpgsqlDataSource Senders, NpgsqlDataSource Workers,
    NpgsqlDataSource Readers) : IAsyncDisposable
{
    private const string AppendRole = "crm_append";
    private const string FollowRole = "crm_follow";
    private const string SendRole = "crm_send";
    private const string WorkRole = "crm_work";
    private const string ReadRole = "crm_app";

    // Each read model is followed on a connection of its own, and each program that leads has one for its right and one to be woken by; the rest is for what they do.
    // With fewer they would wait for each other for ever.
    private static readonly int Following = Catalog.All.Count + 33;

    public static Connections To(Settings settings, LocalPostgres? local)
    {
        return new Connections(
            Source(""), Source($"-c role={AppendRole}"), Source($"-c role={FollowRole}", least: Following), Source($"-c role={SendRole}"),
            Source($"-c role={WorkRole}"), Source($"-c role={ReadRole}"));

        NpgsqlDataSource Source(string options, int least = 0)
        {
            var builder = new NpgsqlConnectionStringBuilder($"Maximum Pool Size=40;{local?.ConnectionString ?? settings.ConnectionString}")
            {
                MaxAutoPrepare = 64,
                Options = $"-c jit=off {options}",            // compiling takes longer than any query here runs
                WriteBufferSize = 1 << 17,
                Timeout = 5
            };
            builder.MaxPoolSize = Math.Max(builder.MaxPoolSize, least);
            return NpgsqlDataSource.Create(builder);
        }
    }

    /// <exception cref="InvalidOperationException">They do not.</exception>
    // A pooler in between may drop what a connection asks for; then the wall between tenants would be silently gone.
    public async Task MustTakeRoles(CancellationToken ct)
    {
        foreach (var (source, role) in ((NpgsqlDataSource, string)[])[(Appenders, AppendRole), (Followers, FollowRole), (Senders, SendRole), (Workers, WorkRole), (Readers, ReadRole)])
        {
            await using var command = source.CreateCommand("select current_user::text");
            if (await command.ExecuteScalarAsync(ct) as string != role)
            {
                throw new InvalidOperationException($"Connections do not take the role {role}: a pooler between here and PostgreSQL must let the startup parameter options pass.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in (NpgsqlDataSource[])[Readers, Workers, Senders, Followers, Appenders, Owner])
        {
            await source.DisposeAsync();
        }
    }
}
