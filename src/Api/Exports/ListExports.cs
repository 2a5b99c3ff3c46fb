using System.Globalization;
using Crm.Api.Access;
using Crm.Api.Events;
using Crm.Api.Http;
using Crm.Api.Lists;
using NodaTime;

namespace Crm.Api.Exports;

/// <summary>All that a question to a list finds, as a file.</summary>
/// <param name="Format"><c>csv</c> for spreadsheets, or <c>ndjson</c>: each record as the list shows it, one a line.</param>
public sealed record ExportQuestion<TQuestion>(TQuestion Question, ExportFormat Format = ExportFormat.Csv) where TQuestion : class, IListQuestion;

/// <summary>Opens exports of lists.</summary>
public sealed class ListExports(Queries queries, Unsealer unsealer, Door door, OpenStreams streams, TimeProvider clock)
{
    /// <exception cref="Problem">400: the question cannot be answered. 429: the caller has as many answers under way as he may have.</exception>
    public async Task<IResult> Open<TRow, TAnswer>(
        RecordList<TRow, TAnswer> list, ListFile file, Caller by, Asked asked, PositionToken? least, CancellationToken ct)
        where TRow : class where TAnswer : notnull
    {
        var listing = await Listing<TRow, TAnswer>.Of(queries, list, by, asked, ct);
        var place = streams.Enter(by);
        var run = new ListRun<TRow, TAnswer>(listing, queries, unsealer, isSorted: asked.Sort.Count > 0);
        try
        {
            await run.Begin(least, ct);
            var trimming = new Trimming(list, by.Sight, listing.Question.Fields);
            IReadOnlyList<string> own = [.. (await queries.OwnFields(list, by.Tenant, ct)).All.Select(field => field.Section.Key)];
            var day = Instant.FromDateTimeOffset(listing.At ?? clock.GetUtcNow()).InZone(by.Zone).Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
            return new ListExport(
                run, file.Format, typeof(TAnswer), trimming, own, $"{file.Records}-{day}",
                stop => door.MustStill(by, file.Function, stop), place);
        }
        catch
        {
            place.Dispose();
            await run.DisposeAsync();
            throw;
        }
    }
}

/// <param name="Records">What it is a file of: <c>leads</c>.</param>
/// <param name="Function">What one must be permitted for it.</param>
public sealed record ListFile(string Records, string Function, ExportFormat Format);

public static class ExportEndpoints
{
    /// <summary>The whole list as a file: <c>GET …/export</c>.</summary>
    public static RouteHandlerBuilder MapExport<TRow, TAnswer, TQuestion>(
        this IEndpointRouteBuilder records, string name, RecordList<TRow, TAnswer> list, string function, Func<TQuestion, Asked> asked)
        where TRow : class where TAnswer : notnull where TQuestion : class, IListQuestion =>
        records.MapGet("/export", (Query<ExportQuestion<TQuestion>> query, Caller by, Headers headers, ListExports exports, CancellationToken ct) =>
            exports.Open(list, new ListFile(name, function, query.Value.Format), by, asked(query.Value.Question), headers.MinPosition, ct))
        .Produces<string>(StatusCodes.Status200OK, CsvSheet.MediaType, AnswerFile.Lines).Needs(function).Costs(5);
}
