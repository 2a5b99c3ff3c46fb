using System.CommandLine;
using System.Globalization;
using Crm.Api.Webhooks.Sending;
using Crm.EventStore.Histories;

namespace Crm.Api.Ops;

/// <summary>Writes the whole history to a folder, and puts it into an empty store again.</summary>
public static class HistoryVerbs
{
    public static Command Export()
    {
        var path = new Argument<string>("path") { Description = "A folder that is empty, or not there yet." };
        var tenant = new Option<string?>("--tenant") { Description = "Only what is this tenant's; left out, all there is." };
        var upto = new Option<string?>("--upto") { Description = "Up to this position, or what was recorded before this moment (2026-11-01T00:00:00Z); left out, up to now." };
        var bare = new Option<bool>("--without-keys") { Description = "Leave out the keys of what is personal, and of webhooks: nobody can ever read that in such an export." };
        var verb = new Command("export", "Write the whole history to a folder: lines of JSON, with a manifest and checksums.") { path, tenant, upto, bare };
        verb.SetAction((parsed, ct) => CommandLine.Guard(async () =>
        {
            var (position, moment) = Until(parsed.GetValue(upto));
            await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
            var wish = new HistoryWish(parsed.GetValue(tenant), position, moment, WithKeys: !parsed.GetValue(bare));
            await MustBeThere(engine, wish.Tenant, ct);
            HistoryManifest manifest = null!;
            await Progress.Phases(async progress =>
                manifest = await new HistoryExport(engine.Database, TimeProvider.System) { Contents = engine.Contents }.Write(parsed.GetRequiredValue(path), wish, progress, ct));
            Tell(manifest);
            return 0;
        }));
        return verb;
    }

    public static Command Load()
    {
        var path = new Argument<string>("path") { Description = "A folder that 'export' has written." };
        var check = new Option<bool>("--check") { Description = "Only look whether the folder is whole." };
        var verb = new Command("load", "Put a history that was exported into an empty store: all of it or nothing.") { path, check };
        verb.SetAction((parsed, ct) => CommandLine.Guard(async () =>
        {
            var folder = await HistoryFolder.Open(parsed.GetRequiredValue(path), ct);
            if (parsed.GetValue(check))
            {
                await Progress.Phases(progress => folder.MustBeWhole(progress, ct));
                Console.WriteLine("The export is whole.");
            }
            else
            {
                await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
                await Progress.Phases(progress => new HistoryLoad(engine.Database, Outbox.Progress) { Contents = engine.Contents }.Run(folder, engine.MasterKey.Opens, progress, ct));
                CommandLine.Say.Report("The read models are made of it …");
                await engine.CatchUp(null, ct);
            }

            Tell(folder.Manifest);
            return 0;
        }));
        return verb;
    }

    private static (long? Position, DateTimeOffset? Moment) Until(string? text) => text is null ? (null, null)
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? (position, null)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? (null, moment)
        : throw new FormatException($"'{text}' is neither a position nor a moment such as 2026-11-01T00:00:00Z.");

    private static async Task MustBeThere(Engine engine, string? tenant, CancellationToken ct)
    {
        if (tenant is not null && tenant != Caller.Developer.Tenant && (await engine.Organisations.Of(tenant, ct)).Members.Count == 0)
        {
            throw new InvalidOperationException($"There is no tenant '{tenant}'.");
        }
    }

    private static void Tell(HistoryManifest manifest)
    {
        foreach (var (tenant, count) in manifest.Tenants.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"{tenant,-24} {count.Streams,12:N0} streams {count.Events,12:N0} events");
        }

        if (manifest.MissingContents > 0)
        {
            Console.WriteLine($"{manifest.MissingContents:N0} attached files are NOT in it: they were not found in their folder.");
        }

        Console.WriteLine($"Up to position {manifest.Position} of epoch {manifest.Epoch}, {manifest.Files.Count} files, {manifest.Files.Sum(file => file.Bytes) / 1048576.0:N1} MiB" +
            $"{(manifest.HasKeys ? "; the keys in it open with the master key of its store only" : "; without keys: what is personal in it cannot be read")}.");
    }
}
