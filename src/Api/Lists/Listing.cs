using Crm.Api.Http;
using Crm.Domain.Conditions;
using Crm.EventModel;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Lists;

/// <summary>
/// A question to a list that is read piece by piece. All pieces show the position of the first: whoever goes through all of them sees each row once, as
/// it was then, whatever is written meanwhile.
/// </summary>
/// <param name="moment">That is asked about, where time alone makes a difference.</param>
internal sealed class Listing<TRow, TAnswer>(
    Queries queries, RecordList<TRow, TAnswer> list, Caller by, Question question, Lens lens, DateTimeOffset moment)
    where TRow : class where TAnswer : notnull
{
    private readonly IReadOnlyList<ReadModel> models =
    [
        list.Model, .. question.Expand.Select(e => e.Target.Model).Except([list.Model]), .. question.Wanted.Words is not null ? [Catalog.Search] : Array.Empty<ReadModel>()
    ];

    public RecordList<TRow, TAnswer> List => list;

    public Caller By => by;

    public Question Question => question;

    /// <exception cref="Problem">400: the question cannot be answered.</exception>
    public static async Task<Listing<TRow, TAnswer>> Of(Queries queries, RecordList<TRow, TAnswer> list, Caller by, Asked asked, CancellationToken ct)
    {
        var lens = await queries.Lens(asked.Times, by.Zone, ct, asked.InBody);
        var own = await queries.OwnFields(list, by.Tenant, ct);
        var question = new QuestionReader(list, by, asked, own).Read(day => Http.Moment.OfDay(day).In(by.Zone));
        return new Listing<TRow, TAnswer>(queries, list, by, question, lens, lens.AsOf ?? lens.KnownAt ?? TimeProvider.System.GetUtcNow());
    }

    /// <summary>The same as its first page was asked.</summary>
    public Listing<TRow, TAnswer> Behind(Cursor? page) => page?.Moment is { } first ? new(queries, list, by, question, lens, first) : this;

    /// <summary>Which records are wanted, at the moment that is asked about.</summary>
    public Wanted Wanted => question.Passing is { } passing
        ? question.Wanted with { Where = new Condition.All([question.Wanted.Where, passing.At(moment)]) }
        : question.Wanted;

    /// <summary>That moment; null where time alone makes no difference.</summary>
    public DateTimeOffset? Moment => question.Passing is null ? null : moment;

    /// <summary>Everything that decides which rows there are and in which order.</summary>
    public string Bound => question.Bound(list, by.Tenant, lens);

    /// <summary>As of when; null for the newest.</summary>
    public DateTimeOffset? At => lens.AsOf ?? lens.KnownAt;

    /// <summary>Reads a piece, in one snapshot.</summary>
    /// <param name="first">What the first piece showed; null for the first.</param>
    /// <param name="least">How far the first must have come.</param>
    /// <returns>The piece, and the position that it shows.</returns>
    /// <exception cref="Problem">410: the first piece is of another life of the store. 503: the models are behind.</exception>
    public async Task<(T Piece, long Position)> Read<T>(
        PositionToken? first, PositionToken? least, Func<ListView<TRow>, Seen, NpgsqlConnection, Task<T>> read, CancellationToken ct)
    {
        // Without a history there is no going back: each piece then shows what stands.
        var pin = list.Model.KeepsHistory ? first?.Position : null;
        var (piece, reached) = await queries.Read(by.Tenant, models, lens, first ?? (question.Wanted.Words is null ? least : AtLeast(least)), (connection, upTo) =>
        {
            var seen = new Seen(lens, pin ?? upTo, IsPinned: list.Model.KeepsHistory && (first is not null || models.Count > 1));
            return read(new ListView<TRow>(list, list.Rows, by, seen, connection), seen, connection);
        }, ct);
        return (piece, pin ?? reached);
    }

    // Candidates that lag behind the list would leave out what it shows: they are waited for, and nothing found is then nothing there.
    private PositionToken AtLeast(PositionToken? least) => queries.Token(Math.Max(least?.Position ?? 0, queries.Reached(list.Model) ?? 0));
}
