using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Shapes;

internal sealed partial class DateShape : WordShape
{
    protected override string Wanted => "text such as '2026-02-28'";

    public override object? Parse(string text, Place at) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : at.Wrong(Code.NotADate, WhyNot(text));

    /// <summary>Says of a text that has the form of a date why there is no such day.</summary>
    public static string WhyNot(string text)
    {
        if (Form().Match(text) is not { Success: true } match) return "A date is year, month and day: '2026-02-28'.";

        var (year, month) = (Number(match, 1), Number(match, 2));
        if (year == 0) return $"'{text}' is not a date: there is no year 0.";
        if (month is 0 or > 12) return $"'{text}' is not a date: there is no month {month}.";
        var name = CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month);
        return $"'{text}' is not a date: {name} {year} has {DateTime.DaysInMonth(year, month)} days.";
    }

    public override OpenApiSchema Inline(OpenApiDocument document) => new() { Type = JsonSchemaType.String, Format = "date", MaxLength = 10 };

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A([0-9]{4})-([0-9]{2})-([0-9]{2})\z")]
    private static partial Regex Form();
}

/// <summary>An instant in RFC 3339. Kept in UTC and cut, not rounded, to microseconds: the store knows nothing finer.</summary>
internal sealed partial class InstantShape : WordShape
{
    protected override string Wanted => "text such as '2026-02-28T09:30:00Z' or '2026-02-28T17:30:00+08:00'";

    public override object? Parse(string text, Place at)
    {
        if (Form().Match(text) is not { Success: true } match) return at.Wrong(Code.NotATime, HowTo(text));

        var day = match.Groups["day"].Value;
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return at.Wrong(Code.NotATime, DateShape.WhyNot(day));

        // More digits than ticks would be rounded by the parser, so the fraction is cut before.
        var (time, zone) = (match.Groups["time"].Value, match.Groups["zone"].Value.ToUpperInvariant());
        var micros = match.Groups["fraction"].Value.PadRight(6, '0')[..6];
        return DateTimeOffset.TryParseExact($"{day}T{time}.{micros}{zone}", "yyyy-MM-dd'T'HH:mm:ss.ffffffK", CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : at.Wrong(Code.NotATime, "There is no such time: hours go to 23, minutes and seconds to 59, offsets to 14:00.");
    }

    public override OpenApiSchema Inline(OpenApiDocument document) => new() { Type = JsonSchemaType.String, Format = "date-time", MaxLength = 46 };

    private string HowTo(string text) =>
        text.Contains(' ')
            ? $"A time is {Wanted}, without spaces; in a query, + has to be written as %2B."
            : $"A time has a day, a time and Z or an offset: {Wanted}.";

    [GeneratedRegex(
        @"\A(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})" +
        @"(\.(?<fraction>[0-9]{1,20}))?(?<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Form();
}

/// <summary>An instant, or a bare date.</summary>
internal sealed class MomentShape : WordShape
{
    private readonly DateShape dates = new();
    private readonly InstantShape instants = new();

    protected override string Wanted => "text such as '2026-02-28' or '2026-02-28T09:30:00Z'";

    public override object? Parse(string text, Place at)
    {
        var looksLikeOne = text.Length >= 8 && text[..4].All(char.IsAsciiDigit) && text[4] == '-';
        return !looksLikeOne ? at.Wrong(text.Length <= 10 ? Code.NotADate : Code.NotATime, $"'{Place.Echo(text)}' is no moment: write a day or a time, {Wanted}.")
            : (text.Length <= 10 ? dates : (WordShape)instants).Parse(text, at) switch
            {
                DateOnly day => Moment.OfDay(day),
                DateTimeOffset instant => Moment.Of(instant),
                _ => null
            };
    }

    public override OpenApiSchema Inline(OpenApiDocument document) => new()
    {
        Description = "An instant, or a bare date that stands for its first instant where the tenant is.",
        AnyOf = [instants.Describe(document), dates.Describe(document)]
    };
}
