using System.Globalization;
using System.Text.RegularExpressions;
using Crm.EventStore.Contents;
using Crm.EventStore.Histories;
using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.Api.Exports;

/// <summary>
/// Exports of the whole history that lie beside each other in a folder: a new one every so often, the oldest taken away once the new one is there and found
/// whole. What was cut off is never taken for an export.
/// </summary>
/// <param name="every">How long after one the next is due.</param>
/// <param name="kept">How many stay.</param>
public sealed partial class RawExports(NpgsqlDataSource database, string folder, TimeSpan every, int kept, TimeProvider clock)
{
    private const string Right = "crm.exports";
    private const string Partly = ".part";
    private const string Form = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Files that are attached to records.</summary>
    public SealedContents? Contents { get; init; }

    /// <summary>Those that are there, the newest first.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Path)> All() => Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder).Select(path => (At: TakenAt(path), path)).Where(export => export.At is not null && File.Exists(Path.Combine(export.path, HistoryManifest.FileName)))
            .Select(export => (export.At!.Value, export.path)).OrderByDescending(export => export.Item1)]
        : [];

    /// <summary>When the next one is due; the past where there is none.</summary>
    public DateTimeOffset Due => All() is [var (newest, _), ..] ? newest + every : DateTimeOffset.MinValue;

    /// <summary>Writes one if it is due. Null where it is not, or where another process is at it.</summary>
    public async Task<HistoryManifest?> TakeIfDue(CancellationToken ct)
    {
        if (Due > clock.GetUtcNow())
        {
            return null;
        }

        await using var right = await Sole.Try(database, Right, useOrLose: false, ct);

        // Another may have written one before it gave the right back.
        return right is null || Due > clock.GetUtcNow() ? null : await Take(ct);
    }

    private async Task<HistoryManifest> Take(CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        foreach (var cutOff in Directory.EnumerateDirectories(folder, "*" + Partly).Where(path => TakenAt(path[..^Partly.Length]) is not null))
        {
            Directory.Delete(cutOff, recursive: true);
        }

        var path = Path.Combine(folder, $"history-{clock.GetUtcNow().UtcDateTime.ToString(Form, CultureInfo.InvariantCulture)}");
        var manifest = await new HistoryExport(database, clock) { Contents = Contents }.Write(path + Partly, new HistoryWish(), null, ct);
        await (await HistoryFolder.Open(path + Partly, ct)).MustBeWhole(null, ct);
        Directory.Move(path + Partly, path);
        foreach (var (_, old) in All().Skip(kept))
        {
            // Whoever looks meanwhile finds no manifest, and so no export.
            File.Delete(Path.Combine(old, HistoryManifest.FileName));
            Directory.Delete(old, recursive: true);
        }

        return manifest;
    }

    private static DateTimeOffset? TakenAt(string path) => Name().Match(Path.GetFileName(path)) is { Success: true } match
        && DateTimeOffset.TryParseExact(match.Groups[1].ValueSpan, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    [GeneratedRegex(@"\Ahistory-([0-9]{8}T[0-9]{6}Z)\z")]
    private static partial Regex Name();
}
