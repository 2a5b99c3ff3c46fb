using System.Text.Json;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Imports.Files;
using Crm.Domain;
using Crm.EventModel;

namespace Crm.Api.Imports.Runs;

/// <summary>
/// The rows of an import by what became of them, each as a file of one kind of record. Rows that failed, and those that were not done, have all their
/// cells, so that a person can put them right and send the file again.
/// </summary>
internal sealed class ResultFiles(Engine engine, ImportTable imports, ImportDesk desk)
{
    private static readonly string[] TakenHeadings = ["line", "key", "outcome", "recordId", "events", "notes"];
    private static readonly string[] FailedHeadings = ["crm_line", "crm_reason", "crm_message", "crm_field"];

    /// <exception cref="Rejection">There is no mapping; or the files are needed and are not here any more.</exception>
    public async Task<IResult> Of(Caller by, Guid id, ImportResultState state, string? kind, CancellationToken ct)
    {
        var import = await desk.FindForWork(by, id, ct);
        var mapping = ImportDesk.MappingOf(import);
        var names = mapping.Kinds.Select(record => record.Name).ToList();
        var wanted = kind is null && mapping.Kinds is [var only] ? only : mapping.Kinds.FirstOrDefault(record => record.Name == kind)
            ?? throw Problem.Invalid([Fault.InQuery("kind", kind is null ? Code.Missing : Code.NotOneOf, $"Send one of: {string.Join(", ", names)}.")]);
        var name = $"{wanted.Name}-{state.ToString().ToLowerInvariant()}.csv";
        if (state == ImportResultState.Succeeded)
        {
            return new Answer(name, mapping, scratch: null, csv => Taken(csv, by.Tenant, id, wanted, ct));
        }

        var scratch = await Copied(by.Tenant, id, wanted, state, ct);
        try
        {
            var source = scratch is null ? null : Open(mapping, wanted, scratch);
            return new Answer(name, mapping, scratch, csv => state == ImportResultState.Failed
                ? Failed(csv, by.Tenant, import, wanted, source, ct)
                : Unprocessed(csv, by.Tenant, import, wanted, source!, ct));
        }
        catch (ImportProblem problem)
        {
            scratch?.Dispose();
            throw Rejection.BrokenRule("import.files", problem.Message);
        }
    }

    // What became of rows is known for longer than what stood in them.
    private async Task<Scratch?> Copied(string tenant, Guid id, RecordKind kind, ImportResultState state, CancellationToken ct)
    {
        try
        {
            return await Scratch.Of(engine.Files, tenant, id, [kind.Table.File], ct);
        }
        catch (ImportProblem problem)
        {
            return state == ImportResultState.Failed ? null : throw Rejection.BrokenRule("import.files", problem.Message);
        }
    }

    private static SourceFile Open(Mapping mapping, RecordKind kind, Scratch scratch) => SourceFile.Look(
        kind, TableFile.Open(Path.Combine(scratch.Folder, kind.Table.File), mapping.Text, mapping.Cells, kind.Table.Sheet), isNamed: false);

    private async Task Taken(CsvSheet csv, string tenant, Guid id, RecordKind kind, CancellationToken ct)
    {
        await csv.Write(TakenHeadings, ct);
        await foreach (var row in imports.Rows(tenant, id, kind.Name, failed: false, ct))
        {
            await csv.Write([$"{row.Line}", row.Key, row.State.ToString().ToLowerInvariant(), row.Record?.ToString() ?? "", $"{row.Events}", string.Join(' ', row.Notes)], ct);
        }
    }

    private async Task Failed(CsvSheet csv, string tenant, Import import, RecordKind kind, SourceFile? source, CancellationToken ct)
    {
        var headings = Headings(source);
        await csv.Write([.. FailedHeadings, .. headings], ct);
        using var rows = (source is null ? [] : NumberedRow.Of(source)).GetEnumerator();
        NumberedRow? at = null;
        await foreach (var row in imports.Rows(tenant, import.Id, kind.Name, failed: true, ct))
        {
            // Both go by line.
            while ((at is null || at.Row.Line < row.Line) && rows.MoveNext())
            {
                at = rows.Current;
            }

            await csv.Write([$"{row.Line}", row.Reason ?? "", row.Message ?? "", row.Field ?? "", .. Cells(at, row.Line, headings)], ct);
        }
    }

    private async Task Unprocessed(CsvSheet csv, string tenant, Import import, RecordKind kind, SourceFile source, CancellationToken ct)
    {
        var headings = Headings(source);
        var done = await imports.Done(tenant, import.Id, kind.Name, ct);
        await csv.Write(["crm_line", .. headings], ct);
        foreach (var row in NumberedRow.Of(source).Where(row => !done.Contains(row.Row.Line)))
        {
            await csv.Write([$"{row.Row.Line}", .. Cells(row, row.Row.Line, headings)], ct);
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

    /// <summary>A file, written as it is read, with the delimiter that the mapping expects when it comes back.</summary>
    private sealed class Answer(string name, Mapping mapping, Scratch? scratch, Func<CsvSheet, Task> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            using var gone = scratch;
            context.Response.ContentType = CsvSheet.ContentType;
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
            await using var csv = new CsvSheet(context.Response.BodyWriter.AsStream(), mapping.Text.Delimiter ?? ',');
            await write(csv);
            await csv.Flush(context.RequestAborted);
        }
    }
}
