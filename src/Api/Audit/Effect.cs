using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Domain.Activities;
using Crm.Domain.Approvals;
using Crm.Domain.Campaigns;
using Crm.Domain.Commitments;
using Crm.Domain.Contacts;
using Crm.Domain.Customers;
using Crm.Domain.CustomFields;
using Crm.Domain.DailyReports;
using Crm.Domain.DataSources;
using Crm.Domain.Forecasting;
using Crm.Domain.Forms;
using Crm.Domain.HelpRequests;
using Crm.Domain.Knowledge;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Orders;
using Crm.Domain.ProductRequests;
using Crm.Domain.SpotChecks;
using Crm.Domain.Tasks;
using Crm.Domain.Tickets;
using Crm.EventModel;
using Crm.Projections;

namespace Crm.Api.Audit;

/// <summary>What a fact did to its record, in the place where it occurred: the record just before and just after it, as it was known then.</summary>
/// <param name="Known">All that was known of the record when the fact was recorded, of later times too.</param>
public sealed record Effect(JsonObject Before, JsonObject After, JsonObject Known)
{
    // Counters and marks that follow from other facts say nothing of their own.
    private static readonly HashSet<string> Unsaid =
        ["touches", "lastTouchAt", "stageSince", "captures", "heardAt", "mergedInto", "borrowed", "lenders", "revision", "changedAt",
        "advancedAt", "cameOnAt", "levelRank", "levelSince", "tierSince", "tierByRule", "lifecycleSince", "stateSince", "customerCount",
        "answers", "touched", "drawn", "moves", "asked", "standIns", "waiting", "involved",
        "marks", "markedSince", "judgedBy", "judgedSince", "silentSince", "overruns"];

    private static readonly HashSet<string> Amounts = ["amount", "budget", "spent", "delivered", "paid"];

    /// <summary>The events of a stream, each with its effect where one is wanted. Goes through the stream once, and anew at a fact that does not simply follow.</summary>
    /// <param name="stream">From its first event on, in the order of recording.</param>
    public static IEnumerable<(Recorded Event, Effect Effect)> Of(IReadOnlyList<Recorded> stream, Func<Recorded, bool> wanted, EventTypes types)
    {
        var model = ModelOf(stream);
        object? row = null;
        var newest = DateTimeOffset.MinValue;
        for (var i = 0; i < stream.Count; i++)
        {
            var e = stream[i];
            if (FoldOrder.Follows(e, newest, types))
            {
                var (before, after) = (row, model?.Fold(row, e));
                (row, newest) = (after, e.OccurredAt);
                if (wanted(e))
                {
                    yield return (e, Between(e, before, after, after));
                }

                continue;
            }

            IReadOnlyList<Recorded> known = [.. stream.Take(i + 1)];
            var facts = FoldOrder.Of(known, types);
            row = Row(model, facts, upTo: null, with: true);
            newest = facts.Count > 0 ? facts[^1].OccurredAt : DateTimeOffset.MinValue;
            if (wanted(e))
            {
                yield return (e, Restated(e, model, [.. known.SkipLast(1)], facts, row, types));
            }
        }
    }

    /// <summary>The fields that came out otherwise.</summary>
    public IEnumerable<(string Field, JsonNode? Before, JsonNode? After)> Changes() =>
        Before.Select(b => b.Key).Union(After.Select(a => a.Key)).Where(name => !Unsaid.Contains(name))
            .Select(name => (name, Before: Value(Before, name), After: Value(After, name))).Where(c => !JsonNode.DeepEquals(c.Before, c.After));

    /// <summary>A field of a record; amounts together with their currency.</summary>
    public static JsonNode? Value(JsonObject record, string field) => record[field] is not { } value ? null
        : Amounts.Contains(field) && record["currency"] is { } currency
            ? new JsonObject { ["amount"] = Rounded(value, currency.ToString()), ["currency"] = currency.DeepClone() }
            : value is JsonArray { Count: 0 } ? null : value.DeepClone();

    // A correction is seen at the fact that it corrects: as it stood, and as it stands. What takes facts back is seen in all that is left.
    private static Effect Restated(Recorded e, ReadModel? model, IReadOnlyList<Recorded> earlier, IReadOnlyList<Recorded> facts, object? row, EventTypes types) =>
        types.IsRetraction(e.Data) ? Between(e, Row(model, FoldOrder.Of(earlier, types), upTo: null, with: true), row, row)
        : types.Corrected(e.Data) is { } corrected
            ? Between(e, Row(model, FoldOrder.Of(earlier, types), corrected, with: true), Row(model, facts, corrected, with: true), row)
            : Between(e, Row(model, facts, e.EventId, with: false), Row(model, facts, e.EventId, with: true), row);

    private static ReadModel? ModelOf(IReadOnlyList<Recorded> stream) => stream.Select(e => (ReadModel?)(e.Data switch
    {
        IOpportunityEvent => Catalog.Opportunities,
        ILeadEvent => Catalog.Leads,
        ICustomerEvent => Catalog.Customers,
        IContactEvent => Catalog.Contacts,
        ICampaignEvent => Catalog.Campaigns,
        IOrderEvent => Catalog.Orders,
        ITaskEvent => Catalog.Tasks,
        IAlertEvent => Catalog.Alerts,
        IFormEvent => Catalog.Forms,
        ISpotCheckEvent => Catalog.SpotChecks,
        IApprovalEvent => Catalog.Approvals,
        ICommitmentEvent => Catalog.Commitments,
        IArticleEvent => Catalog.Articles,
        IDeliveryPlanEvent => Catalog.DeliveryPlans,
        IHelpEvent => Catalog.HelpRequests,
        IDailyReportEvent => Catalog.DailyReports,
        ITicketEvent => Catalog.Tickets,
        IProductRequestEvent => Catalog.ProductRequests,
        IForecastEvent => Catalog.Forecasts,
        ISourceEvent => Catalog.DataSources,
        ISourceReadingEvent => Catalog.SourceReadings,
        _ => null
    })).FirstOrDefault(model => model is not null);

    // A touch changes nothing that is said, not even where it is the first that is heard of a record.
    private static Effect Between(Recorded e, object? before, object? after, object? known) =>
        new(Json(e.Data is ITouched ? after : before), Json(after), Json(known));

    // The row up to a fact; up to the end where that fact was withdrawn.
    private static object? Row(ReadModel? model, IReadOnlyList<Recorded> facts, Guid? upTo, bool with)
    {
        object? row = null;
        foreach (var fact in facts)
        {
            if (fact.EventId == upTo && !with)
            {
                break;
            }

            row = model?.Fold(row, fact);
            if (fact.EventId == upTo)
            {
                break;
            }
        }

        return row;
    }

    private static JsonObject Json(object? row)
    {
        var record = row is null ? [] : JsonSerializer.SerializeToNode(row, row.GetType(), AnswerJson.Options)!.AsObject();
        if (row is not null)
        {
            record.Remove(record.First().Key);                  // its own id
            foreach (var (key, value) in record[CustomValues.Member] as JsonObject ?? [])
            {
                record[CustomValues.Prefix + key] = value?.DeepClone();
            }

            record.Remove(CustomValues.Member);
        }

        return record;
    }

    private static string Rounded(JsonNode amount, string currency) =>
        new Crm.Domain.Money(decimal.Parse(amount.ToString(), System.Globalization.CultureInfo.InvariantCulture), currency).ToString();
}
