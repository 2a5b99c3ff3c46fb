using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Forecasting;
using Crm.Projections;
using Crm.Projections.Forecasting;

namespace Crm.Api.Forecasting;

/// <summary>A forecast of what is open, of a period, as of any moment. What is left out of pipeline, team, rep, region and product
/// is any.</summary>
/// <param name="Period">The month or the quarter that <c>day</c> lies in; of weeks, so many from that day on.</param>
/// <param name="Day">Left out, the day of the moment that is asked about.</param>
/// <param name="Weeks">Of weeks: how many.</param>
/// <param name="Currency">Opportunities in another are left out, and counted; left out, what the playbook says, or that of most.</param>
/// <param name="Engine">By which it is computed; left out, what the playbook says, or <c>stage-weighted/1</c>.</param>
/// <param name="AsOf">Only what had occurred before this moment; left out, now.</param>
/// <param name="KnownAt">Only what had been recorded before this moment; left out, all that is known.</param>
/// <param name="At">Both at once: the forecast as it would have been made at this moment.</param>
public sealed record RunForecastRequest(
    ForecastPeriod Period, DateOnly? Day = null, [Between(1, 53)] int Weeks = 13, [Text(80)] string? Pipeline = null, string? Team = null,
    string? Rep = null, string? Region = null, string? Product = null, [Text(3)] string? Currency = null, Moment? AsOf = null,
    Moment? KnownAt = null, Moment? At = null, [Text(40)] string? Engine = null)
{
    internal ForecastScope Scope => new(Pipeline, Team, Rep, Region, Product);
}

public sealed record ForecastQuestion(
    Times Times, ListWords Words, string? Pipeline = null, string? Team = null, string? Rep = null, string? Period = null,
    [Text(40)] string? Schedule = null, string? State = null)
    : IListQuestion
{
    public Asked Asked => Asked.Of(
        Times, Words, ("pipeline", Pipeline), ("team", Team), ("rep", Rep), ("period", Period), ("schedule", Schedule), ("state", State));
}

/// <param name="Schedule">Its key in the playbook.</param>
public sealed record CurrentForecastQuestion([Text(40)] string Schedule);

public sealed record ContributionQuestion(Page Page);

public sealed record RestateForecastRequest;

/// <param name="Corrected">With all that is known by now of the time before its moment; left out, as it was known then.</param>
/// <param name="FromEvents">Folds every opportunity's events instead of reading the rows that are kept of them: slower, and comes
/// to the same.</param>
public sealed record ReplayForecastRequest(bool Corrected = false, bool FromEvents = false);

/// <param name="Period"><c>weeks</c>, <c>month</c> or <c>quarter</c>.</param>
/// <param name="SpanFrom">The first day that it is made for.</param>
/// <param name="SpanTo">The day after the last one.</param>
/// <param name="AsOf">Facts that occurred before this.</param>
/// <param name="AtPosition">Facts up to here in the log.</param>
/// <param name="Playbook">The version of the rules; 0 where none were published.</param>
/// <param name="Total">What is to be expected of what was open.</param>
/// <param name="Won">What was won in the span already; it is not in the total.</param>
/// <param name="Hash">SHA-256, in hexadecimal, over all that was computed.</param>
/// <param name="State"><c>accepted</c>; <c>held</c> where it moved too far since the last one, and somebody has to look at it first;
/// <c>refused</c> where he did not let it stand.</param>
/// <param name="Schedule">The key of the schedule that ran it; null where somebody did.</param>
/// <param name="DueAt">For which moment it did.</param>
/// <param name="Restates">The forecast that it says anew.</param>
/// <param name="RestatedBy">The forecast that says it anew.</param>
[Sparse]
public sealed record ForecastAnswer(
    Guid Id, DateTimeOffset RanAt, string Engine, string? Pipeline, string? Team, string? Rep, string? Region, string? Product,
    string Period, DateOnly SpanFrom, DateOnly SpanTo, DateTimeOffset AsOf, long AtPosition, long Playbook, Money Total, Money Won,
    string Hash, string State, string? Schedule, DateTimeOffset? DueAt, Guid? Restates, Guid? RestatedBy)
{
    public static readonly RecordList<ForecastList.Row, ForecastAnswer> List = new(
        "forecast", Catalog.Forecasts, "ranAt", (row, _, _, _) => Task.FromResult(Of(row)),
        shownIn: new Dictionary<string, string> { ["currency"] = "total" });

    internal static ForecastAnswer Of(ForecastList.Row r) => new(
        r.ForecastId, r.RanAt, r.Engine, r.Pipeline, r.Team, r.Rep, r.Region, r.Product, r.Period, r.SpanFrom, r.SpanTo, r.AsOf,
        r.AtPosition, r.Playbook, Money.Of(r.Total, r.Currency), Money.Of(r.Won, r.Currency), r.Hash,
        r.State, r.Schedule, r.DueAt, r.Restates, r.RestatedBy);
}

/// <summary>What a schedule came to last.</summary>
/// <param name="Forecast">The last one that stands; null where none does yet.</param>
/// <param name="Held">A later one that moved too far, and waits for somebody to look at it; null where there is none.</param>
public sealed record CurrentForecastAnswer(string Schedule, ForecastAnswer? Forecast, ForecastAnswer? Held);

/// <summary>Why a forecast is held, or was.</summary>
/// <param name="Accepted">The forecast that it is held against.</param>
/// <param name="Before">What that came to, what was won in the span too.</param>
/// <param name="MovedPercent">By how many of a hundred it moved; less than 0 where it fell.</param>
/// <param name="Percent">How far it may go.</param>
/// <param name="Causes">The deals, teams and products that moved it most, the largest of each first.</param>
/// <param name="ApprovalId">Where that is decided.</param>
public sealed record ForecastHeldAnswer(
    Guid Accepted, string Before, string Now, decimal MovedPercent, int Percent, IReadOnlyList<MoveCauseAnswer> Causes, Guid ApprovalId)
{
    internal static ForecastHeldAnswer Of(ForecastHeld held, string currency) => new(
        held.Accepted, Money.Of(held.Before, currency).ToString(), Money.Of(held.Now, currency).ToString(), held.MovedPercent, held.Percent,
        [.. held.Causes.Select(cause => new MoveCauseAnswer(cause.By, cause.Name, Signed(cause.Effect, currency), cause.What))],
        held.ApprovalId);

    // Amounts of money are never less than nothing, and what they moved by may be.
    private static string Signed(decimal amount, string currency) =>
        $"{(amount < 0 ? "-" : "")}{Money.Of(Math.Abs(amount), currency)}";
}

/// <param name="By"><c>source</c>, <c>factor</c>, <c>deal</c>, <c>team</c>, <c>rep</c> or <c>product</c>.</param>
/// <param name="Name">The opportunity's id, the key of the factor or the source, or what the team, rep or product is called; null of
/// those of which it is not known, and of all that no factor did.</param>
/// <param name="Effect">By how much it moved the whole.</param>
/// <param name="What">Of a deal: <c>new</c>, <c>gone</c>, <c>won</c> or <c>changed</c>; of a source: <c>new</c>, <c>gone</c>, <c>stale</c>,
/// <c>other-reading</c> or <c>same-reading</c>.</param>
public sealed record MoveCauseAnswer(string By, string? Name, string Effect, string? What);

/// <param name="Count">How many opportunities.</param>
/// <param name="Amount">If all of them were won.</param>
/// <param name="Value">As is to be expected.</param>
public sealed record ForecastFigure(int Count, string Amount, string Value)
{
    internal static ForecastFigure Of(ForecastSum sum, string currency) =>
        new(sum.Count, Money.Of(sum.Amount, currency).ToString(), Money.Of(sum.Value, currency).ToString());
}

/// <param name="Name">Null of those of which it is not known.</param>
public sealed record ForecastPartAnswer(string? Name, ForecastFigure Figure);

/// <param name="Forecast">All that the list of forecasts says of it.</param>
/// <param name="Manifest">All that it is a function of, beside the facts.</param>
/// <param name="Parts">By category, pipeline, product, region, rep, stage and team: the parts of each come to the total, to the
/// cent.</param>
/// <param name="LeftOut">What was open and is not in the figures.</param>
/// <param name="Model">SHA-256, in hexadecimal, over the odds and ages that it was computed with.</param>
/// <param name="Low">Of the outlook.</param>
/// <param name="Outlook">What is won in the span in all; null where its engine says nothing of what is not there yet.</param>
/// <param name="Weighed">What factors made of it; null where its engine asks for none.</param>
/// <param name="Shadows">What other engines make of the same. They count for nothing.</param>
/// <param name="Held">Why it is held, or was; null where it never was.</param>
public sealed record ForecastDetailAnswer(
    ForecastAnswer Forecast, ForecastManifest Manifest, ForecastFigure Total, ForecastFigure Won,
    IReadOnlyDictionary<string, IReadOnlyList<ForecastPartAnswer>> Parts, ForecastLeftOut LeftOut, string Model, string? Low, string? High,
    ForecastOutlook? Outlook, FactorTotalsAnswer? Weighed, IReadOnlyList<ForecastShadowAnswer> Shadows, ForecastHeldAnswer? Held)
{
    internal static ForecastDetailAnswer Of(ForecastAnswer forecast, Forecast known)
    {
        var run = known.Run!;
        var (totals, currency) = (run.Totals, run.Manifest.Currency);
        return new(
            forecast, run.Manifest, ForecastFigure.Of(totals.Total, currency), ForecastFigure.Of(totals.Won, currency),
            totals.Parts.GroupBy(part => part.By).ToDictionary(
                dimension => dimension.Key,
                dimension => (IReadOnlyList<ForecastPartAnswer>)
                    [.. dimension.Select(part => new ForecastPartAnswer(part.Name, ForecastFigure.Of(part.Sum, currency)))]),
            totals.LeftOut, totals.Model, Text(totals.Low), Text(totals.High), totals.Outlook,
            FactorTotalsAnswer.Of(totals.Weighed, currency),
            [.. (run.Shadows ?? []).Select(one => new ForecastShadowAnswer(one.Engine, Money.Of(one.Total, currency).ToString(), one.Hash))],
            known.Held is { } held ? ForecastHeldAnswer.Of(held, currency) : null);

        string? Text(decimal? amount) => amount is { } known ? Money.Of(known, currency).ToString() : null;
    }
}

/// <param name="Total">As is to be expected by that engine.</param>
/// <param name="Hash">SHA-256, in hexadecimal, over all that it computed.</param>
public sealed record ForecastShadowAnswer(string Engine, string Total, string Hash);

/// <summary>What an opportunity gives to a forecast: amount × odds × freshness, and by some engines what factors make of that.</summary>
/// <param name="Closes">On which day it is thought to be decided.</param>
/// <param name="By">How that is told: <c>expected</c>, <c>overdue</c>, or <c>history</c> where nobody expects a day.</param>
/// <param name="StageDays">How long it has been in its stage.</param>
/// <param name="FreshDays">How long it is fresh there; null for always.</param>
/// <param name="Odds">From the largest group that it is part of to the smallest: how many came to its stage and were decided, how
/// many of these were won, and the chance that this
/// comes to with what is known of the larger group. Who sees only some records is told of groups whose records he sees.</param>
/// <param name="Weighed">What factors made of it; null where the engine asks for none.</param>
public sealed record ContributionAnswer(
    Guid OpportunityId, string? Pipeline, string? Stage, string? Team, string? Rep, string? Region, string? Product, string Amount,
    DateOnly Closes, string By, decimal StageDays, decimal? FreshDays, decimal Freshness, IReadOnlyList<OddsLevel> Odds, decimal Chance,
    string Value, string Category, WeighedAnswer? Weighed)
{
    internal static ContributionAnswer Of(ForecastContribution one, string currency, Owners? owners) => new(
        one.OpportunityId, one.Pipeline, one.Stage, one.Team, one.Rep, one.Region, one.Product, Money.Of(one.Amount, currency).ToString(),
        one.Closes, one.By.ToString().ToLowerInvariant(), one.StageDays, one.FreshDays, one.Freshness,
        [.. one.Odds.Where(level => IsTold(level, owners))], one.Chance,
        Money.Of(one.Value, currency).ToString(), one.Category.ToString().ToLowerInvariant(), WeighedAnswer.Of(one.Weighed, currency));

    // Who sees only some records is not told how many others have.
    private static bool IsTold(OddsLevel level, Owners? owners) => owners is null
        || (level.Level == "team" && owners.Own(rep: null, level.Name)) || (level.Level == "rep" && owners.Own(level.Name, team: null));
}

/// <param name="Hash">Over all that was computed now; equal to the forecast's, or this would be an error.</param>
/// <param name="Total">How many there are.</param>
public sealed record ContributionPage(IReadOnlyList<ContributionAnswer> Items, string? NextCursor, string Hash, int Total);

/// <param name="OpportunityId">Whose contribution; null of the totals.</param>
/// <param name="Member">Such as <c>amount</c>; <c>id</c> where only one of the two has this opportunity.</param>
/// <param name="Then">As it was forecast.</param>
public sealed record ForecastDifferenceAnswer(Guid? OpportunityId, string Member, string? Then, string? Now);

/// <param name="AtPosition">Up to where in the log facts were known to what was computed now.</param>
/// <param name="Differences">How many members of contributions and totals differ; of a forecast that does not come to its own
/// hash, of totals alone.</param>
/// <param name="FirstDifference">Contributions first, in the order of ids; null where there is none.</param>
/// <param name="Causes">Of what was corrected: why the value is another, to the cent.</param>
public sealed record ForecastReplayAnswer(
    Guid Id, bool Corrected, bool FromEvents, long AtPosition, string HashThen, string HashNow, bool Equal, string ValueThen,
    string ValueNow, int Differences, ForecastDifferenceAnswer? FirstDifference, IReadOnlyList<CauseSumAnswer> Causes);

/// <param name="Cause">As in a comparison: <c>late</c>, <c>corrected</c>, <c>flagged</c> or <c>model</c>.</param>
/// <param name="Value">What it adds.</param>
/// <param name="Total">How many opportunities have a share.</param>
public sealed record CauseSumAnswer(string Cause, string Value, int Total);
