using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Jobs;
using Crm.Domain;
using Crm.EventStore.Sealing;

namespace Crm.Api.Imports.Runs;

/// <param name="Name">For people.</param>
public sealed record MakeImportRequest([Text(200)] string Name);

public sealed record StartRequest;

/// <param name="State">
/// <c>open</c>: files and mapping can be given. <c>running</c>: rows are being taken in, or taken back. <c>imported</c>: all rows are done.
/// <c>stopped</c>: it was cancelled or failed on the way; running it again goes on with the rows that are left. <c>undone</c>: what it had said is taken back.
/// </param>
/// <param name="Mapping">As it was sent; null until then.</param>
/// <param name="Rows">What became of the rows so far, by kind.</param>
/// <param name="Jobs">All that was asked for, the newest first.</param>
public sealed record ImportAnswer(
    Guid Id, string Name, ImportState State, IReadOnlyList<ImportFileAnswer> Files, JsonNode? Mapping, IReadOnlyList<KindCounts> Rows, IReadOnlyList<JobAnswer> Jobs,
    string MadeBy, DateTimeOffset MadeAt);

public enum ImportState { Open, Running, Imported, Stopped, Undone }

/// <param name="Size">In bytes, as far as it has come.</param>
/// <param name="IsComplete">All of it is here.</param>
public sealed record ImportFileAnswer(string Name, long Size, bool IsComplete)
{
    public static ImportFileAnswer Of(StoredFile file) => new(file.Name, file.Size, file.IsComplete);
}

/// <summary>One of many imports.</summary>
public sealed record ImportOverview(Guid Id, string Name, string MadeBy, DateTimeOffset MadeAt);

public sealed record ImportPage(IReadOnlyList<ImportOverview> Items, string? NextCursor);

/// <summary>Rows of one kind.</summary>
/// <param name="Created">They made a new record.</param>
/// <param name="Attached">They told of a lead that was known already, and are part of that now.</param>
/// <param name="Continued">They said more of a record that there was.</param>
/// <param name="Unchanged">They said nothing new.</param>
/// <param name="Failed">They were not taken.</param>
/// <param name="Reasons">Of those that failed, how many for which reason.</param>
public sealed record KindCounts(
    string Kind, long Created, long Attached, long Continued, long Unchanged, long Failed, IReadOnlyDictionary<string, long> Reasons, long Events)
{
    internal static KindCounts Of(KindReport report) => new(
        report.Kind, report.New, report.Attached, report.Continued, report.Unchanged, report.SetAside.Values.Sum(),
        report.SetAside.ToDictionary(reason => reason.Key, reason => (long)reason.Value), report.Events);

    internal static IReadOnlyList<KindCounts> Of(IReadOnlyList<RowCount> counts) => [.. counts.GroupBy(count => count.Kind).Select(kind => new KindCounts(
        kind.Key, Rows(kind, RowState.Created), Rows(kind, RowState.Attached), Rows(kind, RowState.Continued), Rows(kind, RowState.Unchanged), Rows(kind, RowState.Failed),
        kind.Where(count => count.State == RowState.Failed).ToDictionary(count => count.Reason ?? "", count => count.Rows), kind.Sum(count => count.Events)))];

    private static long Rows(IEnumerable<RowCount> counts, RowState state) => counts.Where(count => count.State == state).Sum(count => count.Rows);
}

/// <summary>What an import, or its dry run, came to.</summary>
/// <param name="Position">To be sent as <c>Crm-Min-Position</c> by whoever reads what it wrote; null of a dry run, and of what ended before
/// positions were told.</param>
public sealed record ImportResult(IReadOnlyList<KindCounts> Rows, string? Position = null);

/// <summary>Long work that was asked for.</summary>
/// <param name="Kind"><c>import</c>, <c>import-dry-run</c>, <c>import-undo</c> …</param>
/// <param name="Phase">What it is doing now; null before it begins.</param>
/// <param name="Done">Of <c>total</c>, in the measure of the phase: rows, mostly.</param>
/// <param name="IsCancelling">Somebody wants it to end; it will.</param>
/// <param name="Result">What came of it; null until it has succeeded.</param>
/// <param name="Trouble">Why it failed; null where it did not.</param>
public sealed record JobAnswer(
    Guid Id, string Kind, JobState State, string? Phase, long Done, long Total, bool IsCancelling, string AskedBy, DateTimeOffset AskedAt, DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt, JsonNode? Result, string? Trouble)
{
    /// <summary>It is taken on; how far it is says the address.</summary>
    /// <param name="at">Of all of its kind.</param>
    internal static IResult Accepted(Job job, HttpContext context, string at)
    {
        context.Response.Headers.Location = $"{at}/{job.Id}";
        return TypedResults.Json(Of(job), AnswerJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    public static JobAnswer Of(Job job) => new(
        job.Id, job.Kind, job.State, job.Phase, job.Done, job.Total, job.IsCancelling, job.AskedBy, job.AskedAt, job.StartedAt, job.EndedAt, job.Result, job.Trouble);
}
