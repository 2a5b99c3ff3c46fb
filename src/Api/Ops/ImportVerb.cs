using System.CommandLine;
using Crm.Api.Imports;
using NodaTime;

namespace Crm.Api.Ops;

/// <summary>Brings a company's files in, by a mapping, and waits until the read models show them.</summary>
public static class ImportVerb
{
    private static readonly Option<string> Tenant = new("--tenant") { Description = "Whose it becomes.", DefaultValueFactory = _ => Caller.Developer.Tenant, Recursive = true };

    public static Command Make()
    {
        var path = new Argument<string>("path") { Description = "The folder with the company's files, or one of them." };
        var mapping = new Option<string>("--mapping") { Description = "How the files become leads, customers and opportunities: a JSON file, see docs/importing.md.", Required = true };
        var verb = new Command("import", "Bring a company's files in, by a mapping. Said again, nothing changes.") { path, mapping, Tenant };
        verb.SetAction((parsed, ct) => Run(() => Mapping.Load(parsed.GetRequiredValue(mapping)), parsed.GetRequiredValue(path), parsed.GetRequiredValue(Tenant), ct));
        foreach (var shipped in (string[])["maventech", "x-education"])
        {
            verb.Add(Shipped(shipped));
        }

        verb.Add(ProfileVerb.Make());
        return verb;
    }

    private static Command Shipped(string name)
    {
        var path = new Argument<string>("path") { Description = "The folder with the files." };
        var verb = new Command(name, $"Import with the mapping samples/mappings/{name}.json.") { path };
        verb.SetAction((parsed, ct) => Run(() => Mapping.Shipped(name), parsed.GetRequiredValue(path), parsed.GetRequiredValue(Tenant), ct));
        return verb;
    }

    private static Task<int> Run(Func<Mapping> mapping, string path, string tenant, CancellationToken ct) => CommandLine.Guard(async () =>
    {
        var loaded = mapping();
        await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
        var importer = new Importer(engine.Store, engine.Commands, engine.Captures, engine.Sealer, await ZoneOf(engine, tenant, ct), TimeProvider.System);
        ImportReport report = null!;
        await Progress.Phases(async progress => report = await importer.Run(path, loaded, new Caller(tenant, "import"), new Rows(progress), ct));
        await engine.CatchUp(null, ct);
        Tell(report);
        return 0;
    });

    private static async Task<DateTimeZone> ZoneOf(Engine engine, string tenant, CancellationToken ct)
    {
        var organisation = await engine.Organisations.Of(tenant, ct);
        return organisation.Members.Count > 0 || tenant == Caller.Developer.Tenant
            ? engine.Organisations.ZoneOf(organisation)
            : throw new InvalidOperationException($"There is no tenant '{tenant}': make it with 'tenants add {tenant}'.");
    }

    private static void Tell(ImportReport report)
    {
        foreach (var kind in report.Kinds)
        {
            Console.WriteLine($"{kind.Kind,-12} {kind.File}: {kind.Rows:N0} rows, {kind.New:N0} new, {(kind.Attached > 0 ? $"{kind.Attached:N0} attached to known leads, " : "")}{kind.Continued:N0} continued, {kind.Unchanged:N0} unchanged");
            foreach (var (reason, rows) in kind.SetAside.OrderBy(r => r.Key, StringComparer.Ordinal))
            {
                Console.WriteLine($"{"",-12} set aside  {reason,-28} {rows,8:N0}");
            }

            foreach (var (reason, rows) in kind.Noted.OrderBy(r => r.Key, StringComparer.Ordinal))
            {
                Console.WriteLine($"{"",-12} noted      {reason,-28} {rows,8:N0}");
            }
        }

        Console.WriteLine($"{report.Events:N0} events written in {report.Took.TotalSeconds:0.0} s, up to position {report.Position}.");
        if (report.Kinds.Any(kind => kind.SetAside.Count + kind.Noted.Count > 0))
        {
            Console.WriteLine("Rows that were set aside or noted: GET /api/v1/imports/rows");
        }
    }

    private sealed class Rows(IProgress<EventStore.ReadModels.RebuildProgress> progress) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) =>
            progress.Report(new EventStore.ReadModels.RebuildProgress("Importing rows", value.Done, value.Total));
    }
}
