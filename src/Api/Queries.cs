using System.Data;
using System.Text;
using Crm.Api.CustomFields;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.CustomFields;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using NodaTime;
using Npgsql;

namespace Crm.Api;

/// <summary>
/// The way out: one record folded from its stream, or rows of a read model in one snapshot with the position that they show. Both as of
/// any moment, and as known at any moment.
/// </summary>
public sealed class Queries(Store store, Arrivals arrivals, FieldsInForce fields)
{
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan UntilAsked = TimeSpan.FromMilliseconds(100);

    /// <summary>The fields that the playbook in force adds to records of a list.</summary>
    public async Task<RecordFields> OwnFields(RecordList list, string tenant, CancellationToken ct) =>
        list.Record is { } record ? await fields.Of(tenant, record, ct) : RecordFields.None;

    /// <summary>The instants that a caller means, and the position up to which he wants to know.</summary>
    /// <exception cref="Problem">400: knownAt has not come yet.</exception>
    public async Task<Lens> Lens(Times times, DateTimeZone zone, CancellationToken ct, bool inBody = false)
    {
        var (asOf, knownAt) = times.In(zone);
        try
        {
            return new Lens(asOf, knownAt, knownAt is { } moment ? await store.PositionAt(moment, ct) : null);
        }
        catch (ArgumentOutOfRangeException)
        {
            var member = times.At is null ? "knownAt" : "at";
            const string Message = "Nothing is known yet of the future; send a moment up to now, or only asOf.";
            throw Problem.Invalid([inBody ? Fault.InBody($"/{member}", "in-the-future", Message) : Fault.InQuery(member, "in-the-future", Message)]);
        }
    }

    /// <summary>That a span of time has a length.</summary>
    /// <exception cref="Problem">400: its end is not after its beginning.</exception>
    public static void MustFollow(string fromName, Moment? from, string toName, Moment? to, DateTimeZone zone)
    {
        if (from is { } begin && to is { } end && end.In(zone) <= begin.In(zone))
        {
            throw Problem.Invalid([Fault.InQuery(toName, Code.EndsBefore, $"{toName} must be later than {fromName}; what is at {toName} itself is not in it.")]);
        }
    }

    /// <summary>The last position recorded before a moment; null when there is no moment, the highest there can be when it has not come yet.</summary>
    public async Task<long?> PositionBefore(Moment? moment, DateTimeZone zone, CancellationToken ct)
    {
        try
        {
            return moment is { } given ? await store.PositionAt(given.In(zone), ct) : null;
        }
        catch (ArgumentOutOfRangeException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>One record, as its stream tells it; always fresh. Null when there is none, or was none then.</summary>
    public async Task<(TRow Row, long Version)?> One<TRow>(ReadModel<TRow> model, string tenant, Guid id, Lens lens, CancellationToken ct) where TRow : class
    {
        var stream = await store.ReadStream(tenant, id, new ReadBound(Position: lens.Position), ct);
        return Fold(model, stream, lens) is { } row ? ((TRow)row, stream[^1].Version) : null;
    }

    /// <summary>The row that a stream makes.</summary>
    /// <param name="stream">All events that were known.</param>
    public object? Fold(ReadModel model, IReadOnlyList<Recorded> stream, Lens lens) => FoldOrder.Of(stream, store.Types)
        .Where(fact => lens.AsOf is null || fact.OccurredAt < lens.AsOf).Aggregate((object?)null, model.Fold);

    /// <summary>The events of a stream, in the order in which they were recorded; to be shown, not folded.</summary>
    public async Task<IReadOnlyList<Recorded>> Events(string tenant, Guid id, Lens lens, CancellationToken ct) =>
        (await store.ReadStreams(tenant, [id], lens.Position ?? long.MaxValue, ct)).GetValueOrDefault(id, []);

    /// <inheritdoc cref="Read{T}(string, IReadOnlyList{ReadModel}, Lens, PositionToken?, Func{NpgsqlConnection, long, Task{T}}, CancellationToken)"/>
    public Task<(T Answer, long Position)> Read<T>(
        string tenant, ReadModel model, Lens lens, PositionToken? least, Func<NpgsqlConnection, long, Task<T>> read, CancellationToken ct) =>
        Read(tenant, [model], lens, least, read, ct);

    /// <summary>
    /// Runs a read in a snapshot in which the models have come at least as far as was asked for, and tells how far that is: of several, as far as the
    /// last of them.
    /// </summary>
    /// <exception cref="Problem">410: a position of another epoch. 400: one beyond all that is stored. 503: the model is still behind after a while.</exception>
    public async Task<(T Answer, long Position)> Read<T>(
        string tenant, IReadOnlyList<ReadModel> models, Lens lens, PositionToken? least, Func<NpgsqlConnection, long, Task<T>> read, CancellationToken ct)
    {
        await MustHaveBeen(least, models, ct);
        var needed = Math.Max(least?.Position ?? 0, lens.Position ?? 0);
        var clock = TimeProvider.System.GetTimestamp();
        while (true)
        {
            foreach (var model in models)
            {
                await arrivals.Wait(model, needed, UntilAsked, ct);
            }

            long position;
            await using (var connection = await store.Reader.Open(ct))
            {
                await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
                position = await Hold(tenant, models, connection, ct);
                if (position >= needed)
                {
                    return (await read(connection, lens.Position ?? position), lens.Position ?? position);
                }
            }

            if (TimeProvider.System.GetElapsedTime(clock) > MostWait)
            {
                throw new Problem(503, "read-model-behind", $"{string.Join(", ", models.Select(m => m.Name))} shows position {position} so far, and {needed} was asked for; try again.")
                { RetryAfter = TimeSpan.FromSeconds(1) };
            }

            await Task.Delay(Pause, ct);
        }
    }

    /// <summary>How far a model has come at least, and a reader may ask for; null where nobody follows it here.</summary>
    public long? Reached(ReadModel model) => arrivals.Reached(model);

    /// <exception cref="Problem">410: a position of another epoch.</exception>
    public void MustBeOurs(PositionToken? least)
    {
        if (least is not null && least.Epoch != store.Epoch)
        {
            throw new Problem(410, "foreign-epoch", "This position is of another life of the store, before a restore; read again without it.",
                Fault.InHeader(Headers.MinPositionName, "foreign-epoch", $"The epoch is {store.Epoch} now."));
        }
    }

    /// <summary>That a position was reached once: what the store has not come to nobody was told, and waiting for it would be in vain.</summary>
    /// <exception cref="Problem">410: a position of another epoch. 400: one beyond all that is stored.</exception>
    public async Task MustHaveBeen(PositionToken? least, IReadOnlyList<ReadModel> models, CancellationToken ct)
    {
        MustBeOurs(least);
        if (least is null || models.All(model => Reached(model) >= least.Position))
        {
            return;
        }

        var (head, _) = await store.Head(ct);
        if (least.Position > head)
        {
            throw Problem.Invalid([Fault.InHeader(
                Headers.MinPositionName, Code.BadPosition, $"The store has come to {head} so far; send the {Headers.PositionName} of an earlier answer as it was.")]);
        }
    }

    public PositionToken Token(long position) => new(store.Epoch, position);

    // The locks come before the snapshot: tables that a rebuild puts in place are then there with all their rows, or not yet there at all.
    private static async Task<long> Hold(string tenant, IReadOnlyList<ReadModel> models, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"lock table {string.Join(", ", models.SelectMany(model => ModelTables.Of(model).All))} in access share mode"));
        batch.BatchCommands.Add(TenantReader.InNameOf(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            select min(coalesce(p.last_seq_id, 0)) from unnest($1) as m (name) left join public.mt_event_progression p on p.name = m.name
            """)
        { Parameters = { new NpgsqlParameter { Value = models.Select(model => model.Progress).ToArray() } } });
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        return await reader.ReadAsync(ct) && !reader.IsDBNull(0) ? reader.GetInt64(0) : 0;
    }
}

/// <summary>As of when, as known when. Null is everything.</summary>
/// <param name="Position">The last position that was known then.</param>
public sealed record Lens(DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long? Position)
{
    public bool Rewound => AsOf is not null || Position is not null;

    /// <summary>Why there is no answer: of a past moment it may be that there was nothing yet.</summary>
    public Rejection Missing(Rejection missing) =>
        Rewound ? Rejection.Unknown(missing.Code, $"{missing.Message.TrimEnd('.')}, or there was none at that time.") : missing;

    /// <summary>Later than anything that can have occurred.</summary>
    public DateTimeOffset Until => AsOf ?? DateTimeOffset.MaxValue;
}
