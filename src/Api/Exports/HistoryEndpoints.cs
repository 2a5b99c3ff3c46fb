using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Imports.Runs;
using Crm.Domain.Access;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Exports;

/// <summary>The whole history of a tenant over HTTP: asked for, written meanwhile, and fetched as one file.</summary>
public static class HistoryEndpoints
{
    public static void MapHistories(this IEndpointRouteBuilder app)
    {
        var exports = app.MapGroup("/exports").WithTags("Exports");

        exports.MapPost("/", async (Body<ExportHistoryRequest> body, HttpContext context, Caller by, HistoryDesk desk, CancellationToken ct) =>
            JobAnswer.Accepted(await desk.Ask(by, body.Value, ct), context, "/api/v1/exports"))
            .Produces<JobAnswer>(StatusCodes.Status202Accepted).AnswersWith(HeaderNames.Location).Costs(20).Needs(Functions.HistoryExport)
            .WithName("exportHistory").WithSummary("Have the whole history written to a file");

        exports.MapGet("/", (Caller by, HistoryDesk desk, CancellationToken ct) => desk.All(by, ct))
            .HasNoVersion().Needs(Functions.HistoryExport).WithName("listHistoryExports").WithSummary("Exports of the whole history, newest first");

        exports.MapGet("/{id:guid}", async (Guid id, Caller by, HistoryDesk desk, CancellationToken ct) => JobAnswer.Of(await desk.Find(by, id, ct)))
            .HasNoVersion().Needs(Functions.HistoryExport).WithName("getHistoryExport").WithSummary("How far an export is");

        exports.MapGet("/{id:guid}/file", (Guid id, Caller by, HistoryDesk desk, CancellationToken ct) => desk.File(by, id, ct))
            .Produces<string>(contentType: KeptFile.MediaType).AnswersWith(HeaderNames.ContentDisposition).HasNoVersion().MayFail(409).Costs(20).Needs(Functions.HistoryExport)
            .WithName("getHistoryExportFile").WithSummary("The file of an export");

        exports.MapPost("/{id:guid}/cancellation", async (Guid id, Body<StartRequest> _, Caller by, HistoryDesk desk, CancellationToken ct) =>
            JobAnswer.Of(await desk.Cancel(by, id, ct)))
            .Needs(Functions.HistoryExport).WithName("cancelHistoryExport").WithSummary("Have an export end");
    }
}
