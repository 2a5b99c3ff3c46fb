using System.Globalization;
using Crm.Api.Exports;
using Crm.Domain.Forecasting.Trials;

namespace Crm.Api.Forecasting.Backtests;

/// <summary>A back-test as a file for spreadsheets: a row for each engine and period.</summary>
internal static class BacktestSheet
{
    private static readonly string[] Head = ["engine", "from", "to", "currency", "said", "low", "high", "happened", "offPercent", "held"];

    public static async Task Write(BacktestReport report, Stream to, CancellationToken ct)
    {
        await using var sheet = new CsvSheet(to);
        await sheet.Write(Head, ct);
        foreach (var part in report.Parts)
        {
            foreach (var trial in part.Trials)
            {
                await sheet.Write(Cells(part.Engine, report.Currency, trial), ct);
            }
        }

        await sheet.Flush(ct);
    }

    private static string[] Cells(string engine, string currency, ForecastTrial trial) =>
    [
        engine, Text(trial.From), Text(trial.To), currency, Text(trial.Said), Text(trial.Low), Text(trial.High), Text(trial.Happened),
        Text(trial.OffPercent), trial.Held is { } held ? held ? "true" : "false" : ""
    ];

    private static string Text(IFormattable? value) => value switch
    {
        null => "",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => value.ToString(null, CultureInfo.InvariantCulture)
    };
}
