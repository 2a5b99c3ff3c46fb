using System.Collections.Concurrent;
using Crm.Domain;
using Crm.Domain.Scoring;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Scoring;

/// <summary>A model as it was kept.</summary>
public sealed record KeptModel(Guid Id, ScoreModelTrained Trained, DateTimeOffset TrainedAt, long Position);

/// <summary>A tenant's trained models, and which of them are in use. A model never changes, so it is read once.</summary>
public sealed class ScoreModels(Store store)
{
    private const int MostInMemory = 200;

    private readonly ConcurrentDictionary<(string Tenant, Guid Id), KeptModel> known = new();

    public static Guid UseOf(string tenant) => StreamId.From(tenant, "scoring", "main");

    /// <exception cref="Rejection">There is none.</exception>
    public async Task<KeptModel> One(string tenant, Guid id, CancellationToken ct) =>
        await Find(tenant, [id], ct) is [var kept] ? kept : throw Rejection.Unknown("score.model-unknown", "There is no such score model.");

    /// <summary>All up to a position, the newest first.</summary>
    public async Task<IReadOnlyList<KeptModel>> All(string tenant, long position, CancellationToken ct)
    {
        var ids = await store.Streams(tenant, ScoreModelDecider.Instance.StreamType, ct);
        return [.. (await Find(tenant, ids, ct)).Where(kept => kept.Position <= position).OrderByDescending(kept => kept.Position)];
    }

    /// <summary>Which models are in use, as it was known at a position.</summary>
    public async Task<ModelsInUse> Used(string tenant, long position, CancellationToken ct) =>
        FoldOrder.Of(await store.ReadStream(tenant, UseOf(tenant), new ReadBound(Position: position), ct), store.Types)
            .Select(e => e.Data).OfType<IScoringEvent>().Aggregate(ModelsInUse.None, ModelsInUse.Evolve);

    private async Task<IReadOnlyList<KeptModel>> Find(string tenant, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var missing = ids.Where(id => !known.ContainsKey((tenant, id))).ToList();
        var found = missing.Count == 0 ? [] : (await store.ReadStreams(tenant, missing, long.MaxValue, ct))
            .SelectMany(stream => stream.Value.Where(e => e.Data is ScoreModelTrained).Take(1))
            .ToDictionary(e => e.StreamId, e => new KeptModel(e.StreamId, (ScoreModelTrained)e.Data, e.RecordedAt, e.Position));
        IReadOnlyList<KeptModel> kept =
            [.. ids.Select(id => found.GetValueOrDefault(id) ?? known.GetValueOrDefault((tenant, id))).OfType<KeptModel>()];
        if (known.Count > MostInMemory)
        {
            known.Clear();
        }

        foreach (var model in found.Values)
        {
            known[(tenant, model.Id)] = model;
        }

        return kept;
    }
}
