using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain;
using Crm.Domain.Conditions;

namespace Crm.Api.Lists;

/// <summary>A question to a list as a body, for filters that are too long for an address.</summary>
/// <param name="Filter">See docs/api/lists.md.</param>
/// <param name="Q">Words, each of which must be found in a name: part of one, in capitals or not.</param>
/// <param name="Sort">Fields, the first first; a minus turns the order: <c>-amount</c>.</param>
/// <param name="Fields">The members wanted; left out, all.</param>
/// <param name="Expand">Of opportunities: <c>customer</c>, <c>lead</c>.</param>
public sealed record SearchRequest(
    UnreadCondition? Filter = null, string? Q = null, IReadOnlyList<string>? Sort = null, IReadOnlyList<string>? Fields = null, IReadOnlyList<string>? Expand = null,
    [Between(1, 200)] int Limit = 50, [Text(6000)] string? Cursor = null, bool? Total = null, Moment? AsOf = null, Moment? KnownAt = null, Moment? At = null) : IChecked
{
    public Asked Asked => new(new Page(Limit, Cursor), Times)
    {
        FilterJson = Filter?.Json,
        Words = Q,
        Sort = Sort ?? [],
        Fields = Fields,
        Expand = Expand ?? [],
        Total = Total ?? false,
        InBody = true
    };

    private Times Times => new(AsOf, KnownAt, At);

    public IEnumerable<(string Member, string Code, string Message)> Check() => Times.Check();
}

public static class SearchEndpoints
{
    /// <summary>The same list, asked by a body: <c>POST …/search</c>, or <c>QUERY</c> (RFC 10008) of the list itself, which OpenAPI 3.1 has no word for.</summary>
    public static RouteHandlerBuilder MapSearch<TRow, TAnswer>(this IEndpointRouteBuilder records, RecordList<TRow, TAnswer> list, string function)
        where TRow : class where TAnswer : notnull
    {
        records.MapMethods("/", ["QUERY"], Search).Needs(function).ExcludeFromDescription();
        return records.MapPost("/search", Search).Needs(function).WithMetadata(new OnlyReads()).Produces<PageOf<TAnswer>>();

        Task<IResult> Search(Body<SearchRequest> body, Caller by, Headers headers, HttpRequest request, ListReader lists, CancellationToken ct) =>
            lists.Page(list, by, body.Value.Asked, headers.MinPosition, IfNoneMatch.Nothing(request), ct);
    }
}
