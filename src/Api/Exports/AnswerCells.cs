using System.Globalization;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Api.Tasks;
using Crm.Domain;
using Crm.Domain.CustomFields;
using Crm.EventModel;

namespace Crm.Api.Exports;

/// <summary>
/// Answers as rows of a spreadsheet: their members, in their order; a list is one cell, and so are an amount of money and what a record is
/// about. All amounts of a record are in one currency, which
/// stands behind the first of them.
/// </summary>
/// <param name="members">Those shown, of all that the answer has.</param>
/// <param name="own">Of the fields that the playbook adds the keys of those shown, in their order: a column each.</param>
internal sealed class AnswerCells(Type answer, IReadOnlySet<string> members, IReadOnlyList<string> own)
{
    private const string Currency = "currency";

    private readonly IReadOnlyList<(string Member, RowColumn Column)> columns =
        [.. RecordList.MembersOf(answer).Where(member => members.Contains(member.Name)).Select(member => (member.Name, member.Column))];

    private readonly string? firstAmount = RecordList.MembersOf(answer)
        .FirstOrDefault(member => members.Contains(member.Name) && member.Column.Type == typeof(Money)).Name;

    public IReadOnlyList<string> Headings => [.. columns.SelectMany(c =>
        c.Member == firstAmount ? [c.Member, Currency]
        : ListField.HoldsOwn(c.Column) ? own.Select(key => CustomValues.Prefix + key)
        : (IEnumerable<string>)[c.Member])];

    public IEnumerable<string> Of(object row) => columns.SelectMany(c =>
        c.Member == firstAmount ? [Cell(c.Column.Get(row)), CurrencyOf(row)]
        : c.Column.Get(row) is IReadOnlyDictionary<string, string> values ? own.Select(key => values.GetValueOrDefault(key, ""))
        : (IEnumerable<string>)[Cell(c.Column.Get(row))]);

    /// <summary>The texts of a list in one cell: <c>;</c> between them, and <c>\</c> before one of these two in a text.</summary>
    public static string Joined(IEnumerable<string> texts) =>
        string.Join(';', texts.Select(text => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(";", @"\;", StringComparison.Ordinal)));

    private string CurrencyOf(object row) => columns.Select(c => c.Column.Get(row)).OfType<Money>().FirstOrDefault()?.Currency ?? "";

    private static string Cell(object? value) => value switch
    {
        null => "",
        string text => text,
        Money money => money.ToString(),
        AboutAnswer about => $"{about.Kind}:{about.Id}",
        DateTimeOffset instant => AnswerJson.Text(instant),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        Guid or int or long or decimal => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)!,
        IReadOnlyList<string> texts => Joined(texts),
        _ => throw new NotSupportedException($"A {value.GetType().Name} has no cell.")
    };
}
