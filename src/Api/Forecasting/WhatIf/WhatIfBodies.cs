using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Forecasting;

namespace Crm.Api.Forecasting;

/// <summary>What is taken to be otherwise; each kind may be left out. They come one after another in the order in which they stand here.</summary>
/// <param name="Settings">How odds are learned and age, instead of what the playbook said.</param>
/// <param name="WinRates">Other chances.</param>
/// <param name="Drop">Opportunities that come to nothing.</param>
/// <param name="Slip">Opportunities that are decided on other days.</param>
/// <param name="Add">Opportunities that are not there.</param>
public sealed record WhatIfRequest(
    ForecastSettingsRequest? Settings = null, [Items(50)] IReadOnlyList<AssumedOddsRequest>? WinRates = null,
    [Items(50)] IReadOnlyList<WhichRequest>? Drop = null, [Items(50)] IReadOnlyList<SlipRequest>? Slip = null,
    [Items(50)] IReadOnlyList<AssumedDealRequest>? Add = null);

/// <summary>What is left out stays as the forecast had it.</summary>
public sealed record ForecastSettingsRequest(
    [Between(0, 10_000)] int? Pooling = null, [Between(1, 100)] int? StalePercent = null, [Between(1, 3650)] int? StaleDays = null);

/// <summary>Open opportunities that are all of what is said.</summary>
public sealed record WhichRequest(
    [Items(200)] IReadOnlyList<Guid>? Opportunities = null, Guid? Customer = null, [Text(80)] string? Pipeline = null,
    [Text(80)] string? Stage = null, [Text(80)] string? Team = null, [Text(80)] string? Rep = null) : IChecked
{
    internal Which Which => new(Opportunities, Customer, Pipeline, Stage, Team, Rep);

    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if ((Opportunities, Customer, Pipeline, Stage, Team, Rep) == default)
            yield return ("opportunities", Code.Missing, "Say of which opportunities this is assumed.");
    }
}

/// <param name="Percent">Of a hundred so many are won; while they are fresh.</param>
/// <param name="Times">Or so many times as many as are won.</param>
public sealed record AssumedOddsRequest(WhichRequest Of, decimal? Percent = null, decimal? Times = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (Percent is null == Times is null)
            yield return ("percent", Code.NotTogether, "Send either percent or times.");
        if ((Percent ?? 0) is < 0 or > 100)
            yield return ("percent", Code.OutOfRange, "Send a number from 0 to 100.");
        if ((Times ?? 0) is < 0 or > 100)
            yield return ("times", Code.OutOfRange, "Send a number from 0 to 100.");
    }
}

/// <param name="Days">Later; earlier where it is less than 0.</param>
public sealed record SlipRequest(WhichRequest Of, [Between(-3650, 3650)] int Days);

/// <param name="Amount">In the forecast's currency.</param>
public sealed record AssumedDealRequest(
    Money Amount, [Text(80)] string Stage, DateOnly ExpectedClose, [Text(80)] string? Pipeline = null, [Text(80)] string? Team = null,
    [Text(80)] string? Rep = null);

/// <param name="Value">The forecast's own total.</param>
/// <param name="Total">What it would be.</param>
/// <param name="Difference">The shares come to it, to the cent.</param>
/// <param name="Shares">One for each thing that was assumed, in the order in which they come.</param>
public sealed record WhatIfAnswer(Guid Id, Money Value, ForecastFigure Total, Money Difference, IReadOnlyList<AssumedShareAnswer> Shares);

/// <param name="Assumption"><c>settings</c>, <c>winRates</c>, <c>drop</c>, <c>slip</c> or <c>add</c>.</param>
/// <param name="Value">What it adds after those before it.</param>
/// <param name="Opportunities">How many give another value by it.</param>
public sealed record AssumedShareAnswer(string Assumption, string Value, int Opportunities);
