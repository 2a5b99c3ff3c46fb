using System.CommandLine;
using System.Security.Cryptography;
using Crm.Api.Access;
using Crm.Api.Http.Shapes;
using Crm.EventStore;
using NodaTime;
using Npgsql;

namespace Crm.Api.Ops;

/// <summary>Makes tenants, and keys for those who look after them.</summary>
public static class TenantsVerb
{
    private static readonly Argument<string> Id = new("id") { Description = "The tenant: 1 to 40 of a-z, 0-9 and '-', beginning with a letter or digit." };

    public static Command Make() => new("tenants", "Make tenants, fully apart from each other.") { Add(), Key(), Analysts(), List() };

    private static Command Add()
    {
        var name = new Option<string?>("--name") { Description = "What people call it; left out, its id." };
        var zone = new Option<string?>("--zone") { Description = "Its IANA time zone, where its days begin; left out, Crm__Zone." };
        var verb = new Command("add", "Make a tenant with one member, admin, and print that member's key, this once.") { Id, name, zone };
        verb.SetAction((parsed, ct) => Run(parsed.GetRequiredValue(Id), async (engine, setup) =>
        {
            var wanted = parsed.GetValue(zone) ?? engine.Settings.Zone;
            if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(wanted) is null)
            {
                throw new InvalidOperationException($"--zone is '{wanted}', which is no IANA time zone such as UTC or Asia/Shanghai.");
            }

            var id = parsed.GetRequiredValue(Id);
            if ((await engine.Organisations.Of(id, ct)).Tenant is not null)
            {
                throw new InvalidOperationException($"There is a tenant '{id}' already; 'tenants key {id}' prints another key of its admin.");
            }

            await setup.Add(parsed.GetValue(name) is { } called ? Name(called) : id, wanted, ct);
            await TellKey(setup, id, ct);
        }, ct));
        return verb;
    }

    private static Command Key()
    {
        var verb = new Command("key", "Print a new key of the tenant's member admin, who is made where there is none.") { Id };
        verb.SetAction((parsed, ct) => Run(parsed.GetRequiredValue(Id), async (engine, setup) =>
        {
            var id = parsed.GetRequiredValue(Id);
            await MustBeThere(engine, id, ct);
            await TellKey(setup, id, ct);
        }, ct));
        return verb;
    }

    private static Command Analysts()
    {
        var remove = new Option<bool>("--remove") { Description = "Take the login away instead." };
        var verb = new Command("analysts", "Make a database login that reads the tenant's tables and nothing else, or give it another password; print it, this once.") { Id, remove };
        verb.SetAction((parsed, ct) => Run(parsed.GetRequiredValue(Id), async (engine, _) =>
        {
            var id = parsed.GetRequiredValue(Id);
            await MustBeThere(engine, id, ct);
            var analysts = new Analysts(engine.Database, id);
            if (parsed.GetValue(remove))
            {
                Console.WriteLine(await analysts.Forget(ct) ? $"{analysts.Login} is gone." : $"There is no {analysts.Login}.");
                return;
            }

            var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
            await analysts.Let(password, ct);
            var server = new NpgsqlConnectionStringBuilder(engine.Database.ConnectionString);
            Console.WriteLine($"The login of {id}'s analysts, told this once:");
            Console.WriteLine($"psql \"host={server.Host} port={server.Port} dbname={server.Database} user={analysts.Login} password={password}\"");
            if (engine.Settings.ConnectionString is null)
            {
                Console.WriteLine("The private PostgreSQL is reached from this machine only, by the user whom it belongs to; analysts elsewhere need a PostgreSQL of your own.");
            }
        }, ct));
        return verb;
    }

    private static Command List()
    {
        var verb = new Command("list", "The tenants there are.");
        verb.SetAction((_, ct) => CommandLine.Guard(async () =>
        {
            await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
            foreach (var tenant in await All(engine.Store, ct))
            {
                var organisation = await engine.Organisations.Of(tenant, ct);
                Console.WriteLine($"{tenant,-40} {organisation.Members.Count,6} members  {organisation.Tenant?.Zone ?? engine.Settings.Zone,-20} {organisation.Tenant?.Name}");
            }

            return 0;
        }));
        return verb;
    }

    private static async Task MustBeThere(Engine engine, string id, CancellationToken ct)
    {
        if (id != Caller.Developer.Tenant && (await engine.Organisations.Of(id, ct)).Members.Count == 0)
        {
            throw new InvalidOperationException($"There is no tenant '{id}'; 'tenants add {id}' makes it.");
        }
    }

    /// <summary>Those that were made, and the first one, which is there without being made, once anything is in it.</summary>
    internal static async Task<IReadOnlyList<string>> All(Store store, CancellationToken ct)
    {
        var made = await store.Tenants("access", ct);
        return made.Contains(Caller.Developer.Tenant) || !await store.Holds(Caller.Developer.Tenant, ct)
            ? made
            : [.. made.Append(Caller.Developer.Tenant).Order(StringComparer.Ordinal)];
    }

    /// <summary>A name as the API would take it.</summary>
    /// <exception cref="InvalidOperationException">It would not.</exception>
    internal static string Name(string text)
    {
        var faults = new Findings();
        var name = (string?)new TextShape(max: 200).Parse(text, Place.Query(faults).Member("--name"));
        return faults.First is { } fault ? throw new InvalidOperationException($"--name cannot be taken. {fault.Message}")
            : name ?? throw new InvalidOperationException("--name is empty; leave it out, and the tenant is called by its id.");
    }

    private static Task<int> Run(string tenant, Func<Engine, TenantSetup, Task> work, CancellationToken ct) => CommandLine.Guard(async () =>
    {
        if (!ApiKeyText.IsTenant(tenant))
        {
            throw new InvalidOperationException($"'{tenant}' cannot name a tenant. {Id.Description}");
        }

        await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
        await work(engine, new TenantSetup(engine, tenant));
        return 0;
    });

    private static async Task TellKey(TenantSetup setup, string tenant, CancellationToken ct)
    {
        var key = await setup.AdminKey(ct);
        Console.WriteLine($"The key of {tenant}'s admin, told this once:");
        Console.WriteLine(key);
    }
}
