using Crm.Domain.DataSources;

namespace Crm.Api.Imports;

/// <summary>What becomes of a row in which a field says nothing.</summary>
internal enum IfMissing { Ignore, Note, SetAside }

/// <summary>A member of a command, and where its value comes from.</summary>
/// <param name="Column">What a remark names: the column that is asked first, or else the place in the mapping.</param>
/// <param name="Reason">The code of a remark that it is missing.</param>
internal sealed record Field(string Name, string Column, string Reason, Origin From, IfMissing IfMissing);

/// <summary>What a row says in a place: a text, nothing, or something that is not understood.</summary>
/// <param name="IsPlain">It is a number with a point or a date by ISO 8601, since the file itself says so.</param>
internal readonly record struct Said(string? Text, RowRemark? Fault = null, bool IsPlain = false);

/// <summary>Where a value comes from.</summary>
internal abstract record Origin
{
    /// <summary>The columns of the row itself that it looks at.</summary>
    public abstract IEnumerable<string> Columns { get; }

    public abstract Said Read(Row row, Lookups lookups);
}

internal sealed record FromColumn(string Column) : Origin
{
    public override IEnumerable<string> Columns => [Column];

    public override Said Read(Row row, Lookups lookups) => new(row[Column], IsPlain: row.IsPlain(Column));
}

internal sealed record Constant(string Text) : Origin
{
    public override IEnumerable<string> Columns => [];

    public override Said Read(Row row, Lookups lookups) => new(Text);
}

/// <summary>A text with columns in it; nothing when one of them says nothing.</summary>
/// <param name="Parts">Texts and columns in turn; a text comes first.</param>
internal sealed record Template(IReadOnlyList<string> Parts) : Origin
{
    public override IEnumerable<string> Columns => Parts.Where((_, i) => i % 2 == 1);

    public override Said Read(Row row, Lookups lookups)
    {
        var said = Parts.Select((part, i) => i % 2 == 0 ? part : row[part]).ToList();
        return new(said.Contains(null) ? null : string.Concat(said));
    }
}

/// <summary>A column of another file, in the row whose key this row's column names.</summary>
internal sealed record FromLookup(string Lookup, string By, string Column) : Origin
{
    public override IEnumerable<string> Columns => [By];

    public override Said Read(Row row, Lookups lookups) => row[By] is not { } key ? new(null)
        : lookups.Find(Lookup, key) is { } found ? new(found[Column], IsPlain: found.IsPlain(Column))
        : new(null, new RowRemark("lookup-unknown", $"{row.Quote(key)} in {By} is not in {lookups.FileOf(Lookup)}.", By));
}

/// <summary>The first that says something.</summary>
internal sealed record FirstOf(IReadOnlyList<Origin> From) : Origin
{
    public override IEnumerable<string> Columns => From.SelectMany(origin => origin.Columns);

    public override Said Read(Row row, Lookups lookups)
    {
        var all = From.Select(origin => origin.Read(row, lookups)).ToList();
        return all.Find(said => said.Text is not null) is { Text: not null } first ? first : all.Find(said => said.Fault is not null);
    }
}

/// <summary>A value translated by a closed list: what is not on it is not understood.</summary>
internal sealed record Translated(Origin From, string Column, IReadOnlyDictionary<string, string> Map) : Origin
{
    public override IEnumerable<string> Columns => From.Columns;

    public override Said Read(Row row, Lookups lookups)
    {
        var said = From.Read(row, lookups);
        return said.Text is not { } text ? said : Map.TryGetValue(text, out var meant) ? new(meant)
            : new(null, new RowRemark(
                "unknown-value", $"{row.Quote(text)} in {Column} is not known to the mapping; it knows: {string.Join(", ", Map.Keys)}.", Column));
    }
}
