using System.Globalization;

namespace Crm.Domain.DailyReports;

/// <summary>Whoever has not told what his day was is reminded, and his superior hears of it.</summary>
public static class TellOfDailyReport
{
    public const string Reminder = "daily-report-due";
    public const string Missing = "daily-report-missing";

    /// <returns>The kind of the alert, and what it is told with.</returns>
    public static (string Kind, IReadOnlyDictionary<string, string> Params) Of(DailyReportMissed missed, string to) => (
        to == missed.Member ? Reminder : Missing,
        new Dictionary<string, string>
        {
            ["day"] = missed.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["dueAt"] = missed.DueAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["member"] = missed.Member
        });
}
