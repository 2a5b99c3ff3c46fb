using System.Globalization;
using System.Text.RegularExpressions;

namespace Crm.Domain.Conditions;

/// <summary>Values of conditions, from text and back to it.</summary>
public static partial class Operand
{
    private const int Longest = 1000;

    /// <summary>The value, or why there is none.</summary>
    public static (object? Value, ConditionError Error, string? Message) Read(Field field, WrittenValue written, Func<DateOnly, DateTimeOffset> dayBegins)
    {
        var text = written.Text;
        return field.Kind switch
        {
            FieldKind.Number when written.Form is WrittenForm.Number or WrittenForm.Word => Number(text) is { } number
                ? Good(number) : Wrong(ConditionError.WrongType, $"{field.Name} is compared with a number: digits with at most one point."),
            FieldKind.Number => Wrong(ConditionError.WrongType, $"{field.Name} is compared with a number, without quotes."),
            FieldKind.Truth when written.Form is WrittenForm.Truth or WrittenForm.Word && bool.TryParse(text, out var truth) => Good(truth),
            FieldKind.Truth => Wrong(ConditionError.WrongType, $"{field.Name} is compared with true or false, without quotes."),
            _ when written.Form is WrittenForm.Number or WrittenForm.Truth => Wrong(
                field.Kind == FieldKind.Amount ? ConditionError.NotAnAmount : ConditionError.WrongType, $"{field.Name} is compared with text, in quotes."),
            FieldKind.Amount => Number(text) is { } amount
                ? Good(amount) : Wrong(ConditionError.NotAnAmount, "An amount is digits with at most one point, such as 1054.00; it has no currency here."),
            FieldKind.Id => Guid.TryParseExact(text, "D", out var id)
                ? Good(id) : Wrong(ConditionError.BadId, "An id is 32 hexadecimal digits with dashes, such as 0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52."),
            FieldKind.Day => Day(text) is { } day ? Good(day) : Wrong(ConditionError.NotADate, $"{field.Name} is compared with a day of the calendar, such as 2026-02-28."),
            FieldKind.Instant when text.Length <= 10 => Day(text) is { } day
                ? Good(dayBegins(day)) : Wrong(ConditionError.NotADate, $"{field.Name} is compared with a day or a time, such as 2026-02-28 or 2026-02-28T09:30:00Z."),
            FieldKind.Instant => Instant(text) is { } instant
                ? Good(instant) : Wrong(ConditionError.NotATime, $"{field.Name} is compared with a day or a time with Z or an offset, such as 2026-02-28T09:30:00Z."),
            _ when text.Length > Longest => Wrong(ConditionError.TooLong, $"A text may have at most {Longest} characters here."),
            _ when text.Any(char.IsControl) => Wrong(ConditionError.BadText, "The text holds a control character."),
            _ => Good(text)
        };
    }

    /// <summary>A value as text that <see cref="Read"/> reads again.</summary>
    public static string Text(object value) => value switch
    {
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!
    };

    private static decimal? Number(string text) =>
        NumberForm().IsMatch(text) && decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    // Cut to microseconds, as everything that is stored is.
    private static DateTimeOffset? Instant(string text) =>
        InstantForm().Match(text) is { Success: true } match && DateTimeOffset.TryParseExact(
            $"{match.Groups["second"].Value}.{match.Groups["fraction"].Value.PadRight(6, '0')[..6]}{match.Groups["zone"].Value}", "yyyy-MM-dd'T'HH:mm:ss.ffffffK",
            CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;

    private static (object?, ConditionError, string?) Good(object value) => (value, default, null);

    private static (object?, ConditionError, string?) Wrong(ConditionError error, string message) => (null, error, message);

    [GeneratedRegex(@"\A-?[0-9]{1,28}(\.[0-9]{1,20})?\z")]
    private static partial Regex NumberForm();

    [GeneratedRegex(@"\A(?<second>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]{1,20}))?(?<zone>Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex InstantForm();
}
