using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Jobs;
using Crm.Domain;
using Crm.Domain.Forecasting;
using Crm.EventModel;
using Crm.EventStore;
using NodaTime;

namespace Crm.Api.Forecasting.Backtests;

/// <summary>Has engines tried on history, and tells what came of it.</summary>
internal sealed class BacktestDesk(JobTable jobs, Store store)
{
    /// <exception cref="Rejection">One of this tenant's is under way, or records of the scope are out of sight.</exception>
    /// <exception cref="Problem">400: the question cannot be answered. 403: fields are hidden from the caller.</exception>
    public async Task<Job> Ask(Caller by, BacktestRequest request, CancellationToken ct)
    {
        ForecastDesk.MustSee(by, request.Scope);
        var (position, stamp) = await store.Head(ct);
        var clock = store.Clock.GetUtcNow();
        var now = clock > stamp ? clock : stamp;
        var today = Instant.FromDateTimeOffset(now).InZone(by.Zone).Date.ToDateOnly();
        var to = request.To is { } wanted && wanted < today ? wanted : today;
        if (!BacktestSpans.Of(request.Period, request.From, to).Any())
        {
            throw Problem.Invalid([Fault.InBody("/from", Code.OutOfRange, "No such period begins on that day or later and is over by the end.")]);
        }

        if (BacktestSpans.Of(request.Period, request.From, to).Skip(BacktestSpans.Most).Any())
        {
            throw Problem.Invalid([Fault.InBody("/from", Code.OutOfRange, $"These would be more than {BacktestSpans.Most} periods; send a later day.")]);
        }

        var unknown = (request.Engines ?? []).Select((name, i) => (name, i)).FirstOrDefault(one => !ForecastEngines.Names.Contains(one.name));
        if (unknown.name is not null)
        {
            throw Problem.Invalid([Fault.InBody(
                $"/engines/{unknown.i}", Code.NotOneOf, $"There is no such engine; there are: {string.Join(", ", ForecastEngines.Names)}.")]);
        }

        if (request.Currency is { } currency && Currencies.DigitsOf(currency) is null)
        {
            throw Rejection.BrokenRule("money.currency", $"'{currency}' is not an ISO 4217 currency code such as USD or CNY.", "currency");
        }

        // Whatever comes in meanwhile, a job that is begun again tries the same.
        var wish = new BacktestWish(
            request.Period, request.From, to, request.Engines is { Count: > 0 } named ? [.. named.Distinct()] : ForecastEngines.Names,
            request.Scope, request.Currency, request.FarPercent, by.Zone.Id, now, position);
        return await jobs.Ask(by.Tenant, BacktestWork.Name, SubjectOf(by), JsonSerializer.SerializeToNode(wish, EventTypes.Json)!, by.Id, ct)
            ?? throw Rejection.WrongState("forecast.backtest-busy", "A back-test is under way already; wait for its end, or cancel it.");
    }

    public async Task<IReadOnlyList<Job>> All(Caller by, CancellationToken ct) =>
        [.. (await jobs.About(by.Tenant, SubjectOf(by), ct)).Where(job => Sees(by, job)).Take(100)];

    /// <exception cref="Rejection">There is none with this id.</exception>
    public async Task<Job> Find(Caller by, Guid id, CancellationToken ct) =>
        await jobs.Find(by.Tenant, id, ct) is { Kind: BacktestWork.Name } job && Sees(by, job)
            ? job : throw Rejection.Unknown("forecast.backtest-unknown", "There is no such back-test.");

    /// <exception cref="Rejection">There is none with this id, or it has not come to its end.</exception>
    public async Task<BacktestReport> Report(Caller by, Guid id, CancellationToken ct) =>
        (await Find(by, id, ct)).Result?.Deserialize<BacktestReport>(EventTypes.Json)
            ?? throw Rejection.WrongState("forecast.backtest-open", "It has not come to an end that could be reported.");

    /// <exception cref="Rejection">There is none with this id.</exception>
    public async Task<Job> Cancel(Caller by, Guid id, CancellationToken ct)
    {
        await Find(by, id, ct);
        await jobs.Cancel(by.Tenant, id, ct);
        return await Find(by, id, ct);
    }

    private static bool Sees(Caller by, Job job) => ForecastDesk.Sees(by, job.Request.Deserialize<BacktestWish>(EventTypes.Json)!.Scope);

    // A tenant has one under way at a time.
    private static Guid SubjectOf(Caller by) => StreamId.From(by.Tenant, "forecast", "backtest");
}
