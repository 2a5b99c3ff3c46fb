using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain;

namespace Crm.Api.Batches;

/// <param name="Items">Writes, carried out one after the other, each by itself: one that is refused stops none of the others and takes none back.</param>
public sealed record BatchRequest([Items(100)] IReadOnlyList<BatchItemRequest> Items);

public enum BatchMethod { Post, Put, Patch, Delete }

/// <param name="Path">Below <c>/api/v1/</c>, with its query: <c>leads</c>, <c>opportunities/{id}/stage?dryRun=true</c>.</param>
/// <param name="Body">What the operation takes as its body.</param>
/// <param name="IdempotencyKey">Makes a repeated item do its work once, in this batch or by itself.</param>
/// <param name="IfMatch">The ETag of the version that the item is meant for.</param>
public sealed record BatchItemRequest(
    BatchMethod Method, [Text(2000)] string Path, AnyJson? Body = null, [Text(255)] string? IdempotencyKey = null, [Text(1000)] string? IfMatch = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (Path.StartsWith('/') || !Uri.IsWellFormedUriString(Path, UriKind.Relative))
        {
            yield return ("path", Code.BadText, "Write it as it stands below /api/v1/, without a slash in front: leads, opportunities/{id}/stage.");
        }
    }
}

/// <summary>What each item came to, in the order of the items.</summary>
public sealed record BatchAnswer(IReadOnlyList<BatchItemAnswer> Items);

/// <param name="Status">As the operation would have answered by itself.</param>
/// <param name="ETag">The record's version.</param>
/// <param name="Location">The address of something new.</param>
/// <param name="Position">Send it as <c>Crm-Min-Position</c> to see at least this much.</param>
/// <param name="Replayed">It is the first answer to an item sent again.</param>
/// <param name="Body">What was answered: a record, or a problem.</param>
public sealed record BatchItemAnswer(int Status, string? ETag, string? Location, string? Position, bool Replayed, JsonNode? Body);
