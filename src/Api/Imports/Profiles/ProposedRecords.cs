using System.Text.Json.Nodes;

namespace Crm.Api.Imports.Profiles;

/// <summary>The parts of a proposed mapping for records that name others: contacts, orders, and campaigns, which are named.</summary>
internal sealed class ProposedRecords(ProposedFile? contacts, ProposedFile? campaigns, ProposedFile? orders, List<string> questions)
{
    public IReadOnlyList<ProposedFile> Kinds => [.. new[] { contacts, campaigns, orders }.OfType<ProposedFile>()];

    /// <summary>How they name customers; null where they do not.</summary>
    public IReadOnlySet<ulong>? Customers => orders?.Values("customer") ?? contacts?.Values("customer");

    /// <summary>How they name opportunities.</summary>
    public IReadOnlySet<ulong>? Opportunities => orders?.Values("opportunity");

    /// <param name="begun">The beginning of a file's part, with its key.</param>
    public IEnumerable<(string Member, JsonObject Node)> Nodes(Func<ProposedFile, JsonObject> begun)
    {
        if (contacts is not null)
        {
            yield return ("contacts", ProposedParts.With(begun(contacts), contacts, "customer", "name", "at", "email", "phone", "title"));
        }

        if (campaigns is not null)
        {
            yield return ("campaigns", Campaigns(campaigns, begun(campaigns)));
        }

        if (orders is not null)
        {
            yield return ("orders", Orders(orders, begun(orders)));
        }
    }

    private JsonObject Campaigns(ProposedFile file, JsonObject node)
    {
        ProposedParts.With(node, file, "name", "channel", "startsOn", "endsOn", "budget");
        if (file.Kind["spent"] is not { } spent)
        {
            return ProposedParts.With(node, file, "at");
        }

        questions.Add($"When was what '{spent.Name}' of {file.File.File} says spent? It counts as known since the import; name a column as 'at' of 'spent', and one of the campaign, if there are some.");
        node["spent"] = new JsonObject { ["amount"] = spent.Name };
        return node;
    }

    // With dates, or all of it without: what was paid on a day that nobody says would stand anywhere.
    private JsonObject Orders(ProposedFile file, JsonObject node)
    {
        var kind = file.Kind;
        ProposedParts.With(node, file, "customer", "opportunity");
        var isDated = kind["signed"] is not null && (kind["paid"] is null || kind["paidOn"] is not null);
        node["signed"] = ProposedParts.With(new JsonObject(), ("at", isDated ? kind["signed"]!.Name : null), ("amount", kind["amount"]!.Name));
        if (isDated && kind["delivered"] is { } delivered)
        {
            node["delivered"] = new JsonObject { ["at"] = delivered.Name };
        }

        if (kind["paid"] is { } paid)
        {
            node["paid"] = ProposedParts.With(new JsonObject(), ("at", isDated ? kind["paidOn"]!.Name : null), ("amount", paid.Name));
        }

        if (!isDated)
        {
            questions.Add($"{file.File.File} does not say when orders were signed and paid, or not both; all of it counts as known since the import, and nothing as delivered. Name columns as 'at' if there are some.");
        }

        return node;
    }
}
