using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.EventStore;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Crm.Api.Attachments;

/// <summary>Files that belong to leads, customers and opportunities, over HTTP.</summary>
public static class AttachmentEndpoints
{
    public static void MapAttachments(this IEndpointRouteBuilder app)
    {
        foreach (var kind in (AttachmentKind[])[AttachmentKind.Leads, AttachmentKind.Customers, AttachmentKind.Opportunities])
        {
            app.MapGroup($"/{kind.Path}/{{id:guid}}/attachments").WithTags("Attachments").Map(kind);
        }
    }

    private static void Map(this IEndpointRouteBuilder attachments, AttachmentKind kind)
    {
        var name = char.ToUpperInvariant(kind.List.Name[0]) + kind.List.Name[1..];

        attachments.MapPost("/", (Guid id, HttpContext context, Incoming incoming, AttachmentDesk desk, CancellationToken ct) =>
            desk.Add(kind, id, context, incoming, ct))
            .TakesForm().Creates<AttachAnswer>().MayFail(404).MayFail(409).MayFail(412).MayFail(413).MayFail(415).MayFail(422).Costs(20)
            .Needs(Functions.AttachmentsWrite).WithName($"attachTo{name}").WithSummary($"Attach a file to {Article(kind)}");

        attachments.MapGet("/", (Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, AttachmentDesk desk, CancellationToken ct) =>
            desk.List(kind, by, id, query.Value.Times, held, ct))
            .Produces<AttachmentList>().Needs(Functions.AttachmentsRead).WithName($"list{name}Attachments")
            .WithSummary($"Files that are attached to {Article(kind)}, now or as of any moment");

        attachments.MapGet("/{attachment:guid}/content", (
            Guid id, Guid attachment, Query<OneQuestion> query, Caller by, IfNoneMatch _, HttpContext context, AttachmentDesk desk, CancellationToken ct) =>
            desk.Content(kind, by, id, attachment, query.Value.Times, context, ct))
            .AnswersAnyFile().AnswersWith(HeaderNames.ContentDisposition, HeaderNames.ETag).MayFail(410).Costs(5)
            .Needs(Functions.AttachmentsRead).WithName($"download{name}Attachment").WithSummary($"A file that is attached to {Article(kind)}");

        attachments.MapPost("/{attachment:guid}/removal", async (
            Guid id, Guid attachment, Body<RemoveAttachmentRequest> body, Incoming incoming, AttachmentDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Remove(kind, id, attachment, body.Value.Reason, incoming.Call(body, body.Value.OccurredAt), ct), createdUnder: null))
            .Changes().Needs(Functions.AttachmentsWrite).WithName($"detachFrom{name}")
            .WithSummary($"Take a file away from {Article(kind)}; the past keeps it");
    }

    private static string Article(AttachmentKind kind) => $"{(kind.List.Name[0] is 'o' ? "an" : "a")} {kind.List.Name}";

    // Of whatever type, whole or a part of it.
    private static RouteHandlerBuilder AnswersAnyFile(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces(StatusCodes.Status200OK).Produces(StatusCodes.Status206PartialContent).AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var status in (string[])["200", "206"])
            {
                operation.Responses![status].Content!["*/*"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
            }

            return Task.CompletedTask;
        });

    private static RouteHandlerBuilder TakesForm(this RouteHandlerBuilder endpoint) => endpoint.AddOpenApiOperationTransformer((operation, context, _) =>
    {
        var schema = Http.Shapes.Shape.OfRecord(typeof(AttachFileRequest)).Inline(context.Document!);
        schema.Properties!.Add(AttachmentForm.FilePart, new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = "The file, with its name." });
        schema.Required = new HashSet<string>([.. schema.Required ?? new HashSet<string>(), AttachmentForm.FilePart]);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["multipart/form-data"] = new() { Schema = schema } }
        };
        return Task.CompletedTask;
    });
}

/// <param name="Reason">Why it is taken away.</param>
public sealed record RemoveAttachmentRequest(string? Reason = null, DateTimeOffset? OccurredAt = null);

/// <param name="Id">The record that it is attached to.</param>
/// <param name="Version">Of the record, also the ETag.</param>
/// <param name="Position">Up to where a read has to look to see this write.</param>
/// <param name="Name">As it will be given back.</param>
/// <param name="MediaType">What the file is by its bytes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Of its bytes, in lower-case hex.</param>
public sealed record AttachAnswer(Guid Id, long Version, long Position, Guid AttachmentId, string Name, string MediaType, long Size, string Sha256) : AnswerOfWrite;

/// <summary>Files, in the order in which they were attached.</summary>
public sealed record AttachmentList(IReadOnlyList<AttachmentAnswer> Items);

/// <param name="Name">Null where the person whom the record is about has been forgotten.</param>
/// <param name="MediaType">What the file is by its bytes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Of its bytes, in lower-case hex.</param>
/// <param name="Label">What it is evidence of.</param>
/// <param name="TouchId">The touch that it belongs to.</param>
/// <param name="By">Who attached it.</param>
/// <param name="Via">The part of the record that it came by: a lead that was merged into this one.</param>
public sealed record AttachmentAnswer(
    Guid Id, string? Name, string MediaType, long Size, string Sha256, string? Label, Guid? TouchId, DateTimeOffset AttachedAt, string? By, Guid? Via);
