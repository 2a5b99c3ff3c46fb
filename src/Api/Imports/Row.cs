using System.Text.Json;
using Crm.Domain.DataSources;
using Crm.EventModel;

namespace Crm.Api.Imports;

/// <summary>One row of a file.</summary>
/// <param name="columns">Where each column stands.</param>
/// <param name="line">Where the row begins, from 1.</param>
/// <param name="fault">Why it cannot be read as a row of this file; null when it can.</param>
internal sealed class Row(IReadOnlyDictionary<string, int> columns, string[] values, Cells cells, int line, RowRemark? fault)
{
    public int Line => line;

    public RowRemark? Fault => fault;

    /// <summary>What the cell says; null when nothing.</summary>
    public string? this[string column] =>
        columns.TryGetValue(column, out var at) && at < values.Length ? cells.Read(column, values[at]) : null;

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
        var headings = columns.ToDictionary(column => column.Value, column => column.Key);
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (i, value) in values.Index())
        {
            all[headings.GetValueOrDefault(i, $"#{i + 1}")] = value;
        }

        return JsonSerializer.Serialize(all, EventTypes.Json);
    }
}
