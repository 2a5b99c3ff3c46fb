using Crm.Api.Http;
using Crm.Api.Imports.Runs;
using Crm.Domain;
using Crm.Domain.Forecasting;
using Crm.Domain.Forecasting.Trials;

namespace Crm.Api.Forecasting.Backtests;

/// <summary>Engines tried on history: at the beginning of each period each says what it would have said then.</summary>
/// <param name="Period"><c>month</c>, <c>quarter</c>, or <c>weeks</c>: single weeks, from Monday.</param>
/// <param name="From">Periods that begin on this day or later.</param>
/// <param name="To">Periods that are over before this day; left out, today.</param>
/// <param name="Engines">Left out, all that there are.</param>
/// <param name="FarPercent">Off by more than so much is far off.</param>
public sealed record BacktestRequest(
    ForecastPeriod Period, DateOnly From, DateOnly? To = null, IReadOnlyList<string>? Engines = null, [Text(80)] string? Pipeline = null,
    string? Team = null, string? Rep = null, string? Region = null, string? Product = null, [Text(3)] string? Currency = null,
    [Between(1, 100)] int FarPercent = 15)
{
    internal ForecastScope Scope => new(Pipeline, Team, Rep, Region, Product);
}

/// <summary>Back-tests that were asked for, newest first.</summary>
public sealed record BacktestList(IReadOnlyList<JobAnswer> Items);

/// <summary>How the report is wanted.</summary>
public enum ReportFormat { Json, Csv, Html }

public sealed record ReportQuestion(ReportFormat Format = ReportFormat.Json);

/// <summary>What came of a back-test.</summary>
/// <param name="AtPosition">Facts up to here in the log. Of each period what had occurred before it was used, whenever it was recorded.</param>
/// <param name="Parts">Engines as they were asked for, then what anybody could say without a model.</param>
public sealed record BacktestReport(
    string Period, DateOnly From, DateOnly To, ForecastScope Scope, string Currency, long AtPosition, int FarPercent,
    IReadOnlyList<BacktestPart> Parts);
