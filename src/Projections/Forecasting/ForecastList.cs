using Crm.Domain.Forecasting;
using Crm.EventModel;

namespace Crm.Projections.Forecasting;

/// <summary>Every forecast that was ever computed, and whether it stands.</summary>
public sealed class ForecastList : ReadModel<ForecastList.Row>
{
    /// <param name="Pipeline">Of which opportunities; null of all, as with the four that follow.</param>
    /// <param name="SpanFrom">The first day that it is made for.</param>
    /// <param name="SpanTo">The day after the last one.</param>
    /// <param name="AtPosition">Up to where in the log facts were known.</param>
    /// <param name="Playbook">The version of the rules; 0 where none were published.</param>
    /// <param name="Total">What is to be expected of what was open.</param>
    /// <param name="Won">What was won in the span already.</param>
    /// <param name="State"><c>accepted</c>, <c>held</c> or <c>refused</c>.</param>
    /// <param name="Schedule">The key of the schedule that asked for it; null where somebody did.</param>
    /// <param name="DueAt">For when it did.</param>
    public sealed record Row(
        Guid ForecastId, DateTimeOffset RanAt, string Engine, string? Pipeline, string? Team, string? Rep, string? Region, string? Product,
        string Period, DateOnly SpanFrom, DateOnly SpanTo, DateTimeOffset AsOf, long AtPosition, long Playbook, string Currency,
        decimal Total, decimal Won, string Hash, string State, string? Schedule, DateTimeOffset? DueAt, Guid? Restates, Guid? RestatedBy);

    public override string Name => "forecast_list";

    public override int Version => 2;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IForecastEvent);

    /// <summary>What a schedule came to last.</summary>
    public override IReadOnlyList<string> Indexes => ["schedule"];

    public override Row? Fold(Row? row, Recorded e) => (row, e.Data) switch
    {
        (_, ForecastRun { Manifest: var m, Totals: var t } x) => new Row(
            e.StreamId, e.OccurredAt, m.Engine, m.Scope.Pipeline, m.Scope.Team, m.Scope.Rep, m.Scope.Region, m.Scope.Product,
            m.Span.Period.ToString().ToLowerInvariant(), m.Span.From, m.Span.To, m.AsOf, m.Position, m.Playbook, m.Currency,
            t.Total.Value, t.Won.Value, x.Hash, Word(ForecastStanding.Accepted), x.Due?.Schedule, x.Due?.At, x.Restates, RestatedBy: null),
        ({ } known, ForecastHeld) => known with { State = Word(ForecastStanding.Held) },
        ({ } known, ForecastAccepted) => Settled(known, ForecastStanding.Accepted),
        ({ } known, ForecastRefused) => Settled(known, ForecastStanding.Refused),
        ({ } known, ForecastRestated x) => known with { RestatedBy = x.By },
        _ => row
    };

    // The first end stands.
    private static Row Settled(Row row, ForecastStanding to) => row.State == Word(ForecastStanding.Held) ? row with { State = Word(to) } : row;

    private static string Word(ForecastStanding standing) => standing.ToString().ToLowerInvariant();
}
