using System.Text.Json.Serialization;
using Crm.Api.Http;

namespace Crm.Api.Lists;

/// <param name="NextCursor">Where the next page begins; null on the last.</param>
/// <param name="Position">The position that the page shows.</param>
/// <param name="Total">How many there are on all pages, where that was asked for.</param>
/// <param name="TotalIsCapped">There are more than total says; they were not counted.</param>
public sealed record PageOf<T>(
    IReadOnlyList<T> Items, string? NextCursor, long Position,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Total = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? TotalIsCapped = null);
