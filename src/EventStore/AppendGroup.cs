using System.Text.Json;
using Crm.EventModel;
using Npgsql;
using NpgsqlTypes;

namespace Crm.EventStore;

/// <summary>The arguments of crm.append for a group of requests: parallel arrays, one entry a request, stream, event, claim or key.</summary>
internal sealed class AppendGroup(EventTypes types)
{
    private readonly Column<string> requestTenant = new(NpgsqlDbType.Text), requestScope = new(NpgsqlDbType.Text),
        requestKey = new(NpgsqlDbType.Text), requestStreams = new(NpgsqlDbType.Text),
        requestVersions = new(NpgsqlDbType.Text);
    private readonly Column<byte[]> fingerprint = new(NpgsqlDbType.Bytea);
    private readonly Column<short> status = new(NpgsqlDbType.Smallint);
    private readonly Column<int> requestEvents = new(NpgsqlDbType.Integer);
    private readonly Column<Guid?> requestLastEvent = new(NpgsqlDbType.Uuid);

    private readonly Column<int> streamRequest = new(NpgsqlDbType.Integer), streamEvents = new(NpgsqlDbType.Integer);
    private readonly Column<string> streamTenant = new(NpgsqlDbType.Text), streamType = new(NpgsqlDbType.Text);
    private readonly Column<Guid> stream = new(NpgsqlDbType.Uuid);
    private readonly Column<long> expected = new(NpgsqlDbType.Bigint);
    private readonly Column<Guid?> lastEvent = new(NpgsqlDbType.Uuid);

    private readonly Column<int> eventRequest = new(NpgsqlDbType.Integer);
    private readonly Column<string> eventTenant = new(NpgsqlDbType.Text), eventType = new(NpgsqlDbType.Text),
        dotnetType = new(NpgsqlDbType.Text), correlation = new(NpgsqlDbType.Text),
        causation = new(NpgsqlDbType.Text), user = new(NpgsqlDbType.Text);
    private readonly Column<Guid> eventStream = new(NpgsqlDbType.Uuid), eventId = new(NpgsqlDbType.Uuid);
    private readonly Column<long> version = new(NpgsqlDbType.Bigint);
    private readonly Column<byte[]> data = new(NpgsqlDbType.Jsonb);
    private readonly Column<byte[]> headers = new(NpgsqlDbType.Jsonb);
    private readonly Column<DateTimeOffset?> recorded = new(NpgsqlDbType.TimestampTz);

    private readonly Column<int> claimRequest = new(NpgsqlDbType.Integer);
    private readonly Column<string> claimTenant = new(NpgsqlDbType.Text), claimKind = new(NpgsqlDbType.Text),
        claimKey = new(NpgsqlDbType.Text);
    private readonly Column<Guid> claimStream = new(NpgsqlDbType.Uuid);
    private readonly Column<bool> take = new(NpgsqlDbType.Boolean);

    private readonly Column<int> keyRequest = new(NpgsqlDbType.Integer);
    private readonly Column<string> keyTenant = new(NpgsqlDbType.Text);
    private readonly Column<Guid> keyId = new(NpgsqlDbType.Uuid), person = new(NpgsqlDbType.Uuid);
    private readonly Column<byte[]> wrapped = new(NpgsqlDbType.Bytea);

    private IColumn[] Columns =>
    [
        requestTenant, requestScope, requestKey, fingerprint, status, requestEvents, requestLastEvent, requestStreams, requestVersions,
        streamRequest, streamTenant, stream, streamType, expected, lastEvent, streamEvents,
        eventRequest, eventTenant, eventStream, version, eventId, eventType, dotnetType, data, headers, correlation, causation, user, recorded,
        claimRequest, claimTenant, claimKind, claimKey, claimStream, take,
        keyRequest, keyTenant, keyId, person, wrapped
    ];

    public static NpgsqlCommand Command(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand { Connection = connection, CommandTimeout = 30 };
        foreach (var column in new AppendGroup(new EventTypes()).Columns)
        {
            command.Parameters.Add(column.Parameter());
        }

        command.CommandText = $"select * from crm.append({string.Join(", ", command.Parameters.Select((_, i) => $"${i + 1}"))})";
        return command;
    }

    public void Fill(NpgsqlCommand command)
    {
        if (recorded.TrueForAll(time => time is null))
        {
            recorded.Clear();
        }

        var columns = Columns;
        for (var i = 0; i < columns.Length; i++)
        {
            command.Parameters[i].Value = columns[i].Value;
        }
    }

    /// <param name="bodies">The events' JSON, written once when the request came in.</param>
    public void Add(AppendRequest request, IReadOnlyList<byte[]> bodies)
    {
        var number = requestTenant.Count + 1;
        var events = InOrder(request, bodies);
        requestTenant.Add(request.Tenant);
        requestScope.Add(request.Key?.Scope!);
        requestKey.Add(request.Key?.Key!);
        fingerprint.Add(request.Key?.Fingerprint!);
        status.Add(request.Status);
        requestEvents.Add(bodies.Count);
        requestLastEvent.Add(events.LastOrDefault()?.Event.Id);
        requestStreams.Add($"{{{string.Join(',', request.Streams.Select(s => s.Stream))}}}");
        requestVersions.Add($"{{{string.Join(',', request.Streams.Select(s => s.Version))}}}");

        foreach (var append in request.Streams)
        {
            streamRequest.Add(number);
            streamTenant.Add(request.Tenant);
            stream.Add(append.Stream);
            streamType.Add(append.StreamType);
            expected.Add(append.Expected);
            lastEvent.Add(append.LastEvent);
            streamEvents.Add(append.Events.Count);
        }

        foreach (var e in events)
        {
            Add(number, request.Tenant, e);
        }

        foreach (var claim in request.Claims)
        {
            claimRequest.Add(number);
            claimTenant.Add(request.Tenant);
            claimKind.Add(claim.Kind);
            claimKey.Add(claim.Key);
            claimStream.Add(claim.Stream);
            take.Add(claim.Take);
        }

        foreach (var key in request.PersonKeys)
        {
            keyRequest.Add(number);
            keyTenant.Add(request.Tenant);
            keyId.Add(key.KeyId);
            person.Add(key.Person);
            wrapped.Add(key.Wrapped);
        }
    }

    // Stream by stream, and where they bring the time of their recording by that: positions rise with it over all streams.
    private static List<Placed> InOrder(AppendRequest request, IReadOnlyList<byte[]> bodies) =>
    [
        .. request.Streams.SelectMany(s => s.Events.Select((e, i) => (s.Stream, Version: s.Expected + 1 + i, Event: e)))
            .Zip(bodies, (e, body) => new Placed(e.Stream, e.Version, e.Event, body)).OrderBy(e => e.Event.RecordedAt)
    ];

    private void Add(int number, string tenant, Placed placed)
    {
        var (e, type) = (placed.Event, placed.Event.Data.GetType());
        eventRequest.Add(number);
        eventTenant.Add(tenant);
        eventStream.Add(placed.Stream);
        version.Add(placed.Version);
        eventId.Add(e.Id);
        eventType.Add(types.AliasOf(e.Data));
        dotnetType.Add($"{type.FullName}, {type.Assembly.GetName().Name}");
        data.Add(placed.Body);
        headers.Add(JsonSerializer.SerializeToUtf8Bytes(EventHeaders.Of(e), EventTypes.Json));
        correlation.Add(e.Metadata.CorrelationId!);
        causation.Add(e.Metadata.CausationId!);
        user.Add(e.Metadata.Actor!);
        recorded.Add(e.RecordedAt?.ToUniversalTime());
    }

    private sealed record Placed(Guid Stream, long Version, NewEvent Event, byte[] Body);

    private interface IColumn
    {
        object Value { get; }

        NpgsqlParameter Parameter();
    }

    private sealed class Column<T>(NpgsqlDbType type) : List<T>, IColumn
    {
        public object Value => this;

        public NpgsqlParameter Parameter() =>
            new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = this };
    }
}
