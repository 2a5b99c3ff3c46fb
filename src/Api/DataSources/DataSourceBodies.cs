using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.DataSources;
using Crm.Projections;
using Crm.Projections.DataSources;

namespace Crm.Api.DataSources;

/// <summary>What a data source says, how often, and what a reading has to be like.</summary>
/// <param name="Key">By which rules name it, for ever.</param>
/// <param name="Terms">How it says it, and what is expected of it.</param>
public sealed record RegisterSourceRequest([Text(60)] string Key, SourceTermsRequest Terms);

/// <param name="Kind"><c>push</c>: readings are sent; <c>pull</c>: they are fetched.</param>
/// <param name="FreshMinutes">So long its values hold.</param>
/// <param name="System">By whose names its subjects are customers; left out, they are ids of customers.</param>
/// <param name="Url">Of what is fetched: where.</param>
/// <param name="SecondUrl">Where else, if the first does not answer at once.</param>
/// <param name="EveryMinutes">Of what is fetched: how often.</param>
/// <param name="Unit">In which its values are; a reading that says another is held.</param>
/// <param name="Least">A reading with a value below it is held.</param>
/// <param name="Most">A reading with a value above it is held.</param>
/// <param name="ExpectedRows">Of how many customers it tells; left out, of as many as good readings did lately.</param>
/// <param name="LeastPercent">A reading with fewer of these in a hundred is held.</param>
/// <param name="MedianTimes">A reading whose median is more than so many times that of good ones lately, or
/// less than that part of it, is held.</param>
/// <param name="MostZeroPercent">A reading with more zeros in a hundred is held.</param>
/// <param name="MayRepeat">Whether the same values may come again for longer than they hold; otherwise that is taken
/// for a dead feed.</param>
public sealed record SourceTermsRequest(
    SourceKind Kind, [Between(1, 525_600)] int FreshMinutes, [Text(60)] string? System = null, [Text(2000)] string? Url = null,
    [Text(2000)] string? SecondUrl = null, [Between(1, 525_600)] int? EveryMinutes = null, [Text(60)] string? Unit = null,
    decimal? Least = null, decimal? Most = null, [Between(1, 10_000)] int? ExpectedRows = null, [Between(0, 100)] int LeastPercent = 50,
    [Between(2, 1000)] int MedianTimes = 10, [Between(0, 100)] int MostZeroPercent = 90, bool MayRepeat = false)
{
    internal SourceTerms Terms => new(
        Kind, FreshMinutes, System, Url, SecondUrl, EveryMinutes, Unit, Least, Most, ExpectedRows, LeastPercent, MedianTimes,
        MostZeroPercent, MayRepeat);
}

/// <param name="Reason">Why.</param>
public sealed record PauseSourceRequest(string? Reason = null);

public sealed record ResumeSourceRequest;

/// <param name="Reason">Why.</param>
public sealed record RetireSourceRequest(string? Reason = null);

/// <param name="Rows">A value for each customer; of one that is not known here the value is left out, and counted.</param>
/// <param name="MeasuredAt">Of which moment the values are; left out, now.</param>
/// <param name="Key">By which you call this reading: the same again is nothing new. Left out, its moment.</param>
/// <param name="Unit">In which the values are.</param>
public sealed record PushReadingRequest(
    [Items(10_000)] IReadOnlyList<ReadingRowRequest> Rows, DateTimeOffset? MeasuredAt = null, [Text(200)] string? Key = null,
    [Text(60)] string? Unit = null);

/// <param name="Subject">A customer: by id, or as the source's system calls it.</param>
public sealed record ReadingRowRequest([Text(200)] string Subject, decimal Value);

/// <param name="Reason">Why it is used, or is not.</param>
public sealed record SettleReadingRequest(string Reason);

public sealed record DataSourceQuestion(Times Times, ListWords Words, string? Key = null) : IListQuestion
{
    public Asked Asked => Asked.Of(Times, Words, ("key", Key));
}

/// <param name="Source">Only those of the source of this key.</param>
public sealed record SourceReadingQuestion(Times Times, ListWords Words, string? Source = null, string? Outcome = null) : IListQuestion
{
    public Asked Asked => Asked.Of(Times, Words, ("source", Source), ("outcome", Outcome));
}

/// <summary>A data source and how it does.</summary>
/// <param name="Key">By which rules name it.</param>
/// <param name="Kind"><c>push</c> or <c>pull</c>.</param>
/// <param name="Status"><c>active</c>, <c>paused</c> or <c>retired</c>.</param>
/// <param name="Health"><c>fresh</c>; <c>stale</c>: nothing that holds has come; <c>failing</c>: it cannot be fetched; <c>held</c>: what
/// comes is held.</param>
/// <param name="TroubleSince">Since when it is not fresh.</param>
/// <param name="Detail">What came of the last attempt, or what the reading is held for.</param>
/// <param name="LastGood">The reading that was measured last of those that are used.</param>
/// <param name="LastGoodAt">Of when it is.</param>
/// <param name="HeardAt">When the source last had anything to say.</param>
/// <param name="FreshMinutes">So long its values hold.</param>
/// <param name="NextPull">For which moment it is fetched next.</param>
[Sparse]
public sealed record DataSourceAnswer(
    Guid Id, DateTimeOffset RegisteredAt, string Key, string Kind, string Status, string Health, DateTimeOffset? TroubleSince,
    string? Detail, Guid? LastGood, DateTimeOffset? LastGoodAt, DateTimeOffset? HeardAt, int FreshMinutes, int? EveryMinutes,
    DateTimeOffset? NextPull)
{
    public static readonly RecordList<DataSourceList.Row, DataSourceAnswer> List = new(
        "data-source", Catalog.DataSources, "registeredAt", (row, _, _, _) => Task.FromResult(Of(row)),
        shownIn: new Dictionary<string, string> { ["trouble"] = "health" });

    private static DataSourceAnswer Of(DataSourceList.Row r) => new(
        r.SourceId, r.RegisteredAt!.Value, r.Key!, r.Kind!, r.Status,
        r.Trouble switch { null => "fresh", "silent" => "stale", "unreachable" => "failing", var held => held }, r.TroubleSince, r.Detail,
        r.LastGood, r.LastGoodAt, r.HeardAt, r.FreshMinutes!.Value, r.EveryMinutes, r.NextPull);
}

/// <param name="MeasuredAt">Of which moment its values are.</param>
/// <param name="Source">The key of its source.</param>
/// <param name="Key">By which its sender calls it.</param>
/// <param name="Outcome"><c>good</c>, <c>held</c>, <c>accepted</c> or <c>rejected</c>.</param>
/// <param name="Rows">Of how many customers it tells.</param>
/// <param name="Unknown">How many of its subjects are no customers here.</param>
/// <param name="Hash">SHA-256, in hexadecimal, over its values.</param>
/// <param name="Channel"><c>push</c>, <c>first</c> or <c>second</c>.</param>
/// <param name="Marks">What is odd about it: the fault, what was found, and what is expected.</param>
/// <param name="SettledBy">Who accepted or rejected it.</param>
[Sparse]
public sealed record SourceReadingAnswer(
    Guid Id, DateTimeOffset MeasuredAt, Guid SourceId, string Source, string Key, string Outcome, int Rows, int Unknown, decimal? Median,
    string Hash, string Channel, IReadOnlyList<string> Marks, string? SettledBy, string? Reason)
{
    public static readonly RecordList<SourceReadingList.Row, SourceReadingAnswer> List = new(
        "source-reading", Catalog.SourceReadings, "measuredAt", (row, _, _, _) => Task.FromResult(Of(row)));

    internal static SourceReadingAnswer Of(SourceReadingList.Row r) => new(
        r.ReadingId, r.MeasuredAt!.Value, r.SourceId!.Value, r.Source!, r.Key!, r.Outcome!, r.Rows, r.Unknown, r.Median, r.Hash!,
        r.Channel!, r.Marks, r.SettledBy, r.Reason);
}

/// <param name="Values">By customer.</param>
public sealed record SourceReadingDetailAnswer(SourceReadingAnswer Reading, IReadOnlyDictionary<string, decimal> Values);
