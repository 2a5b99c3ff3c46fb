using System.Globalization;
using Crm.Api.Approvals;
using Crm.Domain;
using Crm.Domain.Approvals;
using Crm.Domain.Forecasting;
using Crm.Domain.Tasks;

namespace Crm.Api.Forecasting;

/// <summary>
/// Writes forecasts that nobody asked for just now. One that moved too far since the last that was accepted is held: with it go the question
/// to those who decide, and word to those who look at forecasts; all of it in one append, or none.
/// </summary>
public sealed class ForecastRecorder(Engine engine, ForecastDesk desk, CurrentForecasts current, ApprovalDesk approvals, ApprovalRules rules)
{
    private const string Purpose = "forecast-moved";

    /// <summary>However often it is run, it is one.</summary>
    public static Guid IdOf(string tenant, ForecastDue due) => StreamId.From(
        tenant, ForecastDecider.Instance.StreamType, $"{due.Schedule} {due.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}");

    /// <summary>As it would have been run at the moment for which it was due, whenever that is done.</summary>
    public async Task<Written> Run(Guid id, DueForecast run, Caller by, CancellationToken ct)
    {
        var (known, version) = await engine.Commands.Latest(ForecastDecider.Instance, by.Tenant, id, ct);
        if (known.Run is not null)
        {
            return new([(id, version)], Position: 0, StatusCodes.Status200OK, Replayed: false, Events: 0);
        }

        var (schedule, scope) = (run.Schedule, run.Schedule.Scope);
        var stand = await desk.Make(new RunForecastRequest(
            schedule.Period, Weeks: schedule.Weeks, Pipeline: scope?.Pipeline, Team: scope?.Team, Rep: scope?.Rep, Region: scope?.Region,
            Product: scope?.Product, At: Http.Moment.Of(run.Due.At)), by, ct);
        var call = new Call(by, OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation");
        return await Record(id, stand, run.Due, run, restates: null, call, ct);
    }

    /// <param name="due">What asked for it; null where it is of no schedule.</param>
    /// <param name="run">The rules of that; null where nothing holds it back.</param>
    /// <param name="restates">The forecast that it says anew.</param>
    internal async Task<Written> Record(
        Guid id, ForecastStand stand, ForecastDue? due, DueForecast? run, Guid? restates, Call call, CancellationToken ct)
    {
        var tenant = call.By.Tenant;
        var jump = run is null ? null : await Jump(tenant, id, stand, run, ct);
        return await engine.Commands.Send(call, async fresh =>
        {
            var (_, known) = await engine.Commands.State(
                ForecastDecider.Instance, tenant, id, default(IForecastCommand)!, occurredAt: null, ct, fresh);
            var facts = ForecastDecider.Decide((Forecast)known.State, new RecordForecast(stand.Manifest, stand.Result, stand.Shadows, due, restates, jump));
            var (asked, others) = facts.Count == 0 || jump is null ? ([], [])
                : await approvals.AskAlong(tenant, jump.ApprovalId, await Question(tenant, id, stand, run!, jump, ct), fresh, ct);

            // Where no step of the flow applies, nobody has to be asked.
            var settled = asked.OfType<ApprovalGranted>().Any()
                ? ForecastDecider.Decide(facts.Aggregate((Forecast)known.State, Forecast.Evolve), new SettleForecast(jump!.ApprovalId, IsGranted: true))
                : [];
            var part = Part(ForecastDecider.Instance, id, known, [.. facts, .. settled]);
            var alerts = facts.Count == 0 || jump is null || settled.Count > 0 ? [] : await Tell(
                TellOfForecast.Held, tenant, id, stand.Manifest, due, part.EventIds[^1], ct, jump.MovedPercent);
            var restated = restates is { } old && facts.Count > 0 ? await Restated(tenant, old, id, stand, due, fresh, ct) : [];
            return new Decision(known.Version, [part, .. others, .. alerts, .. restated]);
        }, stand.Manifest.Playbook is var playbook and not 0 ? playbook : null, ct);
    }

    // What was said first stays as it is, and knows what says it anew.
    private async Task<IEnumerable<Part>> Restated(
        string tenant, Guid old, Guid by, ForecastStand stand, ForecastDue? due, bool fresh, CancellationToken ct)
    {
        var (_, known) = await engine.Commands.State(
            ForecastDecider.Instance, tenant, old, default(IForecastCommand)!, occurredAt: null, ct, fresh);
        var part = Part(ForecastDecider.Instance, old, known, ForecastDecider.Decide(
            (Forecast)known.State, new RestateForecast(by, CanonicalForecast.HashOf(stand.Result))));
        return part.EventIds.Count == 0 ? [] :
            [part, .. await Tell(TellOfForecast.Restated, tenant, by, stand.Manifest, due, part.EventIds[^1], ct)];
    }

    private async Task<ForecastHeld?> Jump(string tenant, Guid id, ForecastStand stand, DueForecast run, CancellationToken ct)
    {
        if (run.Schedule.Guard is not { } guard
            || await current.Before(tenant, run.Due, stand.Manifest, ct) is not { } last
            || !ForecastMove.IsBeyond(last.Total + last.Won, stand.Figure, guard.Percent))
        {
            return null;
        }

        var (then, _) = await engine.Commands.Latest(ForecastDecider.Instance, tenant, last.ForecastId, ct);
        var before = await desk.StandOf(tenant, then.Run!.Manifest, ct);
        return new(
            last.ForecastId, before.Figure, stand.Figure,
            decimal.Round(ForecastMove.Percent(before.Figure, stand.Figure), 2, MidpointRounding.ToEven), guard.Percent,
            ForecastMove.Causes(before, stand), StreamId.From(tenant, ApprovalDecider.Instance.StreamType, $"{ForecastDuty.Automation} {id}"));
    }

    // By the flow as it was when it was due; who decides is who is there now.
    private async Task<RequestApproval> Question(
        string tenant, Guid id, ForecastStand stand, DueForecast run, ForecastHeld jump, CancellationToken ct)
    {
        var flow = run.Playbook.Document.Approvals!.First(one => one.Key == run.Schedule.Guard!.Flow);
        var scope = stand.Manifest.Scope;
        var facts = new ApprovalFacts(
            "forecast", Money.Of(stand.Figure, stand.Manifest.Currency), Math.Abs(jump.MovedPercent), scope.Pipeline, Stage: null, scope.Region,
            scope.Team, scope.Product);
        return new(
            flow, run.Playbook.Number, new About(AboutKind.Forecast, id), facts, ForecastDuty.Actor,
            string.Create(CultureInfo.InvariantCulture, $"The forecast '{run.Due.Schedule}' moved by {jump.MovedPercent:0.##} %, more than {jump.Percent} %."),
            await rules.Terms(tenant, run.Playbook.Number, ct), Purpose, scope.Rep, scope.Team);
    }

    private async Task<IEnumerable<Part>> Tell(
        string what, string tenant, Guid id, ForecastManifest manifest, ForecastDue? due, Guid cause, CancellationToken ct,
        decimal? movedPercent = null)
    {
        var organisation = await engine.Organisations.Of(tenant, ct);
        return TellOfForecast.Readers(organisation, manifest.Scope, ForecastDesk.Fields).Select(member => Alert(
            tenant, $"{what} {id} {member}", new RaiseAlert(member, what, AlertSeverity.Warning,
                new AlertCause(ForecastDuty.Automation, cause), new About(AboutKind.Forecast, id),
                TellOfForecast.Params(id, manifest, due, movedPercent))));
    }

    private static Part Alert(string tenant, string key, RaiseAlert command) => Part(
        AlertDecider.Instance, StreamId.From(tenant, "alert", key), new Known(Domain.Tasks.Alert.None, 0, LastEvent: null, DateTimeOffset.MinValue),
        AlertDecider.Decide(Domain.Tasks.Alert.None, command));

    private static Part Part<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Guid stream, Known known, IReadOnlyList<TEvent> facts)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        new(stream, decider.StreamType, known, facts.Cast<object>(), (state, e) => decider.Evolve((TState)state, (TEvent)e));
}
