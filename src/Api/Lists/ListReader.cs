using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Domain.Conditions;
using Npgsql;

namespace Crm.Api.Lists;

/// <summary>
/// Pages of a list, now or as of any moment. Pages that follow show the position of the first: whoever goes through all of them sees each
/// row once, as it was then, whatever is written meanwhile.
/// </summary>
public sealed class ListReader(Queries queries, Cursors cursors, Unsealer unsealer)
{
    private const int MostCounted = 10_000;

    /// <exception cref="Problem">400: the question cannot be answered. 410: the cursor is of another epoch.</exception>
    public async Task<IResult> Page<TRow, TAnswer>(
        RecordList<TRow, TAnswer> list, Caller by, Asked asked, PositionToken? least, IfNoneMatch held, CancellationToken ct)
        where TRow : class where TAnswer : notnull
    {
        var listing = await Listing<TRow, TAnswer>.Of(queries, list, by, asked, ct);
        var (question, bound) = (listing.Question, listing.Bound);
        var from = asked.Page.Cursor is { } text ? cursors.Read(text, bound, asked.Fault("cursor")) : null;
        listing = listing.Behind(from);
        var after = from is null ? null : Values(question.Sort, from.Keys);
        queries.MustBeOurs(least);
        var (read, shown) = await listing.Read(from is null ? null : queries.Token(from.Position), least, async (view, seen, connection) =>
        {
            if (Tag(seen.Position) is { } same && held.Holds(same))
            {
                return ((IReadOnlyList<TRow>, IReadOnlyList<IReadOnlyDictionary<Guid, JsonNode>>, long?)?)null;
            }

            var found = await view.Rows(listing.Wanted, question.Sort, after, asked.Page.Limit + 1, ct);
            var count = asked.Total ? await view.Count(listing.Wanted, MostCounted + 1, ct) : (long?)null;
            return (found, await Others(found, question.Expand, by, seen, connection, ct), count);
        }, ct);

        if (read is not var (rows, others, total))
        {
            return new Positioned(body: null, queries.Token(shown), Tag(shown), held);
        }

        var items = await Items(list, [.. rows.Take(asked.Page.Limit)], question, others, by, ct);
        var next = rows.Count > asked.Page.Limit ? cursors.Write(Behind(rows[asked.Page.Limit - 1]), bound) : null;
        var page = new PageOf<object>(items, next, shown, total is { } count ? Math.Min(count, MostCounted) : null, total is null ? null : total > MostCounted);
        return new Positioned(page, queries.Token(shown), Tag(shown), held) { Links = PageLinks.Of(held.Request, next) };

        string? Tag(long at) =>
            HttpMethods.IsGet(held.Request.Method) ? WeakTag.Of(held.Request, by, queries.Token(at), bound, listing.Moment) : null;

        Cursor Behind(TRow row) => new(shown, [.. question.Sort.Select(key => Text(key, row))], listing.Moment);
    }

    // Records to give along: by expansion, then by id.
    private async Task<IReadOnlyList<IReadOnlyDictionary<Guid, JsonNode>>> Others<TRow>(
        IReadOnlyList<TRow> rows, IReadOnlyList<Expansion> expansions, Caller by, Seen seen, NpgsqlConnection connection, CancellationToken ct) where TRow : class
    {
        var others = new List<IReadOnlyDictionary<Guid, JsonNode>>();
        foreach (var expansion in expansions)
        {
            var ids = rows.Select(row => (Guid?)expansion.By.Column.Get(row)).OfType<Guid>().ToHashSet();
            others.Add(await expansion.Read(ids, by, seen, unsealer, connection, ct));
        }

        return others;
    }

    private async Task<IReadOnlyList<object>> Items<TRow, TAnswer>(
        RecordList<TRow, TAnswer> list, IReadOnlyList<TRow> rows, Question question, IReadOnlyList<IReadOnlyDictionary<Guid, JsonNode>> others, Caller by, CancellationToken ct)
        where TRow : class where TAnswer : notnull
    {
        await unsealer.Fetch(by.Tenant, rows.SelectMany(list.SealedIn), ct);
        var items = new List<object>();
        var trimming = new Trimming(list, by.Sight, question.Fields);
        foreach (var row in rows)
        {
            var answer = await list.Answer(row, unsealer, by.Tenant, ct);
            if (question.Expand.Count == 0)
            {
                items.Add(trimming.Of(answer));
                continue;
            }

            var json = trimming.Json(answer);
            foreach (var (expansion, found) in question.Expand.Zip(others))
            {
                json[expansion.Name] = expansion.By.Column.Get(row) is Guid id && found.TryGetValue(id, out var other) ? other.DeepClone() : null;
            }

            items.Add(json);
        }

        return items;
    }

    internal static string? Text<TRow>(SortKey key, TRow row) where TRow : class =>
        key.Field.Of(row) is { } value ? Operand.Text(value) : null;

    internal static IReadOnlyList<object?> Values(IReadOnlyList<SortKey> sort, IReadOnlyList<string?> texts) => [.. sort.Zip(texts, (key, text) =>
        text is null || key.Field.Field.Kind == FieldKind.Text ? text
        : Operand.Read(key.Field.Field, new WrittenValue(text, WrittenForm.Word), _ => throw new FormatException("A cursor holds no bare day.")).Value)];
}
