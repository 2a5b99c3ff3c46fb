using System.Collections.Concurrent;
using Crm.Domain;
using Crm.Domain.Conditions;
using Crm.Domain.CustomFields;
using Crm.Domain.DataSources;
using Crm.Domain.Playbooks;
using NodaTime;

namespace Crm.Api.Imports;

/// <summary>What rows are read with: the mapping, the files it asks, and whose ids, dates and clock count.</summary>
/// <param name="Playbook">Without gates: what a file tells has happened.</param>
internal sealed record Reading(Mapping Mapping, Lookups Lookups, string Tenant, DateTimeZone Zone, Playbook Playbook, DateTimeOffset Now)
{
    private readonly ConcurrentDictionary<FieldRecord, RecordFields> own = new();

    /// <summary>The fields that the playbook adds to a kind of record.</summary>
    public RecordFields OwnFields(FieldRecord record) =>
        own.GetOrAdd(record, static (which, playbook) => RecordFields.Of(playbook.Document, which), Playbook);

    public Guid IdOf(string kind, string key) => StreamId.From(Tenant, kind, $"{Mapping.Source}:{key}");
}

/// <summary>A record that another one names by its key.</summary>
internal sealed record Reference(string Kind, string Key, Field Field);

/// <summary>Reads the fields of one row and gathers what there is to remark; goes on after a fault, so that all are told.</summary>
internal sealed class RowReader(Row row, Reading reading)
{
    private readonly List<RowRemark> faults = [];
    private readonly List<RowRemark> notes = [];
    private readonly List<Reference> references = [];

    public Reading Reading => reading;

    public Playbook Playbook => reading.Playbook;

    /// <summary>Why the row cannot be taken; null when it can.</summary>
    public RowRemark? SetAside => faults.FirstOrDefault();

    /// <summary>Everything else that is missing or wrong.</summary>
    public IReadOnlyList<RowRemark> Notes => [.. faults.Skip(1).Concat(notes).Where(note => note != SetAside).Distinct()];

    public IReadOnlyList<Reference> References => references;

    public bool Holds(IReadOnlyDictionary<string, IReadOnlyList<string>>? when) =>
        when is null || when.All(condition => row[condition.Key] is { } value && condition.Value.Contains(value));

    public void Refuse(string reason, string message, string? field = null) => faults.Add(new RowRemark(reason, message, field));

    /// <summary>Something to be looked at, although the row is taken.</summary>
    public void Note(string reason, string message, string? field = null) => notes.Add(new RowRemark(reason, message, field));

    /// <summary>Whether the row says anything there; without a remark when it does not.</summary>
    public bool Says(Field field) => field.From.Read(row, reading.Lookups) is not { Text: null, Fault: null };

    /// <summary>What stands there, without a remark and without translation where that fails.</summary>
    public string? Raw(Field? field) => field is null ? null
        : (field.From is Translated translated ? translated.From : field.From).Read(row, reading.Lookups).Text;

    /// <summary>What it says, without a remark where it is not understood.</summary>
    public string? Silent(Field? field) => field?.From.Read(row, reading.Lookups).Text;

    public string? Text(Field? field) => Read(field).Text;

    public decimal? Number(Field? field) => Read(field) is not { Text: { } text } said ? null : NumbersOf(said).Parse(text) ??
        Wrong<decimal>("bad-number", $"{row.Quote(text)} in {field!.Column} is not a number written as the mapping says.", field);

    public int? Whole(Field? field) => Number(field) is not { } number ? null : number == decimal.Truncate(number) && Math.Abs(number) <= int.MaxValue
        ? (int)number
        : Wrong<int>("bad-number", $"{field!.Column} has to be a whole number.", field);

    public Money? Amount(Field? field)
    {
        if (Number(field) is not { } number)
        {
            return null;
        }

        if (Math.Abs(number) > Money.Limit)
        {
            Refuse("bad-number", $"The number in {field!.Column} lies beyond any amount; is its unit right?", field.Column);
            return null;
        }

        var money = Money.Of(number, reading.Mapping.Currency);
        if (money.Amount != number)
        {
            notes.Add(new RowRemark("rounded", $"{field!.Column} has more decimals than {money.Currency} has; {money} is taken.", field.Column));
        }

        return money;
    }

    public DateTimeOffset? Moment(Field? field)
    {
        if (Read(field) is not { Text: { } text } said)
        {
            return null;
        }

        if (DatesOf(said).Moment(text, reading.Zone) is not { } moment)
        {
            return BadDate<DateTimeOffset>(text, field!);
        }

        return moment <= reading.Now + Call.MostAhead ? moment : Wrong<DateTimeOffset>(
            "time.ahead", $"{field!.Column} lies in the future, and facts have happened.", field);
    }

    public DateOnly? Day(Field? field) =>
        Read(field) is not { Text: { } text } said ? null : DatesOf(said).Day(text) ?? BadDate<DateOnly>(text, field!);

    public T? Choice<T>(Field? field) where T : struct, Enum =>
        Text(field) is not { } text ? null : Enum.GetNames<T>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<T>(name)
            : Wrong<T>("unknown-value", $"{row.Quote(text)} in {field!.Column} is none of: {string.Join(", ", Enum.GetNames<T>())}.", field);

    /// <summary>The value of a field that the playbook adds, in normal form: a number or a day is read as the mapping says.</summary>
    public string? Own(Field field, CustomField own)
    {
        var text = own.Section.Type switch
        {
            FieldType.Number => Number(field) is { } number ? Operand.Text(number) : null,
            FieldType.Date => Day(field) is { } day ? Operand.Text(day) : null,
            _ => Text(field)
        };
        if (text is null)
        {
            return null;
        }

        var (value, error, message) = own.Read(new WrittenValue(text, WrittenForm.Word));
        if (value is null)
        {
            Refuse(
                error == ConditionError.TooLong ? "too-long" : "unknown-value",
                $"{row.Quote(text)} in {field.Column} cannot be {own.Field.Name}: {message}", field.Column);
        }

        return value;
    }

    /// <summary>The id of the record that is named; there or not, it is the same.</summary>
    public Guid? Reference(Field? field, string kind)
    {
        if (Text(field) is not { } key)
        {
            return null;
        }

        references.Add(new Reference(kind, key, field!));
        return reading.IdOf(kind, key);
    }

    private Said Read(Field? field)
    {
        if (field is null)
        {
            return default;
        }

        var said = field.From.Read(row, reading.Lookups);
        if (said.Fault is { } fault)
        {
            // What is only unknown may be done without; what is not understood may not.
            (field.IfMissing == IfMissing.SetAside || fault.Reason == "unknown-value" ? faults : notes).Add(fault);
        }
        else if (said.Text is null && field.IfMissing != IfMissing.Ignore)
        {
            (field.IfMissing == IfMissing.SetAside ? faults : notes).Add(Missing(field));
        }

        return said;
    }

    private NumberFormat NumbersOf(Said said) => said.IsPlain ? NumberFormat.Json : reading.Mapping.Numbers;

    private DateFormat DatesOf(Said said) => said.IsPlain ? DateFormat.Iso : reading.Mapping.Dates;

    private T? BadDate<T>(string text, Field field) where T : struct => Wrong<T>(
        "bad-date", $"{row.Quote(text)} in {field.Column} is not a date written as the mapping says: " +
            $"{string.Join(" or ", reading.Mapping.Dates.Patterns)}.", field);

    private T? Wrong<T>(string reason, string message, Field field) where T : struct
    {
        Refuse(reason, message, field.Column);
        return null;
    }

    private static RowRemark Missing(Field field) => field.Reason == "undated"
        ? new RowRemark("undated", $"{field.Column} has no date, so this cannot be placed in time.", field.Column)
        : new RowRemark(field.Reason, $"{field.Column} is empty, so there is no {Spaced(field.Reason[3..])}.", field.Column);

    private static string Spaced(string name) => name.Replace('-', ' ');
}
