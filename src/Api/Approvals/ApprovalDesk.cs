using Crm.Api.Forecasting;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Approvals;
using Crm.Domain.Forecasting;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Api.Approvals;

/// <summary>
/// Writes what becomes of approvals: with the end of one goes what its record hears of it, and with every step what those hear who are
/// asked; all of it in one
/// append, or none.
/// </summary>
public sealed class ApprovalDesk(Engine engine, ApprovalRules rules)
{
    public const string Automation = "watch-approvals";

    private const string AmountChange = "amount-change";

    // What is sent beside an amount may be rounded to two places.
    private const decimal Rounding = 0.01m;

    public async Task<Written> Ask(Guid deal, RequestApprovalRequest r, Call call, CancellationToken ct)
    {
        var by = call.By;
        if (r.Facts?.Amount is not null)
        {
            FieldSight.MustSee(by, "opportunity", "amount");
        }

        MustFit(by, await Deal(by.Tenant, deal, fresh: false, ct), r);
        var (flow, version) = await rules.Flow(by.Tenant, r.Flow, ct);
        return await Send(call.NewId("approval"), call, async fresh =>
        {
            var about = await Deal(by.Tenant, deal, fresh, ct);
            var byAmount = ApprovalFacts.Of(about, r.Facts?.Amount, percent: null);
            // What was rounded would be told as the limit itself where it is beyond.
            var facts = byAmount with { Percent = byAmount.Percent ?? r.Facts?.Percent };
            MustFit(by, about, r);
            MustSayHowMuch(flow, facts, r.Facts, byAmount.Percent);
            return new RequestApproval(flow, version, new About(AboutKind.Opportunity, deal), facts, by.Id, r.Reason,
                await rules.Terms(by.Tenant, version, ct), r.Purpose, about.Rep, about.Team);
        }, version, ct);
    }

    /// <summary>What became of an opportunity, and the approval that a change which waits now asks for.</summary>
    /// <param name="known">What it was.</param>
    public async Task<Decision> Along(Call call, Guid deal, Known known, IReadOnlyList<IOpportunityEvent> facts, bool fresh, CancellationToken ct)
    {
        if (facts.OfType<OpportunityAmountHeld>().SingleOrDefault() is not { } held)
        {
            return new Decision(known.Version, [Part(OpportunityDecider.Instance, deal, known, facts)]);
        }

        var (tenant, about) = (call.By.Tenant, facts.Aggregate((Opportunity)known.State, Opportunity.Evolve));
        var (heard, parts) = await AskAlong(
            tenant, deal, about, held.ApprovalId, held.Flow,
            ApprovalFacts.Of(about, held.Amount, ApprovalFacts.Change(held.Reviewed, held.Amount)), call.By.Id,
            $"The amount changes by more than {held.Percent} %.", AmountChange, fresh, ct);
        return new Decision(known.Version,
            [Waiting(Part(OpportunityDecider.Instance, deal, known, [.. facts, .. heard]), call.OccurredAt), .. parts]);
    }

    /// <summary>An approval that is asked for along with other facts of an opportunity: what that hears of it, and what else is to be
    /// written.</summary>
    /// <param name="about">As it is with those facts.</param>
    /// <param name="by">Who asks.</param>
    /// <exception cref="Rejection">There is no such flow.</exception>
    public async Task<(IReadOnlyList<IOpportunityEvent> Heard, IReadOnlyList<Part> Parts)> AskAlong(
        string tenant, Guid deal, Opportunity about, Guid id, string key, ApprovalFacts facts, string by, string reason, string? purpose,
        bool fresh, CancellationToken ct)
    {
        var (flow, version) = await rules.Flow(tenant, key, ct);
        var request = new RequestApproval(
            flow, version, new About(AboutKind.Opportunity, deal), facts, by, reason, await rules.Terms(tenant, version, ct), purpose,
                about.Rep, about.Team);
        var (said, parts) = await AskAlong(tenant, id, request, fresh, ct);
        var heard = said.Count == 0 ? [] : Heard(id, Approval.None, said).SelectMany(command => OpportunityDecider.Decide(about, command));
        return ([.. heard], parts);
    }

    /// <summary>An approval that is asked for along with other facts of whichever record: what is said of it, and what is to be written.</summary>
    public async Task<(IReadOnlyList<IApprovalEvent> Asked, IReadOnlyList<Part> Parts)> AskAlong(
        string tenant, Guid id, RequestApproval request, bool fresh, CancellationToken ct)
    {
        var nothing = await Known(tenant, id, fresh, ct);
        var asked = ApprovalDecider.Decide((Approval)nothing.State, request);
        var part = Part(ApprovalDecider.Instance, id, nothing, asked);
        var alerts = asked.Count == 0 ? [] : Alerts(tenant, id, (Approval)nothing.State, asked, part.EventIds[^1]);
        return (asked, [Now(part), .. alerts.Select(Now)]);
    }

    /// <param name="make">The command, by the rules that it goes by.</param>
    /// <param name="isLinked">Whether he came by a link, which says who he is.</param>
    public async Task<Written> Send(Guid id, Func<ApprovalTerms, IApprovalCommand> make, Call call, CancellationToken ct,
        bool isLinked = false)
    {
        var (first, _) = await engine.Commands.Latest(ApprovalDecider.Instance, call.By.Tenant, id, ct);
        return await Send(id, call, async fresh =>
        {
            var state = (Approval)(await Known(call.By.Tenant, id, fresh, ct)).State;
            var terms = await rules.Terms(call.By.Tenant, state.Requested?.Playbook, ct);
            return isLinked || Sees(state, call.By, terms) ? make(terms) : throw ApprovalDecider.Unknown();
        }, first.Requested?.Playbook, ct);
    }

    /// <summary>Whether somebody may know of an approval: who sees its record, asked, was asked, or stands in.</summary>
    public static bool Sees(Approval state, Caller by, ApprovalTerms terms) =>
        state.Requested is { } asked && (by.Sight.Owners?.Own(asked.Rep, asked.Team) != false || state.Involved.Contains(by.Id)
            || state.Open.Any(seat => ApprovalDecider.MayDecide(seat, by.Id, terms)) || state.Said.Any(said => said.By == by.Id));

    /// <summary>What would be written.</summary>
    public async Task<IReadOnlyList<IApprovalEvent>> Rehearse(string tenant, Guid id, Func<ApprovalTerms, IApprovalCommand> make,
        CancellationToken ct)
    {
        var state = (Approval)(await Known(tenant, id, fresh: true, ct)).State;
        return ApprovalDecider.Decide(state, make(await rules.Terms(tenant, state.Requested?.Playbook, ct)));
    }

    private Task<Written> Send(
        Guid id, Call call, Func<bool, Task<IApprovalCommand>> make, long? playbook, CancellationToken ct) =>
        engine.Commands.Send(call, fresh => Decided(id, call, make, fresh, ct), playbook, ct);

    private async Task<Decision> Decided(Guid id, Call call, Func<bool, Task<IApprovalCommand>> make, bool fresh, CancellationToken ct)
    {
        var (tenant, known) = (call.By.Tenant, await Known(call.By.Tenant, id, fresh, ct));
        var before = (Approval)known.State;
        var facts = ApprovalDecider.Decide(before, await make(fresh));
        var part = Part(ApprovalDecider.Instance, id, known, facts);
        IReadOnlyList<Part> others = facts.Count == 0 ? []
            : [.. await Heard(tenant, id, before, facts, fresh, ct), .. Alerts(tenant, id, before, facts, part.EventIds[^1])];
        var isKnown = before.Requested is not null && call.Status == StatusCodes.Status201Created;
        return new Decision(known.Version, [part, .. others]) { Status = isKnown ? (short)StatusCodes.Status200OK : null };
    }

    // Other kinds of record that hear of their approvals get an arm here.
    private async Task<IReadOnlyList<Part>> Heard(string tenant, Guid id, Approval before, IReadOnlyList<IApprovalEvent> facts, bool fresh,
        CancellationToken ct)
    {
        if (facts.Aggregate(before, Approval.Evolve) is { Requested.Subject: { Kind: AboutKind.Forecast } forecast } after)
        {
            return before.Outcome == after.Outcome ? [] : [await HeardByForecast(tenant, forecast.Id, id, after.Outcome, fresh, ct)];
        }

        var heard = Heard(id, before, facts);
        if (heard.Count == 0 || facts.Aggregate(before, Approval.Evolve).Requested is not { Subject: { Kind: AboutKind.Opportunity } deal })
        {
            return [];
        }

        var (_, known) = await engine.Commands.State(OpportunityDecider.Instance, tenant, deal.Id, default(IOpportunityCommand)!,
            occurredAt: null, ct, fresh);

        // An import that told of the deal may have been taken back: then there is nobody to hear it.
        var state = (Opportunity)known.State;
        IReadOnlyList<IOpportunityEvent> said = state.Opened is null ? []
            : [.. heard.SelectMany(command => OpportunityDecider.Decide(state, command))];
        return [Part(OpportunityDecider.Instance, deal.Id, known, said)];
    }

    private async Task<Part> HeardByForecast(
        string tenant, Guid forecast, Guid id, ApprovalOutcome outcome, bool fresh, CancellationToken ct)
    {
        var (_, known) = await engine.Commands.State(
            ForecastDecider.Instance, tenant, forecast, default(IForecastCommand)!, occurredAt: null, ct, fresh);
        return Part(ForecastDecider.Instance, forecast, known, ForecastDecider.Decide(
            (Forecast)known.State, new SettleForecast(id, outcome == ApprovalOutcome.Granted)));
    }

    // What an opportunity hears of its approval.
    private static IReadOnlyList<IOpportunityCommand> Heard(Guid id, Approval before, IReadOnlyList<IApprovalEvent> facts)
    {
        var after = facts.Aggregate(before, Approval.Evolve);
        var said = after.Requested!;
        return
        [
            .. before.Requested is null ? [new AskOpportunityApproval(id, said.Flow, said.Purpose)] : Array.Empty<IOpportunityCommand>(),
            .. before.Outcome != after.Outcome
                ? [new SettleOpportunityApproval(id, said.Flow, after.Outcome == ApprovalOutcome.Granted, said.Purpose)] : Array.Empty<IOpportunityCommand>()
        ];
    }

    private static IEnumerable<Part> Alerts(string tenant, Guid id, Approval before, IReadOnlyList<IApprovalEvent> facts, Guid cause)
    {
        var about = facts.Aggregate(before, Approval.Evolve).Requested?.Subject;

        // Nobody reads what programs are told.
        return TellOfApproval.React(before, facts).Where(notice => notice.To != ForecastDuty.Actor)
            .DistinctBy(notice => (notice.Kind, notice.To)).Select(notice =>
        {
            var command = new RaiseAlert(notice.To, notice.Kind, notice.Severity, new AlertCause(Automation, cause), about,
                notice.Params.Append(new("approval", id.ToString())).ToDictionary());
            var nothing = new Known(Alert.None, 0, LastEvent: null, DateTimeOffset.MinValue);
            return Part(AlertDecider.Instance, StreamId.From(tenant, "alert", $"{notice.Kind} {cause} {notice.To}"), nothing,
                AlertDecider.Decide(Alert.None, command));
        });
    }

    private async Task<Opportunity> Deal(string tenant, Guid id, bool fresh, CancellationToken ct) =>
        (Opportunity)(await engine.Commands.State(OpportunityDecider.Instance, tenant, id, default(IOpportunityCommand)!, occurredAt: null,
            ct, fresh)).Latest.State;

    private static void MustFit(Caller by, Opportunity deal, RequestApprovalRequest r)
    {
        if (deal.Opened is null || by.Sight.Owners?.Own(deal.Rep, deal.Team) == false)
            throw Rejection.Unknown("opportunity.unknown", "There is no such opportunity.");
        if (r.Facts?.Amount is { } amount && amount.Currency != deal.Amount!.Currency)
            throw Rejection.BrokenRule("opportunity.currency", $"The currency of this opportunity is {deal.Amount.Currency}.", "amount");
        if (r.Facts?.Percent is < 0 or > 100_000)
            throw Rejection.BrokenRule("approval.percent", "A percentage is from 0 to 100000.", "percent");
    }

    // Who is asked depends on it: what is not said, or said otherwise than the amount says, would let an approval pass nobody.
    private static void MustSayHowMuch(ApprovalFlowSection flow, ApprovalFacts facts, ApprovalFactsRequest? said, decimal? byAmount)
    {
        if (facts.Percent is null && ApprovalPolicy.Asks(flow, "percent"))
            throw Rejection.BrokenRule("approval.percent", "Whom this flow asks depends on by how much: send facts.percent, or facts.amount.", "facts");
        if (said is { Amount: not null, Percent: { } percent } && byAmount is { } changed
            && Math.Abs(percent - changed) > Rounding)
            throw Rejection.BrokenRule("approval.percent", $"By this amount it changes by {changed} percent, not by {percent}; leave one of both out.", "facts");
    }

    private async Task<Known> Known(string tenant, Guid id, bool fresh, CancellationToken ct) =>
        (await engine.Commands.State(ApprovalDecider.Instance, tenant, id, default(IApprovalCommand)!, occurredAt: null, ct, fresh)).Latest;

    // Whatever else was changed then: what has to be approved begins to wait now.
    private static Part Waiting(Part part, DateTimeOffset? occurredAt) =>
        Dated(part, e => e is OpportunityChanged or OpportunityCloseDateChanged ? occurredAt : null);

    // Whatever happened when: it is asked now.
    private static Part Now(Part part) => Dated(part, _ => null);

    private static Part Dated(Part part, Func<object, DateTimeOffset?> at) => new(part.Stream, part.StreamType, part.Latest, part.Events, part.Evolve)
    {
        EventIds = part.EventIds, Times = [.. part.Events.Select(at)]
    };

    private static Part Part<TState, TCommand, TEvent>(Decider<TState, TCommand, TEvent> decider, Guid stream, Known known,
        IReadOnlyList<TEvent> facts)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        new(stream, decider.StreamType, known, facts.Cast<object>(), (state, e) => decider.Evolve((TState)state, (TEvent)e));
}
