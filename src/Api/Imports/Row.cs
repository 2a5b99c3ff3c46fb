using System.Text.Json;
using Crm.Api.Imports.Files;
using Crm.Domain.DataSources;
using Crm.EventModel;

namespace Crm.Api.Imports;

/// <summary>One row of a file.</summary>
/// <param name="line">Where the row begins, from 1.</param>
/// <param name="fault">Why it cannot be read as a row of this file; null when it can.</param>
/// <param name="plain">Of each cell, whether the file itself says that it is a number or a date, and so how it is written; null where none is.</param>
internal sealed class Row(Headings headings, string[] values, Cells cells, int line, RowRemark? fault, bool[]? plain = null)
{
    // A row is kept whole, but none is kept that would fill the store.
    private const int MostKept = 1 << 18;

    public int Line => line;

    public RowRemark? Fault => fault;

    /// <summary>What the cell says; null when nothing.</summary>
    public string? this[string column] =>
        headings.Columns.TryGetValue(column, out var at) && at < values.Length ? cells.Read(column, values[at]) : null;

    /// <summary>The same row, not to be taken.</summary>
    public Row With(RowRemark reason) => new(headings, values, cells, line, reason, plain);

    /// <summary>Whether the cell is a number with a point or a date by ISO 8601, however the mapping says that they are written.</summary>
    public bool IsPlain(string column) => plain is not null && headings.Columns.TryGetValue(column, out var at) && plain[at];

    /// <summary>The cells as they stand.</summary>
    public ReadOnlySpan<string> Values => values;

    /// <inheritdoc cref="Cells.Quote"/>
    public string Quote(string text) => cells.Quote(text);

    /// <summary>What the columns say, joined; null when one of them says nothing.</summary>
    public string? Key(IReadOnlyList<string> of)
    {
        var parts = of.Select(column => this[column]).ToList();
        return parts.Contains(null) ? null
            : parts.Count == 1 ? parts[0]
            : string.Join('|', parts.Select(part => part!.Replace("\\", "\\\\").Replace("|", "\\|")));
    }

    /// <summary>All cells as they stand, by their headings; what is beyond them by its number.</summary>
    public string ToJson()
    {
        var (all, left) = (new Dictionary<string, string>(StringComparer.Ordinal), MostKept);
        foreach (var (i, value) in values.Index())
        {
            all[headings.NameOf(i)] = value.Length <= left ? value : string.Concat(value.AsSpan(0, left), "…");
            left = Math.Max(left - value.Length, 0);
        }

        return JsonSerializer.Serialize(all, EventTypes.Json);
    }
}
