using Crm.Api.Http;
using Crm.Api.Lists;

namespace Crm.Api.Exports;

/// <summary>All rows of a list, so many at a time.</summary>
internal interface IListRun : IAsyncDisposable
{
    /// <summary>What all of them show.</summary>
    PositionToken Position { get; }

    /// <summary>Goes on; null after the last.</summary>
    Task<IReadOnlyList<object>?> Next(CancellationToken ct);
}

/// <summary>
/// Goes through a list from one end to the other, in constant memory and in time that grows with its length. Without an order it goes by ids, from one to
/// another so many records further, whatever is found between them. For an order that was asked for, and for words, the ids of all that is found are laid down
/// first, and their rows looked up by these.
/// </summary>
internal sealed class ListRun<TRow, TAnswer>(Listing<TRow, TAnswer> listing, Queries queries, Unsealer unsealer, bool isSorted) : IListRun
    where TRow : class where TAnswer : notnull
{
    // Soon there is something; then as much as is read at little cost.
    private const int First = 200;
    private const int Following = 2_000;

    private readonly IdFile? order = isSorted || listing.Question.Wanted.Words is not null ? new IdFile() : null;
    private IReadOnlyList<object>? waiting;
    private PositionToken? position;
    private Guid? end;
    private bool isOver;

    public PositionToken Position => position ?? throw new InvalidOperationException("Nothing was read yet.");

    /// <summary>Reads the first rows, so that what cannot be answered is refused before an answer begins.</summary>
    /// <exception cref="Problem">See <see cref="Listing{TRow, TAnswer}.Read"/>.</exception>
    public async Task Begin(PositionToken? least, CancellationToken ct)
    {
        queries.MustBeOurs(least);
        if (order is null)
        {
            var (rows, shown) = await listing.Read(null, least, (view, _, _) => Between(view, First, ct), ct);
            position = queries.Token(shown);
            waiting = await Answers(rows, ct);
            return;
        }

        var (_, at) = await listing.Read(null, least, async (view, _, _) =>
        {
            IReadOnlyList<SortKey> sort = isSorted ? listing.Question.Sort : [new SortKey(listing.List.Id, Descending: false)];
            await view.Ids(listing.Wanted, sort, order.Add, ct);
            return true;
        }, ct);
        position = queries.Token(at);
        order.Rewind();
        waiting = await InOrder(order, First, ct) ?? [];
    }

    public async Task<IReadOnlyList<object>?> Next(CancellationToken ct)
    {
        if (waiting is { } first)
        {
            waiting = null;
            return first;
        }

        return order is not null ? await InOrder(order, Following, ct)
            : isOver ? null
            : await Answers((await listing.Read(Position, null, (view, _, _) => Between(view, Following, ct), ct)).Piece, ct);
    }

    public ValueTask DisposeAsync() => order?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<IReadOnlyList<TRow>> Between(ListView<TRow> view, int most, CancellationToken ct)
    {
        var from = end;
        end = await view.IdAfter(from, most, ct);
        isOver = end is null;
        return await view.Between(listing.Wanted, from, end, ct);
    }

    private async Task<IReadOnlyList<object>?> InOrder(IdFile ids, int most, CancellationToken ct)
    {
        var next = ids.Next(most);
        if (next.Count == 0)
        {
            return null;
        }

        var id = listing.List.Id.Column;
        var (found, _) = await listing.Read(Position, null, (view, _, _) => view.Of(next, ct), ct);
        var rows = found.ToDictionary(row => (Guid)id.Get(row)!);
        return await Answers([.. next.Select(rows.GetValueOrDefault).OfType<TRow>()], ct);
    }

    private async Task<IReadOnlyList<object>> Answers(IReadOnlyList<TRow> rows, CancellationToken ct)
    {
        var (list, tenant) = (listing.List, listing.By.Tenant);
        await unsealer.Fetch(tenant, rows.SelectMany(list.SealedIn), ct);
        var answers = new List<object>(rows.Count);
        foreach (var row in rows)
        {
            answers.Add(await list.Answer(row, unsealer, tenant, ct));
        }

        return answers;
    }
}
