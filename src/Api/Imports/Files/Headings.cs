namespace Crm.Api.Imports.Files;

/// <summary>The names of a file's columns. One that comes twice is known by its number among them: <c>amount#1</c>, <c>amount#2</c>.</summary>
internal sealed class Headings
{
    private const int MostListed = 60;

    private readonly string[] names, said;

    /// <param name="cells">As they stand in the file; a blank one names no column.</param>
    public Headings(IEnumerable<string> cells)
    {
        said = [.. cells.Select(cell => cell.Trim())];
        var counts = said.Where(name => name.Length > 0).CountBy(name => name).ToDictionary(StringComparer.Ordinal);
        var (seen, columns) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        names = new string[said.Length];
        foreach (var (i, name) in said.Index())
        {
            names[i] = name.Length == 0 ? $"#{i + 1}" : counts[name] == 1 ? name : $"{name}#{seen[name] = seen.GetValueOrDefault(name) + 1}";
            if (name.Length > 0)
            {
                columns.TryAdd(names[i], i);
            }
        }

        Columns = columns;
        Repeated = counts.Where(count => count.Value > 1).Select(count => count.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Where each column stands.</summary>
    public IReadOnlyDictionary<string, int> Columns { get; }

    /// <summary>Names that more than one column has.</summary>
    public IReadOnlySet<string> Repeated { get; }

    /// <summary>How many columns there are, with and without names.</summary>
    public int Width => names.Length;

    /// <summary>The names for a person who looks for one.</summary>
    public string Listed => names.Length <= MostListed
        ? string.Join(", ", Columns.Keys)
        : $"{string.Join(", ", Columns.Keys.Take(MostListed))} … {Columns.Count} in all";

    /// <summary>Whether a cell only repeats its heading.</summary>
    public bool IsHeading(string cell, int place) => said[place] == cell.Trim();

    /// <summary>What the column at a place is called; one without a name, or beyond all of them, by its number.</summary>
    public string NameOf(int place) => place < names.Length ? names[place] : $"#{place + 1}";
}
