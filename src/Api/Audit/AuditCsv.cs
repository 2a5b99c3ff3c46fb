using System.Text.Json;
using Crm.Api.Exports;
using Crm.Api.Http;

namespace Crm.Api.Audit;

/// <summary>The audit trail as a file for spreadsheets: RFC 4180 in UTF-8, what looks like a formula made harmless (<see cref="Formulas"/>). Written as it is read.</summary>
public sealed class AuditCsv(IAsyncEnumerable<AuditEntry> entries) : IResult
{
    private static readonly string[] Headings =
    [
        "position", "recordedAt", "occurredAt", "actor", "source", "kind", "subject", "subjectId", "subjectName", "version", "requestId", "sentence", "changes",
        "id", "corrects", "undated"
    ];

    public async Task ExecuteAsync(HttpContext context)
    {
        // A program that stops does not wait for the end of a long file; the line is cut, so that nobody takes a part for the whole.
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var cut = stopping.Register(context.Abort);
        var stop = context.RequestAborted;
        context.Response.ContentType = CsvSheet.ContentType;
        context.Response.Headers.ContentDisposition = "attachment; filename=\"audit.csv\"";
        await using var csv = new CsvSheet(context.Response.BodyWriter.AsStream());
        await csv.Write(Headings, stop);
        await foreach (var e in entries.WithCancellation(stop))
        {
            await csv.Write(
            [
                Text(e.Position), Text(e.RecordedAt), Text(e.OccurredAt), e.Actor ?? "", e.Source ?? "", e.Kind, e.Subject, e.SubjectId.ToString(),
                e.SubjectName ?? "", Text(e.Version), e.RequestId ?? "", e.Sentence, JsonSerializer.Serialize(e.Changes, AnswerJson.Options),
                e.Id.ToString(), e.Corrects?.ToString() ?? "", e.Undated ? "true" : "false"
            ], stop);
        }

        await csv.Flush(stop);
    }

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, AnswerJson.Options).Trim('"');
}
