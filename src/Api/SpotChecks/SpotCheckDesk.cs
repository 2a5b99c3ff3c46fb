using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Conditions;
using Crm.Domain.SpotChecks;
using Crm.Domain.Tasks;
using Crm.EventStore;
using Crm.Projections.Leads;
using NodaTime;
using Operator = Crm.Domain.Conditions.Operator;

namespace Crm.Api.SpotChecks;

/// <summary>Draws spot checks and publishes them. A day has one: whoever draws it again finds the same leads drawn.</summary>
public sealed class SpotCheckDesk(Commands commands, Queries queries, Organisations organisations, Store store)
{
    public const string Automation = "publish-spot-check";

    public static Guid IdOf(string tenant, DateOnly day) =>
        StreamId.From(tenant, SpotCheckDecider.Instance.StreamType, $"{day:yyyy-MM-dd}");

    public Task<Written> Draw(DrawSpotCheckRequest request, Call call, CancellationToken ct)
    {
        var by = call.By;
        var today = Instant.FromDateTimeOffset(store.Clock.GetUtcNow()).InZone(by.Zone).Date.ToDateOnly();
        var day = request.Day ?? today.AddDays(-1);
        var id = IdOf(by.Tenant, day);
        return commands.Send(call, async fresh =>
        {
            var known = await Known(by.Tenant, id, fresh, ct);
            var (leads, position) = await NewLeads(by, day, ct);
            var facts = SpotCheckDecider.Decide((SpotCheck)known.State, new DrawSpotCheck(
                day, today, by.Zone.Id, request.Seed ?? SpotCheckDraw.SeedOf(by.Tenant, day), request.Count, leads, position));
            return new Decision(known.Version, [Part(SpotCheckDecider.Instance, id, known, facts)])
            {
                Status = facts.Count > 0 ? null : StatusCodes.Status200OK
            };
        }, playbookVersion: null, ct);
    }

    /// <param name="to">The members who are told; null for all who may draw.</param>
    public Task<Written> Publish(Guid id, IReadOnlyList<string>? to, Call call, CancellationToken ct) => commands.Send(call, async fresh =>
    {
        var organisation = await organisations.Of(call.By.Tenant, ct);
        var told = (to ?? [.. organisation.Members.Keys.Where(member => MayDraw(organisation, member))]).Distinct().ToList();
        if (told.FindIndex(member => organisation.Active(member) is null) is var stranger and >= 0)
        {
            throw Rejection.BrokenRule("spot-check.member", $"There is no member '{told[stranger]}' who could be told.", "to");
        }

        var known = await Known(call.By.Tenant, id, fresh, ct);
        var check = (SpotCheck)known.State;
        var part = Part(SpotCheckDecider.Instance, id, known, SpotCheckDecider.Decide(check, new PublishSpotCheck(told)));
        var alerts = part.Events.OfType<SpotCheckPublished>().SelectMany(said => Alerts(call.By.Tenant, check, said, part.EventIds[0]));
        return new Decision(known.Version, [part, .. alerts]);
    }, playbookVersion: null, ct);

    // All of the tenant's, whoever draws: the same seed has to give the same leads to everybody.
    private async Task<(IReadOnlyList<Guid> Leads, long Position)> NewLeads(Caller by, DateOnly day, CancellationToken ct)
    {
        var (list, now) = (LeadAnswer.List, new Lens(AsOf: null, KnownAt: null, Position: null));
        var wanted = new Wanted(new Condition.All(
        [
            Captured(Operator.Gte, day, by.Zone), Captured(Operator.Lt, day.AddDays(1), by.Zone),
            new Condition.Test(list.Fields["flag"].Field, Operator.IsNull, [true])
        ]));
        var head = queries.Token((await store.Head(ct)).Position);
        return await queries.Read(by.Tenant, list.Model, now, head, async (connection, known) =>
        {
            var (leads, all) = (new List<Guid>(), by with { Sight = Sight.Everything });
            await new ListView<LeadList.Row>(list, list.Rows, all, new Seen(now, known, IsPinned: false), connection)
                .Ids(wanted, [new SortKey(list.Id, Descending: false)], leads.Add, ct);
            return (IReadOnlyList<Guid>)leads;
        }, ct);
    }

    private static Condition.Test Captured(Operator @operator, DateOnly day, DateTimeZone zone) =>
        new(LeadAnswer.List.Since.Field, @operator, [Moment.OfDay(day).In(zone)]);

    private static bool MayDraw(Organisation organisation, string member) =>
        organisation.Active(member) is { } active && organisation.RightsOf(active).Functions.Contains(Functions.SpotChecksManage);

    private static IEnumerable<Part> Alerts(string tenant, SpotCheck check, SpotCheckPublished said, Guid cause) =>
        TellOfSpotCheck.React(check, said).Select(notice =>
        {
            var (kind, why) = (TellOfSpotCheck.Kind, new AlertCause(Automation, cause));
            var command = new RaiseAlert(notice.To, kind, AlertSeverity.Info, why, Params: notice.Params);
            var nothing = new Known(Alert.None, 0, LastEvent: null, DateTimeOffset.MinValue);
            var stream = StreamId.From(tenant, "alert", $"{kind} {cause} {notice.To}");
            return Part(AlertDecider.Instance, stream, nothing, AlertDecider.Decide(Alert.None, command));
        });

    private async Task<Known> Known(string tenant, Guid id, bool fresh, CancellationToken ct) => (await commands.State(
        SpotCheckDecider.Instance, tenant, id, default(ISpotCheckCommand)!, occurredAt: null, ct, fresh)).Latest;

    private static Part Part<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Guid stream, Known known, IReadOnlyList<TEvent> facts)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        new(stream, decider.StreamType, known, facts.Cast<object>(), (state, e) => decider.Evolve((TState)state, (TEvent)e));
}
