using Crm.Api.Imports.Files;

namespace Crm.Api.Imports;

/// <summary>
/// The files that a mapping speaks of, all looked at before anything is written: whether they are there, have the columns that are asked for,
/// and how many rows.
/// </summary>
internal sealed class SourceFiles
{
    private SourceFiles(IReadOnlyList<SourceFile> records, Lookups lookups) => (Records, Lookups) = (records, lookups);

    /// <summary>In the order in which they are read: who is named comes before who names.</summary>
    public IReadOnlyList<SourceFile> Records { get; }

    public Lookups Lookups { get; }

    /// <param name="path">A folder with the files; or one file of records, with the lookups beside it.</param>
    /// <exception cref="ImportProblem">Something is missing.</exception>
    public static SourceFiles Look(string path, Mapping mapping)
    {
        var kinds = Kinds(path, mapping);
        var lookups = new Lookups();
        var opened = new Dictionary<TableName, TableFile>();
        var asked = mapping.Lookups.Select(lookup => (lookup.Table, Beside(path, lookup.Table.File)));
        foreach (var (table, file) in kinds.Select(kind => (kind.Kind.Table, kind.Path)).Concat(asked).Distinct())
        {
            opened.Add(table, TableFile.Open(file, mapping.Text, mapping.Cells, table.Sheet));
        }

        foreach (var use in mapping.Uses.Where(use => opened.ContainsKey(use.Table)))
        {
            opened[use.Table].Needs(use.Column, use.Place);
        }

        if (mapping.Cells.Aliases.Keys.FirstOrDefault(column => !opened.Values.Any(file => file.Columns.ContainsKey(column))) is { } strange)
        {
            throw new ImportProblem($"No file has a column '{strange}', which aliases.{strange} of the mapping speaks of.");
        }

        foreach (var lookup in mapping.Lookups)
        {
            lookups.Add(lookup, opened[lookup.Table]);
        }

        var named = kinds.SelectMany(kind => kind.Kind.Names).ToHashSet();
        return new SourceFiles([.. kinds.Select(kind => SourceFile.Look(kind.Kind, Open(kind.Kind), named.Contains(kind.Kind.Name)))], lookups);

        TableFile Open(RecordKind kind) => opened[kind.Table].With(mapping.Cells with { ArePersonal = kind.IsPersonal });
    }

    private static IReadOnlyList<(RecordKind Kind, string Path)> Kinds(string path, Mapping mapping)
    {
        if (Directory.Exists(path))
        {
            return [.. mapping.Kinds.Select(kind => (kind, Path.Combine(path, kind.Table.File)))];
        }

        if (!File.Exists(path))
        {
            throw new ImportProblem($"There is no file or folder {path}.");
        }

        var named = mapping.Kinds.Where(kind => kind.Table.File == Path.GetFileName(path)).ToList();
        return named.Count > 0 ? [.. named.Select(kind => (kind, path))]
            : mapping.Kinds is [var only] ? [(only, path)]
            : throw new ImportProblem($"{Path.GetFileName(path)} is none of the mapping's files " +
                $"({string.Join(", ", mapping.Kinds.Select(kind => kind.Table.File).Distinct())}); name one of these, or their folder.");
    }

    private static string Beside(string path, string file) =>
        Path.Combine(Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!, file);
}

/// <summary>A file of records.</summary>
/// <param name="Keys">All keys in it, where other records name them; otherwise none.</param>
internal sealed record SourceFile(RecordKind Kind, TableFile File, long Rows, IReadOnlySet<string> Keys)
{
    public static SourceFile Look(RecordKind kind, TableFile file, bool isNamed)
    {
        var (rows, keys) = (0L, new HashSet<string>(StringComparer.Ordinal));
        foreach (var row in file.Rows())
        {
            rows++;
            if (isNamed && row.Fault is null && row.Key(kind.Key) is { } key)
            {
                keys.Add(key);
            }
        }

        return new SourceFile(kind, file, rows, keys);
    }
}
