using Crm.Domain.Activities;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Customers.Overview;

/// <summary>Files that are attached to a customer and to what belongs to it, as of any moment.</summary>
internal sealed class CustomerDocuments(Store store, Unsealer unsealer)
{
    private readonly string[] aliases = [.. store.Types.AliasesOf(typeof(IAttachmentAdded)),
        .. store.Types.AliasesOf(typeof(IAttachmentRemoved))];

    /// <param name="records">Each by its id, with the kind of record that it is.</param>
    public async Task<IReadOnlyList<DocumentAnswer>> Of(
        Caller by, IReadOnlyDictionary<Guid, string> records, Lens lens, NpgsqlConnection connection, long known, CancellationToken ct)
    {
        var facts = (await LogReader.OfTypes(connection, store.Types, by.Tenant, [.. records.Keys], aliases, known, ct))
            .Where(fact => fact.OccurredAt < lens.Until).ToList();
        var removed = facts.Select(fact => fact.Data).OfType<IAttachmentRemoved>().Select(fact => fact.AttachmentId).ToHashSet();
        var added = facts.Where(fact => fact.Data is IAttachmentAdded { File: var file } && !removed.Contains(file.AttachmentId))
            .OrderByDescending(fact => fact.OccurredAt);
        var documents = new List<DocumentAnswer>();
        foreach (var fact in added)
        {
            var (file, record) = (((IAttachmentAdded)fact.Data).File, records[fact.StreamId]);
            documents.Add(new(
                file.AttachmentId, record, fact.StreamId, await unsealer.Open(by.Tenant, file.Name.Sealed, ct), file.MediaType, file.Size,
                file.Label, fact.OccurredAt,
                $"/api/v1/{PathOf(record)}/{fact.StreamId}/attachments/{file.AttachmentId}/content"));
        }

        return documents;
    }

    private static string PathOf(string record) => record == "opportunity" ? "opportunities" : $"{record}s";
}
