using Crm.Api.Imports.Files;

namespace Crm.Api.Imports;

/// <summary>A file that is asked for what another file's rows name.</summary>
internal sealed record Lookup(string Name, TableName Table, string Key);

/// <summary>The rows of all lookups by their keys, in memory.</summary>
internal sealed class Lookups
{
    private readonly Dictionary<string, (Lookup Lookup, Dictionary<string, Row> Rows)> known = [];

    public void Add(Lookup lookup, TableFile file)
    {
        var rows = new Dictionary<string, Row>(StringComparer.Ordinal);
        foreach (var row in file.Rows())
        {
            if (row.Fault is { } fault)
            {
                throw new ImportProblem($"{file.Name}, line {row.Line}: {fault.Message}");
            }

            if (row[lookup.Key] is { } key && !rows.TryAdd(key, row) && rows[key].ToJson() != row.ToJson())
            {
                throw new ImportProblem(
                    $"{file.Name} has '{key}' in {lookup.Key} twice, in lines {rows[key].Line} and {row.Line}, " +
                    "with different values; a lookup takes one.");
            }
        }

        known.Add(lookup.Name, (lookup, rows));
    }

    public Row? Find(string lookup, string key) => known[lookup].Rows.GetValueOrDefault(key);

    public string FileOf(string lookup) => known[lookup].Lookup.Table.File;
}
