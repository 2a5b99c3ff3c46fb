using System.Globalization;
using System.Net;
using System.Text;
using Crm.Domain.Forecasting.Trials;

namespace Crm.Api.Forecasting.Backtests;

/// <summary>A back-test as one page that needs nothing beside it: figures, what was said against what happened, and how sure chances were.</summary>
internal static class BacktestPage
{
    private const int Width = 860;
    private const int Height = 260;
    private const int Margin = 40;

    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:920px;padding:0 1em;color:#222}table{border-collapse:collapse;margin:1em 0}
        th,td{padding:.25em .8em;border-bottom:1px solid #ddd;text-align:right}th:first-child,td:first-child{text-align:left}svg{background:#fafafa;width:100%;height:auto}
        .band{fill:#9ec5e8;opacity:.5}.said{stroke:#1a66a8;fill:none;stroke-width:2}.happened{stroke:#c25e00;fill:none;stroke-width:2}.even{stroke:#999;stroke-dasharray:4}text{font-size:11px;fill:#555}
        """;

    public static string Of(BacktestReport report)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Back-test</title><style>").Append(Style).Append("</style>");
        page.Append(CultureInfo.InvariantCulture,
            $"<h1>Back-test by {Safe(report.Period)}</h1><p>{report.From:yyyy-MM-dd} to {report.To:yyyy-MM-dd}, {Safe(report.Currency)}, facts up to position {report.AtPosition}. ")
            .Append("Each period is said from what had occurred before it. Far off is more than ")
            .Append(CultureInfo.InvariantCulture, $"{report.FarPercent} %.</p>")
            .Append("<table><tr><th>Engine<th>Periods<th>MAPE<th>WAPE<th>Bias<th>Held<th>Far off<th>Brier</tr>");
        foreach (var part in report.Parts)
        {
            var f = part.Figures;
            page.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{Safe(part.Engine)}<td>{f.Trials}<td>{Percent(f.Mape)}<td>{Percent(f.Wape)}<td>{Percent(f.Bias)}<td>{Percent(f.Coverage)}<td>{f.FarOff}<td>{part.Chances?.Brier}</tr>");
        }

        page.Append("</table>");
        foreach (var part in report.Parts.Where(part => part.Trials.Count > 0))
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{Safe(part.Engine)}</h2>");
            Series(page, part.Trials);
            if (part.Chances is { Curve.Count: > 0 } chances)
                Curve(page, chances);
        }

        return page.Append("</html>").ToString();
    }

    private static void Series(StringBuilder page, IReadOnlyList<ForecastTrial> trials)
    {
        var most = Math.Max(1, trials.Max(trial => Math.Max(Math.Max(trial.Said, trial.High ?? 0), trial.Happened)));
        page.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"said and happened, period by period\">");
        if (trials.All(trial => trial.Held is not null))
        {
            var there = trials.Select((trial, i) => Point(X(i), Y(trial.High!.Value)));
            var back = trials.Select((trial, i) => Point(X(i), Y(trial.Low!.Value))).Reverse();
            page.Append(CultureInfo.InvariantCulture, $"<polygon class=\"band\" points=\"{string.Join(' ', there.Concat(back))}\"/>");
        }

        Line("happened", trial => trial.Happened);
        Line("said", trial => trial.Said);
        page.Append(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"14\">{most:0}</text><text x=\"{Margin}\" y=\"{Height - 8}\">{trials[0].From:yyyy-MM-dd}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Margin - 60}\" y=\"{Height - 8}\">{trials[^1].From:yyyy-MM-dd}</text></svg><p>Blue: said, with its interval. Orange: happened.</p>");

        void Line(string kind, Func<ForecastTrial, decimal> of) => page.Append(
            CultureInfo.InvariantCulture, $"<polyline class=\"{kind}\" points=\"{string.Join(' ', trials.Select((trial, i) => Point(X(i), Y(of(trial)))))}\"/>");

        decimal X(int i) => Margin + (Width - 2m * Margin) * i / Math.Max(1, trials.Count - 1);
        decimal Y(decimal value) => Height - Margin - (Height - 2m * Margin) * value / most;
    }

    private static void Curve(StringBuilder page, ChanceFigures chances)
    {
        page.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"chance said and share won\">")
            .Append(CultureInfo.InvariantCulture, $"<line class=\"even\" x1=\"{X(0)}\" y1=\"{Y(0)}\" x2=\"{X(1)}\" y2=\"{Y(1)}\"/>")
            .Append(CultureInfo.InvariantCulture, $"<polyline class=\"said\" points=\"{string.Join(' ', chances.Curve.Select(bin => Point(X(bin.Said), Y(bin.Happened))))}\"/></svg>")
            .Append(CultureInfo.InvariantCulture, $"<p>Chance that was said (across) and share that was won (up), of {chances.Decided} decided since; calibration error {chances.CalibrationError}.</p>");

        static decimal X(decimal share) => Margin + (Width - 2m * Margin) * share;
        static decimal Y(decimal share) => Height - Margin - (Height - 2m * Margin) * share;
    }

    private static string Point(decimal x, decimal y) => string.Create(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#}");

    private static string Percent(decimal? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known * 100:0.0} %") : "";

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
