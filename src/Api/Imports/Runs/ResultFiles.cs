using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Imports.Files;
using Crm.Domain;
using Crm.EventModel;
using CsvHelper;

namespace Crm.Api.Imports.Runs;

/// <summary>
/// The rows of an import by what became of them, each as a file of one kind of record. Rows that failed, and those that were not done, have all their
/// cells, so that a person can put them right and send the file again.
/// </summary>
internal sealed class ResultFiles(Engine engine, ImportTable imports, ImportDesk desk)
{
    private static readonly CsvWriterOptions Options = new() { WriteByteOrderMark = true, Injection = CsvInjection.Escape };

    private static readonly string[] TakenHeadings = ["line", "key", "outcome", "recordId", "events", "notes"];
    private static readonly string[] FailedHeadings = ["crm_line", "crm_reason", "crm_message", "crm_field"];

    public async Task<IResult> Of(Caller by, Guid id, ImportResultState state, string? kind, CancellationToken ct)
    {
        var import = await desk.FindForWork(by, id, ct);
        var mapping = Mapping.Parse(import.Mapping ?? throw Rejection.BrokenRule("crm_mapping", "The import has no mapping yet: PUT …/mapping."));
        var names = mapping.Kinds.Select(record => record.Name).ToList();
        var wanted = kind is null && mapping.Kinds is [var only] ? only : mapping.Kinds.FirstOrDefault(record => record.Name == kind)
            ?? throw Problem.Invalid([Fault.InQuery("kind", kind is null ? Code.Missing : Code.NotOneOf, $"Send one of: {string.Join(", ", names)}.")]);
        var scratch = state == ImportResultState.Succeeded ? null : await Scratch.Of(engine.Files, by.Tenant, id, ct);
        return new Answer($"{wanted.Name}-{state.ToString().ToLowerInvariant()}.csv", scratch, csv => state switch
        {
            ImportResultState.Succeeded => Taken(csv, by.Tenant, id, wanted, ct),
            ImportResultState.Failed => Failed(csv, by.Tenant, import, wanted, Open(mapping, wanted, scratch!), ct),
            _ => Unprocessed(csv, by.Tenant, import, wanted, Open(mapping, wanted, scratch!), ct)
        });
    }

    private static SourceFile? Open(Mapping mapping, RecordKind kind, Scratch scratch)
    {
        var path = Path.Combine(scratch.Folder, kind.Table.File);
        return File.Exists(path) ? SourceFile.Look(kind, TableFile.Open(path, mapping.Text, mapping.Cells, kind.Table.Sheet), isNamed: false) : null;
    }

    private async Task Taken(CsvWriter csv, string tenant, Guid id, RecordKind kind, CancellationToken ct)
    {
        await csv.WriteRecordAsync(TakenHeadings, ct);
        await foreach (var row in imports.Rows(tenant, id, kind.Name, failed: false, ct))
        {
            await csv.WriteRecordAsync(
                [$"{row.Line}", row.Key, row.State.ToString().ToLowerInvariant(), row.Record?.ToString() ?? "", $"{row.Events}", string.Join(' ', row.Notes)], ct);
        }
    }

    private async Task Failed(CsvWriter csv, string tenant, Import import, RecordKind kind, SourceFile? source, CancellationToken ct)
    {
        var headings = Headings(source);
        await csv.WriteRecordAsync([.. FailedHeadings, .. headings], ct);
        using var rows = (source is null ? [] : NumberedRow.Of(source)).GetEnumerator();
        await foreach (var row in imports.Rows(tenant, import.Id, kind.Name, failed: true, ct))
        {
            while (rows.MoveNext() && rows.Current.Row.Line < row.Line)
            {
                // Both go by line.
            }

            await csv.WriteRecordAsync([$"{row.Line}", row.Reason ?? "", row.Message ?? "", row.Field ?? "", .. Cells(rows.Current, row.Line, headings)], ct);
        }
    }

    private async Task Unprocessed(CsvWriter csv, string tenant, Import import, RecordKind kind, SourceFile? source, CancellationToken ct)
    {
        var headings = Headings(source);
        var done = await imports.Done(tenant, import.Id, kind.Name, ct);
        await csv.WriteRecordAsync(["crm_line", .. headings], ct);
        foreach (var row in (source is null ? [] : NumberedRow.Of(source)).Where(row => !done.Contains(row.Row.Line)))
        {
            await csv.WriteRecordAsync([$"{row.Row.Line}", .. Cells(row, row.Row.Line, headings)], ct);
        }
    }

    private static IReadOnlyList<string> Headings(SourceFile? source) => [.. source?.File.Columns.OrderBy(column => column.Value).Select(column => column.Key) ?? []];

    private static IEnumerable<string> Cells(NumberedRow? row, int line, IReadOnlyList<string> headings)
    {
        if (row is null || row.Row.Line != line)
        {
            return headings.Select(_ => "");
        }

        var cells = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Row.ToJson(), EventTypes.Json)!;
        return headings.Select(heading => cells.GetValueOrDefault(heading, ""));
    }

    /// <summary>A file, written as it is read.</summary>
    private sealed class Answer(string name, Scratch? scratch, Func<CsvWriter, Task> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            using var gone = scratch;
            context.Response.ContentType = "text/csv; charset=utf-8; header=present";
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
            await using var csv = CsvWriter.Create(context.Response.BodyWriter.AsStream(), Options, leaveOpen: true);
            await write(csv);
            await csv.FlushAsync(context.RequestAborted);
        }
    }
}
