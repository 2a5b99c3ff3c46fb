using Crm.Api.Http;
using Crm.Api.Lists;

namespace Crm.Api.Exports;

/// <summary>All rows of a list, so many at a time.</summary>
internal interface IListRun
{
    /// <summary>How the rows that follow show what the first showed.</summary>
    PositionToken Position { get; }

    /// <summary>Goes on; null after the last.</summary>
    Task<IReadOnlyList<object>?> Next(CancellationToken ct);
}

/// <summary>
/// Goes through a list from one end to the other. Without an order it goes by ids, from one to another so many records further, whatever is found between
/// them, which takes as long at the end as at the beginning. In an order that was asked for it looks for each piece anew, so pieces are larger.
/// </summary>
internal sealed class ListRun<TRow, TAnswer>(Listing<TRow, TAnswer> listing, Queries queries, Unsealer unsealer, bool isSorted) : IListRun
    where TRow : class where TAnswer : notnull
{
    // Soon there is something; then as much as is read at little cost, and held in memory.
    private const int First = 200;
    private const int Following = 2_000;
    private const int FollowingSorted = 20_000;

    private readonly bool goesByIds = !isSorted && listing.Question.Wanted.Words is null;
    private readonly IReadOnlyList<SortKey> sort = isSorted ? listing.Question.Sort : [new SortKey(listing.List.Id, Descending: false)];
    private Piece read = new([], null);
    private IReadOnlyList<object>? waiting;
    private PositionToken? position;

    public PositionToken Position => position ?? throw new InvalidOperationException("Nothing was read yet.");

    /// <summary>Reads the first rows, so that what cannot be answered is refused before an answer begins.</summary>
    /// <exception cref="Problem">See <see cref="Listing{TRow, TAnswer}.Read"/>.</exception>
    public async Task Begin(PositionToken? least, CancellationToken ct)
    {
        queries.MustBeOurs(least);
        (read, var shown) = await listing.Read(null, least, (view, _, _) => Rows(view, First, ct), ct);
        position = queries.Token(shown);
        waiting = await Answers(ct);
    }

    public async Task<IReadOnlyList<object>?> Next(CancellationToken ct)
    {
        if (waiting is { } first)
        {
            waiting = null;
            return first;
        }

        if (read.End is null)
        {
            return null;
        }

        (read, _) = await listing.Read(Position, null, (view, _, _) => Rows(view, goesByIds ? Following : FollowingSorted, ct), ct);
        return await Answers(ct);
    }

    private async Task<Piece> Rows(ListView<TRow> view, int most, CancellationToken ct)
    {
        var wanted = listing.Question.Wanted;
        if (goesByIds)
        {
            var after = (Guid?)read.End?[0];
            var end = await view.IdAfter(after, most, ct);
            return new Piece(await view.Between(wanted, after, end, ct), end is null ? null : [end]);
        }

        var rows = await view.Rows(wanted, sort, read.End, most, ct);
        return new Piece(rows, rows.Count < most ? null : [.. sort.Select(key => key.Field.Column.Get(rows[^1]))]);
    }

    private async Task<IReadOnlyList<object>> Answers(CancellationToken ct)
    {
        var (list, tenant) = (listing.List, listing.By.Tenant);
        await unsealer.Fetch(tenant, read.Rows.SelectMany(list.SealedIn), ct);
        var answers = new List<object>(read.Rows.Count);
        foreach (var row in read.Rows)
        {
            answers.Add(await list.Answer(row, unsealer, tenant, ct));
        }

        read = read with { Rows = [] };
        return answers;
    }

    /// <param name="End">What the next piece comes after; null when there is none.</param>
    private sealed record Piece(IReadOnlyList<TRow> Rows, IReadOnlyList<object?>? End);
}
