using System.Globalization;
using Crm.Api.Customers;
using Crm.Api.Http;
using Crm.Api.Outside;
using Crm.Domain;
using Crm.Domain.DataSources;
using Crm.Domain.Tasks;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.DataSources;

/// <summary>Writes what data sources say: each reading in one append with what its source comes to by it, and with what people
/// hear.</summary>
public sealed class SourceDesk(Engine engine, Queries queries, Reach reach)
{
    private static readonly string Customers = ModelTables.Of(Catalog.Customers).Rows;

    public static Guid IdOf(string tenant, string key) => StreamId.From(tenant, "data-source", key);

    public async Task<Written> Register(RegisterSourceRequest r, Call call, CancellationToken ct)
    {
        await MustBeReachable(r.Terms, ct);
        return await Send(IdOf(call.By.Tenant, r.Key), new RegisterSource(r.Key, r.Terms.Terms, Now), call, ct);
    }

    public async Task<Written> Change(Guid id, SourceTermsRequest terms, Call call, CancellationToken ct)
    {
        await MustBeReachable(terms, ct);
        return await Send(id, new ChangeSource(terms.Terms, Now), call, ct);
    }

    /// <summary>Has a source decided on, and people told where it fails or is well again.</summary>
    public Task<Written> Send(Guid id, ISourceCommand command, Call call, CancellationToken ct) => engine.Commands.Send(call, async fresh =>
    {
        var known = await Known(DataSourceDecider.Instance, call.By.Tenant, id, fresh, ct);
        var source = Part(DataSourceDecider.Instance, id, known, DataSourceDecider.Decide((DataSource)known.State, command));
        return new Decision(known.Version, [source, .. await Alerts(call.By.Tenant, source, ct)]);
    }, playbookVersion: null, ct);

    /// <param name="channel"><c>push</c>, <c>first</c> or <c>second</c>.</param>
    /// <param name="due">For which moment it was fetched.</param>
    public async Task<Written> Take(
        Guid id, PushReadingRequest r, string channel, DateTimeOffset? due, Call call, CancellationToken ct)
    {
        var (tenant, now) = (call.By.Tenant, Now);
        var (state, _) = await engine.Commands.Latest(DataSourceDecider.Instance, tenant, id, ct);
        if (state.Terms is not { } terms)
        {
            throw DataSourceDecider.Unknown();
        }

        var measuredAt = (r.MeasuredAt ?? due ?? now).ToUniversalTime();
        var key = r.Key ?? Moment(due ?? measuredAt);
        var customers = await CustomersOf(tenant, terms.System, [.. r.Rows.Select(row => row.Subject)], ct);
        var values = Values(r.Rows, customers);
        var summary = ReadingCheck.Summary(values, measuredAt, r.Unit);
        var outside = values.Values.Count(value => value < terms.Least || value > terms.Most);
        var reading = StreamId.From(tenant, "source-reading", $"{id} {key}");
        return await engine.Commands.Send(call, async fresh =>
        {
            var known = await Known(DataSourceDecider.Instance, tenant, id, fresh, ct);
            var before = await Known(SourceReadingDecider.Instance, tenant, reading, fresh, ct);
            var isKnown = before.Version > 0;
            var facts = isKnown && due is null ? []
                : DataSourceDecider.Decide((DataSource)known.State, new HearReading(reading, summary, outside, now, due));
            var heard = facts.OfType<SourceHeard>().FirstOrDefault();
            var taken = new SourceReadingTaken(
                id, state.Key!, key, summary, values, heard?.Outcome ?? ReadingOutcome.Good, heard?.Marks ?? [], terms.FreshMinutes,
                r.Rows.Count - values.Count, channel);
            IReadOnlyList<ISourceReadingEvent> said = isKnown || heard?.Outcome is not (null or ReadingOutcome.Duplicate)
                ? SourceReadingDecider.Decide((SourceReadingState)before.State, new TakeReading(taken)) : [];
            var source = Part(DataSourceDecider.Instance, id, known, facts);
            return new Decision(before.Version,
            [
                Part(SourceReadingDecider.Instance, reading, before, said, [.. said.Select(_ => (DateTimeOffset?)measuredAt)]),
                source, .. await Alerts(tenant, source, ct)
            ])
            { Status = said.Count == 0 ? (short)StatusCodes.Status200OK : null };
        }, playbookVersion: null, ct);
    }

    public Task<Written> Settle(Guid reading, bool isAccepted, string reason, Call call, CancellationToken ct) =>
        engine.Commands.Send(call, async fresh =>
        {
            var (tenant, by) = (call.By.Tenant, call.By.Id);
            var before = await Known(SourceReadingDecider.Instance, tenant, reading, fresh, ct);
            var state = (SourceReadingState)before.State;
            var said = SourceReadingDecider.Decide(
                state, isAccepted ? new AcceptReading(by, reason) : new RejectReading(by, reason));
            var known = await Known(DataSourceDecider.Instance, tenant, state.Taken!.Source, fresh, ct);
            var source = Part(DataSourceDecider.Instance, state.Taken.Source, known, said.Count == 0 ? []
                : DataSourceDecider.Decide((DataSource)known.State, new SettleReading(reading, state.Taken.Summary, isAccepted, Now)));
            return new Decision(before.Version,
                [Part(SourceReadingDecider.Instance, reading, before, said), source, .. await Alerts(tenant, source, ct)]);
        }, playbookVersion: null, ct);

    internal DateTimeOffset Now => Cut(engine.Store.Clock.GetUtcNow());

    private async Task MustBeReachable(SourceTermsRequest terms, CancellationToken ct)
    {
        foreach (var url in ((string?[])[terms.Url, terms.SecondUrl]).OfType<string>())
        {
            await reach.MustBeReachable(url, ct);
        }
    }

    private static Dictionary<Guid, decimal> Values(IReadOnlyList<ReadingRowRequest> rows, IReadOnlyDictionary<string, Guid> customers)
    {
        var values = new Dictionary<Guid, decimal>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (customers.TryGetValue(rows[i].Subject, out var customer) && !values.TryAdd(customer, rows[i].Value))
            {
                throw Problem.Invalid([Fault.InBody($"/rows/{i}/subject", Code.NotTogether, "There is a value of this customer already.")]);
            }
        }

        return values;
    }

    private async Task<IReadOnlyDictionary<string, Guid>> CustomersOf(
        string tenant, string? system, IReadOnlyCollection<string> subjects, CancellationToken ct)
    {
        if (system is not null)
        {
            var kind = ExternalIds.Kind(system);
            var holders = await engine.Store.Holders(tenant, [.. subjects.Distinct().Select(subject => (kind, subject))], ct);
            return holders.ToDictionary(one => one.Key.Key, one => one.Value);
        }

        // A customer who was registered a moment ago is one.
        var head = (await engine.Store.Head(ct)).Position;
        var ids = subjects.Select(subject => Guid.TryParse(subject, out var id) ? id : Guid.Empty).Distinct().ToArray();
        var (there, _) = await queries.Read(tenant, Catalog.Customers, new Lens(null, null, head), least: null, async (connection, _) =>
        {
            await using var command = new NpgsqlCommand(
                $"select customer_id from {Customers} where tenant_id = $1 and customer_id = any ($2)", connection);
            command.Parameters.AddWithValue(tenant);
            command.Parameters.AddWithValue(ids);
            await using var reader = await command.ExecuteReaderAsync(ct);
            var found = new HashSet<Guid>();
            while (await reader.ReadAsync(ct))
            {
                found.Add(reader.GetGuid(0));
            }

            return found;
        }, ct);
        return subjects.Distinct().Where(subject => Guid.TryParse(subject, out var id) && there.Contains(id))
            .ToDictionary(one => one, Guid.Parse);
    }

    private async Task<IReadOnlyList<Part>> Alerts(string tenant, Part source, CancellationToken ct)
    {
        var key = ((DataSource)source.Latest.State).Key ?? "";
        var told = source.Events.Select((fact, i) => (Told: TellOfSource.Of(key, (ISourceEvent)fact), Cause: source.EventIds[i]))
            .Where(one => one.Told is not null).ToList();
        if (told.Count == 0)
        {
            return [];
        }

        var hearers = TellOfSource.Hearers(await engine.Organisations.Of(tenant, ct)).ToList();
        return [.. told.SelectMany(one => hearers.Select(to => Alert(tenant, to, one.Told!.Value, one.Cause)))];
    }

    private static Part Alert(
        string tenant, string to, (string Kind, AlertSeverity Severity, IReadOnlyDictionary<string, string> Params) told, Guid cause)
    {
        var command = new RaiseAlert(to, told.Kind, told.Severity, new AlertCause(TellOfSource.Automation, cause), Params: told.Params);
        var nothing = new Known(Domain.Tasks.Alert.None, 0, LastEvent: null, DateTimeOffset.MinValue);
        return Part(AlertDecider.Instance, StreamId.From(tenant, "alert", $"{told.Kind} {cause} {to}"), nothing,
            AlertDecider.Decide(Domain.Tasks.Alert.None, command));
    }

    private async Task<Known> Known<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, string tenant, Guid stream, bool fresh, CancellationToken ct)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        (await engine.Commands.State(decider, tenant, stream, default(TCommand)!, occurredAt: null, ct, fresh)).Latest;

    private static Part Part<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Guid stream, Known known, IReadOnlyList<TEvent> facts,
        IReadOnlyList<DateTimeOffset?>? times = null)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        new(stream, decider.StreamType, known, facts.Cast<object>(), (state, e) => decider.Evolve((TState)state, (TEvent)e))
        { Times = times ?? [] };

    private static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    // As the store keeps times.
    private static DateTimeOffset Cut(DateTimeOffset moment) =>
        new(moment.UtcTicks - moment.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
