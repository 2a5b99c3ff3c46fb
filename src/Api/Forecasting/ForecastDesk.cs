using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Forecasting;
using Crm.Domain.Playbooks;
using Crm.EventStore;
using NodaTime;

namespace Crm.Api.Forecasting;

/// <summary>Computes forecasts: a new one, or one that was made before, again.</summary>
public sealed class ForecastDesk(
    Commands commands, Queries queries, CurrentPlaybook playbooks, DealReader deals, ForecastFacts facts, Store store, ForecastSplits splits)
{
    /// <summary>The fields of opportunities that a forecast is made of.</summary>
    internal static readonly string[] Fields =
    [
        "amount", "pipeline", "team", "rep", "region", "product", "expectedClose", "closedAt", "stageSince", "flag"
    ];

    // What days of a calendar can be reckoned with, in whatever zone.
    private const int FirstYear = 1900;
    private const int LastYear = 9900;

    /// <exception cref="Problem">400: the question cannot be answered. 403: fields are hidden from the caller.</exception>
    /// <exception cref="Rejection">There is no currency in which it could be made, or records of the scope are out of sight.</exception>
    public async Task<Written> Run(RunForecastRequest request, Call call, CancellationToken ct)
    {
        MustSee(call.By, request.Scope);
        var stand = await Make(request, call.By, ct);
        return await commands.Send(
            ForecastDecider.Instance, call.NewId(ForecastDecider.Instance.StreamType), new RecordForecast(stand.Manifest, stand.Result, stand.Shadows),
            call, ct, stand.Manifest.Playbook is var playbook and not 0 ? playbook : null);
    }

    /// <summary>A forecast that is not recorded yet.</summary>
    /// <inheritdoc cref="Run"/>
    internal async Task<ForecastStand> Make(RunForecastRequest request, Caller by, CancellationToken ct)
    {
        MustBeReckoned("/day", request.Day?.Year);
        var (position, asOf) = await Moment(request, by, ct);
        MustBeReckoned("/asOf", asOf.Year);
        var today = Instant.FromDateTimeOffset(asOf).InZone(by.Zone).Date.ToDateOnly();
        var span = Span(request.Period, request.Day ?? today, request.Weeks, by.Zone);
        var playbook = await playbooks.AsKnown(by.Tenant, position, asOf, ct);
        if (request.Pipeline is { } pipeline && !playbook.Pipelines.ContainsKey(pipeline))
        {
            throw Problem.Invalid([Fault.InBody(
                "/pipeline", Code.NotOneOf, $"There is no such pipeline; there are: {string.Join(", ", playbook.Pipelines.Keys)}.")]);
        }

        var engine = request.Engine ?? ForecastSection.EngineOf(playbook.Document, request.Pipeline);
        MustBeThere(engine);
        var known = await deals.Rows(by.Tenant, asOf, position, ct);
        var currency = request.Currency ?? playbook.Document?.Forecast?.Currency ?? MostUsed(known.Where(request.Scope.Holds));
        var manifest = new ForecastManifest(
            engine, request.Scope, span, by.Zone.Id, DateTimeZoneProviders.Tzdb.VersionId, today, asOf, position,
            playbook.Number ?? 0, ForecastSection.SettingsOf(playbook.Document), currency, DigitsOf(currency));
        string[] shadows = [.. (playbook.Document?.Forecast?.Shadows ?? []).Distinct().Where(shadow => shadow != engine)];
        MustSeeFactors(by, manifest, [engine, .. shadows]);
        var read = await facts.Of(by.Tenant, manifest, known, [engine, .. shadows], fromEvents: false, ct);
        manifest = manifest with { Readings = read.Readings.Count == 0 ? null : [.. read.Readings.Select(one => one.Use)] };
        return new(manifest, ForecastEngines.Of(engine).Run(manifest, read), known, Beside(manifest, read, shadows));
    }

    private static IReadOnlyList<ForecastShadow>? Beside(ForecastManifest manifest, ForecastKnown known, IReadOnlyList<string> shadows) =>
        shadows.Count == 0 ? null
        : [.. shadows.Select(shadow => (shadow, Result: ForecastEngines.Of(shadow).Run(manifest with { Engine = shadow }, known)))
            .Select(one => new ForecastShadow(one.shadow, one.Result.Totals.Total.Value, CanonicalForecast.HashOf(one.Result)))];

    /// <summary>What was recorded of a forecast that the caller may know of.</summary>
    /// <exception cref="Rejection">There is none.</exception>
    public async Task<ForecastRun> Find(Caller by, Guid id, CancellationToken ct) => (await Known(by, id, ct)).Run!;

    /// <summary>The same, with what became of it.</summary>
    /// <inheritdoc cref="Find"/>
    public async Task<Forecast> Known(Caller by, Guid id, CancellationToken ct) =>
        (await commands.Latest(ForecastDecider.Instance, by.Tenant, id, ct)).State is { Run: { } run } known && Sees(by, run.Manifest.Scope)
            ? Seen(by, known) : throw ForecastDecider.Unknown();

    private static Forecast Seen(Caller by, Forecast known)
    {
        MustSeeFactors(by, known.Run!.Manifest, [known.Run.Manifest.Engine]);
        return known;
    }

    /// <summary>A forecast computed again, as it was known then.</summary>
    public async Task<ForecastResult> Again(string tenant, ForecastManifest manifest, bool fromEvents, CancellationToken ct) =>
        ForecastEngines.Of(manifest.Engine).Run(manifest, await Known(tenant, manifest, fromEvents, ct));

    /// <summary>The facts that a forecast is a function of.</summary>
    public Task<ForecastKnown> Known(string tenant, ForecastManifest manifest, bool fromEvents, CancellationToken ct) =>
        facts.Of(tenant, manifest, fromEvents, ct);

    /// <summary>A forecast computed again, with what it was made of.</summary>
    internal async Task<ForecastStand> StandOf(string tenant, ForecastManifest manifest, CancellationToken ct)
    {
        var known = await Known(tenant, manifest, fromEvents: false, ct);
        return new(manifest, ForecastEngines.Of(manifest.Engine).Run(manifest, known), known.Deals);
    }

    /// <summary>Factors tell of what they are read of.</summary>
    /// <exception cref="Problem">403: something of it is hidden from the caller.</exception>
    private static void MustSeeFactors(Caller by, ForecastManifest manifest, IReadOnlyList<string> engines)
    {
        if (!ForecastFacts.AskFactors(manifest, engines))
            return;

        var factors = manifest.Settings.Factors!;
        FigureSight.MustSee(by, ["opportunity"], [],
            [.. factors.SelectMany(factor => factor.From switch
            {
                FactorFrom.Field => [factor.Field!],
                FactorFrom.Qualification => factor.Fields!,
                FactorFrom.Evidence => ["attachments"],
                FactorFrom.Activity or FactorFrom.Engagement => ["touches"],
                _ => (IEnumerable<string>)[]
            }).Distinct()]);
        FigureSight.MustSee(by, ["customer"], [], "industry");
        if (factors.Any(factor => factor.From == FactorFrom.DecisionChain))
            FigureSight.MustSee(by, ["contact"], [], "buyingRole");
    }

    private static void MustBeThere(string engine)
    {
        if (!ForecastEngines.Names.Contains(engine))
        {
            throw Problem.Invalid([Fault.InBody(
                "/engine", Code.NotOneOf, $"There is no such engine; there are: {string.Join(", ", ForecastEngines.Names)}.")]);
        }
    }

    public async Task<ForecastReplayAnswer> Replay(Caller by, Guid id, ReplayForecastRequest request, CancellationToken ct)
    {
        var run = await Find(by, id, ct);
        var manifest = request.Corrected ? run.Manifest with { Position = (await store.Head(ct)).Position } : run.Manifest;
        var known = await Known(by.Tenant, manifest, request.FromEvents, ct);
        var now = ForecastEngines.Of(manifest.Engine).Run(manifest, known);
        var hash = CanonicalForecast.HashOf(now);

        // Each opportunity is compared with what it gave then only where that comes to the hash of then.
        var was = request.Corrected && hash != run.Hash ? await Known(by.Tenant, run.Manifest, request.FromEvents, ct) : null;
        var then = was is null ? null : ForecastEngines.Of(run.Manifest.Engine).Run(run.Manifest, was);
        var isExact = then is not null && CanonicalForecast.HashOf(then) == run.Hash;
        List<ForecastDifference> differences = hash == run.Hash ? []
            : isExact ? [.. ForecastDifference.Between(then!, now)] : [.. ForecastDifference.Between(run.Totals, now.Totals)];
        var shares = isExact
            ? (await splits.Between(by.Tenant, new(run.Manifest, was!), new(manifest, known), ct)).Split.Shares : [];
        return new(
            id, request.Corrected, request.FromEvents, manifest.Position, run.Hash, hash, hash == run.Hash, Value(run.Totals),
                Value(now.Totals),
            differences.Count, differences.Count == 0 ? null : Answer(differences[0]),
            [
                .. shares.GroupBy(share => share.Cause).OrderBy(same => same.Key).Select(same => new CauseSumAnswer(
                    ForecastCompare.Word(same.Key), Text(same.Sum(share => share.Value)), same.Count()))
            ]);

        string Value(ForecastTotals totals) => Text(totals.Total.Value);

        string Text(decimal value) => Money.Of(value, manifest.Currency).ToString();
    }

    /// <summary>A forecast tells of all fields that it is made of.</summary>
    /// <exception cref="Problem">403: one of them is hidden from the caller.</exception>
    public static void MustSeeFields(Caller by) => FigureSight.MustSee(by, ["opportunity"], [], Fields);

    // Who sees only some records forecasts those of a team or a rep whose records he sees.
    internal static void MustSee(Caller by, ForecastScope scope)
    {
        MustSeeFields(by);
        if (!Sees(by, scope))
        {
            throw Rejection.BrokenRule(
                "forecast.scope", "You do not see all of these records; name a rep or a team whose records you see.", "team");
        }
    }

    internal static bool Sees(Caller by, ForecastScope scope) => by.Sight.Owners?.Own(scope.Rep, scope.Team) != false;

    // What is told of now lies behind all that is known, however far the clocks differ.
    private async Task<(long Position, DateTimeOffset AsOf)> Moment(RunForecastRequest request, Caller by, CancellationToken ct)
    {
        var lens = await queries.Lens(new Times(request.AsOf, request.KnownAt, request.At), by.Zone, ct, inBody: true);
        var (head, stamp) = await store.Head(ct);
        var clock = store.Clock.GetUtcNow();
        var now = clock > stamp ? clock : stamp.AddMicroseconds(1);
        if (lens.AsOf > now)
        {
            throw Problem.Invalid([Fault.InBody("/asOf", "in-the-future",
                "Nobody knows yet what will be open then; send a moment up to now.")]);
        }

        return (lens.Position ?? head, Cut(lens.AsOf ?? lens.KnownAt ?? now));
    }

    private static void MustBeReckoned(string pointer, int? year)
    {
        if (year is < FirstYear or > LastYear)
        {
            throw Problem.Invalid([Fault.InBody(pointer, Code.OutOfRange, $"Send a day between {FirstYear} and {LastYear}.")]);
        }
    }

    // As the store keeps times.
    private static DateTimeOffset Cut(DateTimeOffset moment) =>
        new(moment.UtcTicks - moment.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    internal static ForecastSpan Span(ForecastPeriod period, DateOnly day, int weeks, DateTimeZone zone)
    {
        var (from, to) = ForecastSpan.Of(period, day, weeks);
        return Between(period, from, to, zone);
    }

    internal static ForecastSpan Between(ForecastPeriod period, DateOnly from, DateOnly to, DateTimeZone zone) =>
        new(period, from, to, Http.Moment.OfDay(from).In(zone).ToUniversalTime(), Http.Moment.OfDay(to).In(zone).ToUniversalTime());

    private static string MostUsed(IEnumerable<ForecastDeal> deals) => deals
        .Where(deal => deal is { Status: ForecastDeal.Open, OpenedAt: not null, IsFlagged: false, Currency: not null })
        .GroupBy(deal => deal.Currency!).OrderByDescending(same => same.Count()).ThenBy(same => same.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key ?? throw Rejection.BrokenRule(
            "forecast.currency", "There is no open opportunity whose currency could be taken; name one, or have the playbook name one.",
            "currency");

    private static int DigitsOf(string currency) => Currencies.DigitsOf(currency) ?? throw Rejection.BrokenRule(
        "money.currency", $"'{currency}' is not an ISO 4217 currency code such as USD or CNY.", "currency");

    private static ForecastDifferenceAnswer Answer(ForecastDifference one) => new(one.OpportunityId, one.Member, one.Then, one.Now);
}
