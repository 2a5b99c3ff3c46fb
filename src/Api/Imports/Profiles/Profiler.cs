using System.Collections.Frozen;
using Crm.Api.Imports.Files;

namespace Crm.Api.Imports.Profiles;

/// <summary>Looks through somebody's files and says what stands in them, and with which mapping to begin. Nothing is written.</summary>
public static class Profiler
{
    private const int FirstFaults = 100;

    // So many values of all columns together, and so many rows, are remembered by a number each; what is beyond that is estimated.
    private const int MostValues = 4_000_000, MostRows = 2_000_000;

    private static readonly string[] Tables = [".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".ndjson", ".jsonl", ".json"];

    // What a mapping seals.
    private static readonly string[] Personal = ["contact", "email", "phone", "message"];

    private static readonly Cells AsTheyStand = new(FrozenSet<string>.Empty, new Dictionary<string, IReadOnlyDictionary<string, string>>());

    /// <param name="path">A file, or a folder of which every table is looked at.</param>
    /// <param name="currency">Of all amounts; null where a person has to be asked, unless the files say it.</param>
    /// <exception cref="ImportProblem">There is no such file, or it cannot be read.</exception>
    public static ImportProfile Look(string path, string? currency = null, CancellationToken ct = default)
    {
        var scans = Directory.Exists(path)
            ? Directory.EnumerateFiles(path).Where(file => Tables.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal)
                .SelectMany(file => OfFolder(file, ct)).ToList()
            : [.. Of(path, ct)];
        if (scans.Count == 0)
        {
            throw new ImportProblem($"There is no table in {path}: no CSV, XLSX or NDJSON.");
        }

        var (mapping, questions) = new MappingProposal(Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), scans, currency).Make();
        return new ImportProfile([.. scans.Select(scan => scan.Profile)], mapping, questions);
    }

    // One file of a folder that cannot be read does not keep the others from being looked at.
    private static IEnumerable<FileScan> OfFolder(string path, CancellationToken ct)
    {
        try
        {
            return Of(path, ct).ToList();
        }
        catch (ImportProblem problem)
        {
            return [new FileScan(new FileProfile(Path.GetFileName(path), null, "unreadable", null, null, 0, new Dictionary<string, long>(), [], [], 0, true, [problem.Message]), [])];
        }
    }

    private static IEnumerable<FileScan> Of(string path, CancellationToken ct)
    {
        if (!File.Exists(path) || FirstBytes.Of(path) != FileContent.Zip)
        {
            return [Of(TableFile.Open(path, new TextFormat(), AsTheyStand), null, ct)];
        }

        var sheets = XlsxFile.Sheets(path);
        return sheets.Where(sheet => sheets.Count == 1 || !XlsxFile.IsEmpty(path, sheet))
            .Select(sheet => Of(TableFile.Open(path, new TextFormat(), AsTheyStand, sheet), sheets.Count == 1 ? null : sheet, ct)).ToList();
    }

    private static FileScan Of(TableFile file, string? sheet, CancellationToken ct)
    {
        var budget = new DistinctBudget(MostValues);
        var columns = Enumerable.Range(0, file.Headings.Width).Select(i => new ColumnScan(file.Headings.NameOf(i), budget)).ToArray();
        var (rows, good, faults, first, same) = (0L, 0L, new SortedDictionary<string, long>(StringComparer.Ordinal), new List<FaultProfile>(), new DistinctCounter(new DistinctBudget(MostRows)));
        var repeated = 0L;
        foreach (var row in file.Rows())
        {
            ct.ThrowIfCancellationRequested();
            rows++;
            if (row.Fault is { } fault)
            {
                faults[fault.Reason] = faults.GetValueOrDefault(fault.Reason) + 1;
                if (first.Count < FirstFaults)
                {
                    first.Add(new FaultProfile(row.Line, fault.Reason, fault.Message));
                }

                continue;
            }

            good++;
            var hash = 0UL;
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i].Add(row.Values[i]);
                hash = (hash * 31) ^ DistinctCounter.Hash(row.Values[i]);
            }

            same.Add(hash);
            repeated = same.IsExact ? same.Repeated : repeated;
        }

        ColumnProfile[] profiles = [.. columns.Select(column => column.Profile(good))];
        var profile = new FileProfile(
            file.Name, sheet, file.Format, TextOf(file), null, rows, faults, first, profiles, repeated, same.IsExact, [.. Warnings(file, profiles)]);
        var kind = FileKind.Of(profile);
        var personal = (kind?.Name == "contacts" ? [.. Personal, "name"] : Personal).Select(member => kind?[member]?.Name).OfType<string>().ToHashSet();
        return new FileScan(profile with { Kind = kind?.Name, Columns = [.. profiles.Select(column => personal.Contains(column.Name) ? column.AsPersonal() : column)] }, columns);
    }

    private static TextProfile? TextOf(TableFile file) => file switch
    {
        CsvFile csv => new TextProfile(csv.Encoding.Name, csv.Encoding.How, csv.Encoding.Confidence, csv.Delimiter.ToString(), LineEndsProfile.Of(csv.Ends)),
        NdjsonFile json => new TextProfile(json.Encoding.Name, json.Encoding.How, json.Encoding.Confidence, null, null),
        _ => null
    };

    private static IEnumerable<string> Warnings(TableFile file, IReadOnlyList<ColumnProfile> columns)
    {
        foreach (var name in file.Headings.Repeated)
        {
            yield return $"Two columns are called '{name}'; here they are '{name}#1' and '{name}#2'.";
        }

        foreach (var column in columns)
        {
            if (column.AmbiguousDates > 0)
            {
                yield return $"{column.AmbiguousDates:N0} dates in '{column.Name}' can be read as day and month or as month and day.";
            }

            if (column.Dates.Count > 1)
            {
                yield return $"The dates in '{column.Name}' are written in {column.Dates.Count} ways: {string.Join(", ", column.Dates.Select(pattern => $"{pattern.Key} ({pattern.Value:N0})"))}.";
            }

            if (column.OfType < column.Filled)
            {
                yield return $"{column.Filled - column.OfType:N0} values in '{column.Name}' are no {column.Type}.";
            }
        }

        if (file is CsvFile { Ends: var ends } && new[] { ends.Crlf, ends.Lf, ends.Cr }.Count(count => count > 0) > 1)
        {
            yield return $"Lines end in different ways: {ends.Crlf:N0} in CR LF, {ends.Lf:N0} in LF, {ends.Cr:N0} in CR.";
        }
    }
}

/// <summary>A file as it was looked through.</summary>
internal sealed record FileScan(FileProfile Profile, IReadOnlyList<ColumnScan> Columns);
