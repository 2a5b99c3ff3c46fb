using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.EventModel;
using Crm.Projections;

namespace Crm.Api.Audit;

/// <summary>What a fact did to its record, in the place where it occurred: the record just before and just after it, as it was known then.</summary>
public sealed record Effect(JsonObject Before, JsonObject After)
{
    // Counters and marks that follow from other facts say nothing of their own.
    private static readonly HashSet<string> Unsaid = ["touches", "lastTouchAt", "stageSince"];

    private static readonly Effect None = new([], []);

    /// <param name="stream">The stream's events up to and with the one in question, in the order of recording.</param>
    public static Effect Of(IReadOnlyList<Recorded> stream, EventTypes types) => stream[^1] switch
    {
        { Data: Crm.Domain.Opportunities.IOpportunityEvent } => Of(Catalog.Opportunities, stream, types),
        { Data: Crm.Domain.Leads.ILeadEvent } => Of(Catalog.Leads, stream, types),
        { Data: Crm.Domain.Customers.ICustomerEvent } => Of(Catalog.Customers, stream, types),
        _ => None
    };

    /// <summary>The fields that came out otherwise.</summary>
    public IEnumerable<(string Field, JsonNode? Before, JsonNode? After)> Changes() =>
        Before.Select(b => b.Key).Union(After.Select(a => a.Key)).Where(name => !Unsaid.Contains(name))
            .Select(name => (name, Before: Value(Before, name), After: Value(After, name))).Where(c => !JsonNode.DeepEquals(c.Before, c.After));

    /// <summary>A field of a record; amounts together with their currency.</summary>
    public static JsonNode? Value(JsonObject record, string field) => record[field] is not { } value ? null
        : field == "amount" && record["currency"] is { } currency
            ? new JsonObject { ["amount"] = Rounded(value, currency.ToString()), ["currency"] = currency.DeepClone() }
            : value is JsonArray { Count: 0 } ? null : value.DeepClone();

    private static Effect Of(ReadModel model, IReadOnlyList<Recorded> stream, EventTypes types)
    {
        var e = stream[^1];
        var after = FoldOrder.Of(stream, types);

        // A correction is seen at the fact that it corrects: as it stood, and as it stands.
        return types.Corrected(e.Data) is { } corrected
            ? new Effect(Row(model, FoldOrder.Of([.. stream.SkipLast(1)], types), corrected, with: true), Row(model, after, corrected, with: true))
            : new Effect(Row(model, after, e.EventId, with: false), Row(model, after, e.EventId, with: true));
    }

    // The row up to a fact; up to the end where that fact was withdrawn.
    private static JsonObject Row(ReadModel model, IReadOnlyList<Recorded> facts, Guid upTo, bool with)
    {
        object? row = null;
        foreach (var fact in facts)
        {
            if (fact.EventId == upTo && !with)
            {
                break;
            }

            row = model.Fold(row, fact);
            if (fact.EventId == upTo)
            {
                break;
            }
        }

        var record = row is null ? [] : JsonSerializer.SerializeToNode(row, row.GetType(), AnswerJson.Options)!.AsObject();
        if (row is not null)
        {
            record.Remove(record.First().Key);                  // its own id
        }

        return record;
    }

    private static string Rounded(JsonNode amount, string currency) =>
        new Crm.Domain.Money(decimal.Parse(amount.ToString(), System.Globalization.CultureInfo.InvariantCulture), currency).ToString();
}
