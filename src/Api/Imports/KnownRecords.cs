using System.Collections.Concurrent;
using Crm.Domain.DataSources;

namespace Crm.Api.Imports;

/// <summary>Which records there are for others to name: those in the files at hand, and those imported before.</summary>
internal sealed class KnownRecords(StreamReader streams, Reading reading, IReadOnlyList<SourceFile> files)
{
    private readonly ConcurrentDictionary<(string Kind, string Key), Task<bool>> asked = new();

    public IReadOnlyList<SourceFile> Files => files;

    public async Task<IReadOnlyList<RowRemark>> Missing(Row row, IReadOnlyList<Reference> references, CancellationToken ct)
    {
        var missing = new List<RowRemark>();
        foreach (var (kind, key, field) in references)
        {
            if (!files.Any(file => file.Kind.Name == kind && file.Keys.Contains(key)) && !await asked.GetOrAdd((kind, key), _ => IsStored(kind, key, ct)))
            {
                missing.Add(new RowRemark($"{field.Name}-unknown",
                    $"{row.Quote(key)} in {field.Column} is not in the files of {(kind is "opportunity" ? "opportunities" : kind + "s")}; it is kept, and holds as soon as there is one.", field.Column));
            }
        }

        return missing;
    }

    private async Task<bool> IsStored(string kind, string key, CancellationToken ct) =>
        (await streams.Read(reading.IdOf(kind, key), atStart: false, ct)).Count > 0;
}
