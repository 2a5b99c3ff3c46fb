using Crm.Api.Access;
using Crm.Api.Http;

namespace Crm.Api.Batches;

/// <summary>Many writes in one request.</summary>
public static class BatchEndpoints
{
    public static void MapBatch(this IEndpointRouteBuilder app) =>
        app.MapPost("/batch", async (Body<BatchRequest> body, HttpContext context, Inside inside) =>
        {
            if (context.Features.Get<Inside.Within>() is not null)
            {
                throw new Problem(400, "batch.within", "A batch cannot be part of a batch.");
            }

            var answers = new List<BatchItemAnswer>();
            foreach (var (number, item) in body.Value.Items.Index())
            {
                answers.Add(await inside.Send(context, item, number));
            }

            return new BatchAnswer(answers);
        }).WithTags("Batch").NeedsIdentity().WithName("sendBatch").WithSummary("Send up to a hundred writes at once, each with a result of its own");
}
