using Crm.Api.Access;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain.Access;
using Crm.Projections;
using Crm.Projections.DataSources;

namespace Crm.Api.Imports;

/// <summary>What imports could not take, or took with something missing, over HTTP.</summary>
public static class ImportEndpoints
{
    public static void MapImports(this IEndpointRouteBuilder app)
    {
        var rows = app.MapGroup("/imports/rows").WithTags("Imports");

        rows.MapGet("/", (Query<Paged<ImportRowQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(ImportRowAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<ImportRowAnswer>>().Needs(Functions.ImportsRead).WithName("listImportRows")
            .WithSummary("Rows of imported files that were set aside, or taken with something missing");

        rows.MapExport("import-rows", ImportRowAnswer.List, Functions.ImportsRead, (ImportRowQuestion q) => q.Asked)
            .WithName("exportImportRows").WithSummary("All such rows that are asked for, as a file");
    }
}

public enum ImportRowState { SetAside, Noted, Accepted }

/// <param name="Reason">Why it is set aside, or its first note.</param>
/// <param name="Note">Anything that is missing or unknown, of rows that are set aside too.</param>
public sealed record ImportRowQuestion(
    ListWords Words, ImportRowState? State = null, string? Reason = null, string? Note = null, string? Source = null, string? Kind = null,
    string? File = null, string? Key = null) : IListQuestion
{
    public Asked Asked => Asked.Of(new Times(), Words, ("state", State is { } state ? ChoiceShape.Spell(state.ToString()) : null),
        ("reason", Reason), ("source", Source), ("kind", Kind), ("file", File), ("key", Key)).And("note", "notes", Note);
}

/// <param name="Notes">Everything that is missing or unknown, by code; of a row that is set aside too.</param>
[Sparse]
public sealed record ImportRowAnswer(
    Guid Id, string Source, string Kind, string File, int Line, string Key, string State, string Reason, string Message, string? Field,
    IReadOnlyList<string> Notes, DateTimeOffset Since)
{
    public static readonly RecordList<ImportLog.Row, ImportRowAnswer> List =
        new("import-row", Catalog.ImportLog, "since", (row, _, _, _) => Task.FromResult(Of(row)), [nameof(ImportLog.Row.Cells)]);

    public static ImportRowAnswer Of(ImportLog.Row r) =>
        new(r.RowId, r.Source, r.Kind, r.File, r.Line, r.Key, r.State, r.Reason, r.Message, r.Field, r.Notes, r.Since);
}
