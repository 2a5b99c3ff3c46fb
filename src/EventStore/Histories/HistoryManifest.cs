using System.Text.Encodings.Web;
using System.Text.Json;

namespace Crm.EventStore.Histories;

/// <summary>What a folder with a history holds. It is written last, at one go: a folder without it was cut off.</summary>
/// <param name="Epoch">The life of the store that it was taken from.</param>
/// <param name="Position">Everything up to here is in it, and nothing after it.</param>
/// <param name="Stamp">When that position was recorded.</param>
/// <param name="Tenant">Null for all of them.</param>
/// <param name="HasKeys">Whether it holds the keys of what is personal, and of webhooks; without them that can never be read.</param>
/// <param name="MasterKey">A text that only the master key opens by which those keys are wrapped.</param>
/// <param name="Tenants">How much of each tenant.</param>
public sealed record HistoryManifest(
    string Format, int Version, DateTimeOffset TakenAt, string Epoch, long Position, DateTimeOffset Stamp, string? Tenant, bool HasKeys, string? MasterKey,
    IReadOnlyDictionary<string, TenantCount> Tenants, IReadOnlyList<HistoryFile> Files)
{
    public const string FileName = "manifest.json";
    public const string OurFormat = "eventsourcedcrm-history";
    public const int OurVersion = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <summary>How many attached files were not to be found in their folder, and so are not here.</summary>
    public int MissingContents { get; init; }

    public long Events => Tenants.Values.Sum(tenant => tenant.Events);

    public long Rows => Files.Sum(file => file.Rows);

    /// <exception cref="HistoryProblem">There is none, or it cannot be understood.</exception>
    public static async Task<HistoryManifest> Read(string folder, CancellationToken ct)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new HistoryProblem($"{folder} has no {FileName}: it is no export, or one that was cut off.");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize<HistoryManifest>(await File.ReadAllBytesAsync(path, ct), Json);
            return manifest switch
            {
                { Format: OurFormat, Version: OurVersion, Files: not null, Tenants: not null, Epoch: not null } => manifest,
                { Format: OurFormat, Version: > OurVersion } => throw new HistoryProblem($"{path} is of format {manifest.Version}, and this program knows {OurVersion}: load it with a newer one."),
                _ => throw new HistoryProblem($"{path} is no manifest of an export of ours.")
            };
        }
        catch (JsonException error)
        {
            throw new HistoryProblem($"{path}, line {error.LineNumber + 1}: it is no JSON any more ({error.Message}).");
        }
    }

    /// <summary>Puts it in its place at one go.</summary>
    public async Task Write(string folder, CancellationToken ct)
    {
        var draft = Path.Combine(folder, $"{FileName}.tmp");
        await using (var file = File.Create(draft))
        {
            await JsonSerializer.SerializeAsync(file, this, Json, ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, Path.Combine(folder, FileName));
    }
}

/// <param name="Types">How many of each type of event.</param>
public sealed record TenantCount(long Streams, long Events, IReadOnlyDictionary<string, long> Types);

/// <param name="Name">In the folder.</param>
/// <param name="Table">Which rows these are.</param>
/// <param name="Bytes">As it stands there, compressed.</param>
public sealed record HistoryFile(string Name, string Table, long Rows, long Bytes, string Sha256);
