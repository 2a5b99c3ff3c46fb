using Crm.Api.Access;
using Crm.Api.Tests.Contract;
using Crm.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Journeys;

/// <summary>The program itself on a real socket, over a database of its own. Every answer is held against its own OpenAPI document.</summary>
public class CrmServer : IAsyncLifetime
{
    private const string Key = "key-of-the-tests";

    private Engine engine = null!;
    private Prism? prism;

    public WebApplication App { get; private set; } = null!;

    /// <summary>Relative addresses are below <c>/api/v1/</c>.</summary>
    public HttpClient Http { get; private set; } = null!;

    protected virtual string Zone => "UTC";

    /// <summary>Whether Prism stands before the program.</summary>
    protected virtual bool IsJudged => Prism.IsWanted;

    /// <summary>What is put in place of something else.</summary>
    protected virtual void With(IServiceCollection services)
    {
    }

    /// <summary>Where what is attached lies.</summary>
    public DirectoryInfo Attachments { get; } = Directory.CreateTempSubdirectory("crm-attachments-");

    /// <summary>Further settings.</summary>
    protected virtual IReadOnlyDictionary<string, string?> More => new Dictionary<string, string?>();

    public virtual async Task InitializeAsync()
    {
        engine = await Engine.Open(await Settings(), new Progress<string>(), CancellationToken.None);
        App = Server.Build(engine, With);
        await App.StartAsync();
        prism = IsJudged ? await Prism.Before(new Uri(App.Urls.Single())) : null;
        Http = With(Key);
    }

    public virtual async Task DisposeAsync()
    {
        Http.Dispose();
        if (prism is not null)
        {
            await prism.DisposeAsync();
        }

        await App.DisposeAsync();
        await engine.DisposeAsync();
        Attachments.Delete(recursive: true);
    }

    /// <summary>The program is stopped and started again over the same store; clients of before lead nowhere.</summary>
    public async Task Restart()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        App = Server.Build(engine, With);
        await App.StartAsync();
        Http.Dispose();
        Http = With(Key);
    }

    public Engine Engine => engine;

    public string ConnectionString { get; private set; } = "";

    /// <summary>A new tenant, and a client that is its admin.</summary>
    public async Task<HttpClient> Tenant(string tenant, string zone = "UTC")
    {
        var setup = new TenantSetup(engine, tenant);
        await setup.Add(tenant, zone, default);
        return With(await setup.AdminKey(default));
    }

    /// <summary>A client that comes with this key or token; with none where it is null.</summary>
    public HttpClient With(string? credential)
    {
        var client = new HttpClient(new Documented(prism?.Way() ?? new SocketsHttpHandler())) { BaseAddress = new Uri(App.Urls.Single() + "/api/v1/") };
        if (credential is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", credential);
        }

        return client;
    }

    /// <summary>The tables in which a text stands in clear: none may hold what is known of a person.</summary>
    public async Task<IReadOnlyList<string>> TablesWith(string text)
    {
        var tables = new List<string>();
        await using (var command = engine.Database.CreateCommand("select schemaname || '.' || tablename from pg_tables where schemaname in ('public', 'crm')"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        var found = new List<string>();
        foreach (var table in tables)
        {
            await using var command = engine.Database.CreateCommand($"select exists (select from {table} x where strpos(x::text, $1) > 0)");
            command.Parameters.AddWithValue(text);
            if ((bool)(await command.ExecuteScalarAsync())!)
            {
                found.Add(table);
            }
        }

        return found;
    }

    /// <summary>How many events are stored, of all streams.</summary>
    public async Task<long> Events()
    {
        await using var command = engine.Database.CreateCommand("select count(*) from public.mt_events");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>What another program might do to the database.</summary>
    public async Task Sql(string statement)
    {
        await using var command = engine.Database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<Settings> Settings() => Api.Settings.From(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(More)
    {
        ["ConnectionStrings:Crm"] = ConnectionString = await TestCluster.NewDatabase(),
        ["Crm:MasterKey"] = Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)]),
        ["Crm:AttachmentFolder"] = Attachments.FullName,
        ["Crm:Zone"] = Zone,
        ["Crm:DevKey"] = Key,
        ["Crm:UnsafeWebhooks"] = "true",
        ["Crm:Port"] = "0"
    }).Build());
}

/// <summary>The same for a tenant in Shanghai, whose day begins at 16:00 UTC.</summary>
public class ShanghaiServer : CrmServer
{
    protected override string Zone => "Asia/Shanghai";
}

/// <summary>The same with Prism before it, where it can be run: for the journeys that go all the way.</summary>
public sealed class JudgedServer : CrmServer
{
    protected override bool IsJudged => Prism.IsHere || Prism.IsWanted;
}

/// <summary>Prism before the program of the tenant in Shanghai.</summary>
public sealed class JudgedShanghaiServer : ShanghaiServer
{
    protected override bool IsJudged => Prism.IsHere || Prism.IsWanted;
}
