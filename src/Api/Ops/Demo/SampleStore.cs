using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Crm.EventStore;
using Crm.Projections;
using NodaTime.Extensions;

namespace Crm.Api.Ops.Demo;

/// <summary>The sample company in a store: played once, gone on with where it was cut off, and never mixed with anything else.</summary>
internal sealed class SampleStore(Engine engine, Caller by, SampleSize size)
{
    private const int Seed = 20261122;

    private static readonly IdempotencyKey Whole = new(Scope: "demo", Key: "two years", Fingerprint: [1]);

    /// <summary>The midnight after the last fact of its story; null where the sample company is not (or not wholly) there.</summary>
    public async Task<DateTimeOffset?> PlayedUntil(CancellationToken ct)
    {
        if (await engine.Store.Answered(by.Tenant, Whole, ct) is not { } played)
        {
            return null;
        }

        var last = (await engine.Store.ReadOn(played.Position - 1, 1, ct))[0].RecordedAt;
        return Midnight(last.AddDays(1));
    }

    /// <summary>Plays it if the store is empty or was left in the middle of it.</summary>
    /// <param name="now">Its story ends with the last full day before.</param>
    /// <param name="pageWritten">Told after each page.</param>
    /// <returns>What was played; null when there was nothing to do.</returns>
    public async Task<Played?> Fill(DateTimeOffset now, CancellationToken ct, Action? pageWritten = null)
    {
        if (await engine.Store.Play.Begin(Midnight(now), ct) is not { } until)
        {
            return null;
        }

        var clock = Stopwatch.StartNew();
        var (before, _) = await engine.Store.Head(ct);
        var local = Midnight(until);
        var steps = SampleCompany.Story(by.Tenant, local, size, Seed);
        var story = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"1 {Seed} {size} {local:O}")));
        try
        {
            await Progress.Run("Playing two years of a sample company", steps.Count, tick =>
                new SamplePlay(engine, by).Run(steps, story, done =>
                {
                    tick(done);
                    pageWritten?.Invoke();
                }, ct));
        }
        catch (KeyReused)
        {
            throw new InvalidOperationException(
                "The sample company in this store was begun by another version of the program or in another zone; give it a new Crm__DataDirectory.");
        }

        await engine.Store.Append(new AppendRequest(by.Tenant, [], Whole), ct);
        await FillReadModels(ct);
        await engine.Store.Play.End(ct);
        return new Played((await engine.Store.Head(ct)).Position - before, clock.Elapsed);
    }

    // Large pages at the end take half the time of small ones on the way.
    private async Task FillReadModels(CancellationToken ct)
    {
        var (head, _) = await engine.Store.Head(ct);
        var reached = Catalog.All.ToDictionary(model => model, _ => 0L);
        await Progress.Run("Filling the read models", head * Catalog.All.Count, tick => engine.CatchUp((model, position) =>
        {
            tick(position - reached[model]);
            reached[model] = position;
        }, ct));
    }

    private DateTimeOffset Midnight(DateTimeOffset moment) =>
        engine.Settings.DateTimeZone.AtStartOfDay(moment.ToInstant().InZone(engine.Settings.DateTimeZone).Date).ToDateTimeOffset();
}

/// <summary>How many events, and how long it took.</summary>
internal sealed record Played(long Events, TimeSpan Took);
