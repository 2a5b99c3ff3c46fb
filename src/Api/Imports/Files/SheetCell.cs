using System.Globalization;
using ExcelDataReader;

namespace Crm.Api.Imports.Files;

/// <summary>A cell of a sheet as text: numbers with a point, dates by ISO 8601, and nothing where it holds an error.</summary>
internal static class SheetCell
{
    /// <returns>The text, and whether the cell is a number or a date by itself.</returns>
    public static (string Text, bool IsPlain) Of(IExcelDataReader book, int column) => book.GetValue(column) switch
    {
        null => ("", false),
        string text => (text, false),
        bool truth => (truth ? "true" : "false", false),
        DateTime { TimeOfDay.Ticks: 0 } day => (day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), true),
        DateTime moment => (Seconds(moment).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), true),
        TimeSpan span => (span.ToString("c", CultureInfo.InvariantCulture), true),
        double number => (Number(number), true),
        var other => (Convert.ToString(other, CultureInfo.InvariantCulture) ?? "", true)
    };

    // A sheet keeps times as parts of a day, so that a full second is hardly ever one to the last digit.
    private static DateTime Seconds(DateTime moment) => new(
        (moment.Ticks + TimeSpan.TicksPerSecond / 2) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Unspecified);

    // Fifteen digits, as many as a sheet shows: 0.1 + 0.2 is 0.3.
    private static string Number(double number) => Math.Abs(number) < 1e28 && (number == 0 || Math.Abs(number) > 1e-12)
        ? ((decimal)number).ToString(CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture);
}
