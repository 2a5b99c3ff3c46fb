using System.Text.Json.Nodes;
using Crm.Api.Access;
using Crm.Api.Forecasting;
using Crm.Domain.Opportunities;

namespace Crm.Api.Lists;

/// <summary>Takes out of what is told of a record the members that the caller may not see; of amounts their currency too.</summary>
internal static class Hiding
{
    private static readonly string[] OfFiles = ["name", "mediaType", "size", "sha256", "label"];

    /// <param name="fact">What happened, where that is told of; null for a record.</param>
    public static JsonObject? From(JsonObject? told, string record, Sight sight, object? fact = null)
    {
        foreach (var member in told?.Select(m => m.Key).Where(member => Hides(sight, record, member, fact)).ToList() ?? [])
        {
            told!.Remove(member);
        }

        if (sight.HidesFiles && told?["attachmentId"] is not null)
        {
            foreach (var member in OfFiles)
            {
                told.Remove(member);
            }
        }

        if (told?["place"] is not null && !sight.TellsWhereWas(told["visit"]?["rep"]?.ToString()))
        {
            told["place"] = null;
        }

        // That a field was cleared, or is the same as another's, tells what is in it.
        foreach (var names in (string[])["cleared", "matchedBy"])
        {
            if (told?[names] is JsonArray named)
            {
                told[names] = new JsonArray([.. named.Select(name => name!.ToString()).Where(name => !Hides(sight, record, name)).Select(name => (JsonNode)name)]);
            }
        }

        // Why a rule did something is told by what it asked.
        if (told?["because"] is JsonObject because)
        {
            foreach (var field in because.Select(one => one.Key).Where(field => Hides(sight, record, field)).ToList())
            {
                because.Remove(field);
            }
        }

        return told;
    }

    /// <summary>Whether a member of a record, or of a fact about it, tells what is hidden.</summary>
    public static bool Hides(Sight sight, string record, string member, object? fact = null) =>
        FieldsOf(record, member).Concat(VoucherOf(fact, member))
            .Any(field => sight.Hides(record is "approval" or "forecast" or "learned-warnings" ? "opportunity" : record, field));

    // What was won has three references, and each fact calls its own so.
    private static string[] VoucherOf(object? fact, string member) => (fact, member) switch
    {
        (OpportunityPaid, "reference") => ["paymentReference"],
        (OpportunityDelivered, "reference") => ["deliveryReference"],
        _ => []
    };

    // Facts call some things otherwise than records do.
    private static IEnumerable<string> FieldsOf(string record, string member) => (record, member) switch
    {
        ("approval", "facts") => ["amount"],
        ("forecast", "totals" or "total" or "won" or "shadows" or "before" or "now" or "causes") => ForecastDesk.Fields,
        ("learned-warnings", "combinations") => HideableFields.Of("opportunity"),
        ("opportunity", "heldAmount" or "reviewed") => ["amount"],
        ("campaign", "amount") => ["spent"],
        ("campaign", "currency") => ["budget", "spent"],
        ("order", "amount" or "currency") => ["amount", "delivered", "paid"],
        ("task", "aboutKind" or "aboutId") => ["about"],
        ("task", "cause") => ["automation", "causedBy"],
        ("task", "reason") => ["cancelledBecause"],
        ("customer", "stage" or "from") => ["lifecycle"],
        ("customer", "added" or "removed") => ["tags"],
        (_, "currency") => ["amount"],
        (_, "reason") => ["lossReason", "disqualifiedBecause"],
        (_, _) when member.StartsWith("custom.", StringComparison.Ordinal) => ["custom"],
        (_, "system" or "externalId") => [member, "externalIds"],
        _ => [member]
    };
}
