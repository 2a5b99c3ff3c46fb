using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Crm.Api.Access;
using Crm.Api.Lists;

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
    /// <summary>The facts as the caller may see them.</summary>
    public static async Task<IReadOnlyList<FactAnswer>> Tell(IReadOnlyList<RehearsedFact> facts, Caller by, Unsealer unsealer, EventModel.EventTypes types, CancellationToken ct)
    {
        var told = new List<FactAnswer>();
        foreach (var fact in facts)
        {
            var data = Hiding.From(await unsealer.Open(by.Tenant, fact.Fact, ct), fact.StreamType, by.Sight);
            told.Add(new FactAnswer(fact.StreamType, fact.Stream, types.AliasOf(fact.Fact), fact.OccurredAt, data));
        }

        return told;
    }
}
