using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Crm.Api.Access;
using Crm.Api.Lists;
using Crm.EventStore;

namespace Crm.Api;

/// <summary>What every write answers, whatever else it tells.</summary>
public abstract record AnswerOfWrite
{
    /// <summary>Only of a dry run: what would have been recorded. Nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FactAnswer>? WouldRecord { get; init; }
}

/// <summary>A fact that a dry run would have recorded.</summary>
/// <param name="Subject">The kind of record that it is about: <c>lead</c>, <c>customer</c>, <c>opportunity</c>, <c>access</c>.</param>
/// <param name="SubjectId">Of a record that does not exist yet, an id that it will not get.</param>
/// <param name="Type">As it would be stored: <c>opportunity_won</c>.</param>
public sealed record FactAnswer(string Subject, Guid SubjectId, string Type, DateTimeOffset OccurredAt, JsonNode? Data);

/// <summary>A fact that was decided on and not written.</summary>
public sealed record RehearsedFact(string StreamType, Guid Stream, object Fact, DateTimeOffset OccurredAt)
{
    /// <summary>What an append would say, but for those who are faster: the state was read anew or is as good as the append would find it.</summary>
    /// <exception cref="ClaimTaken">Another record holds what this one would claim.</exception>
    public static async Task<Written> Rehearse(Store store, AppendRequest request, DateTimeOffset now, CancellationToken ct)
    {
        if (request.Key is not null && await store.Answered(request.Tenant, request.Key, ct) is { } answered)
        {
            return Written.Of(answered, 0) with { Rehearsed = [] };
        }

        var wanted = request.Claims.Where(claim => claim.Take).ToList();
        var held = wanted.Count == 0 ? new Dictionary<(string, string), Guid>()
            : await store.Holders(request.Tenant, [.. wanted.Select(claim => (claim.Kind, claim.Key))], ct);
        foreach (var claim in wanted)
        {
            if (held.TryGetValue((claim.Kind, claim.Key), out var holder) && holder != claim.Stream
                && !request.Claims.Contains(claim with { Stream = holder, Take = false }))
            {
                throw new ClaimTaken(claim.Kind, holder);
            }
        }

        return new Written([.. request.Streams.Select(s => (s.Stream, s.Expected))], (await store.Head(ct)).Position, StatusCodes.Status200OK, false, 0)
        {
            Rehearsed = [.. request.Streams.SelectMany(s => s.Events.Select(e => new RehearsedFact(s.StreamType, s.Stream, e.Data, e.OccurredAt ?? now)))]
        };
    }

    /// <summary>The facts as the caller may see them.</summary>
    public static async Task<IReadOnlyList<FactAnswer>> Tell(IReadOnlyList<RehearsedFact> facts, Caller by, Unsealer unsealer, EventModel.EventTypes types, CancellationToken ct)
    {
        var told = new List<FactAnswer>();
        foreach (var fact in facts)
        {
            var data = Hiding.From(await unsealer.Open(by.Tenant, fact.Fact, ct), fact.StreamType, by.Sight, fact.Fact);
            told.Add(new FactAnswer(fact.StreamType, fact.Stream, types.AliasOf(fact.Fact), fact.OccurredAt, data));
        }

        return told;
    }
}
