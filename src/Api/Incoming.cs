using System.Reflection;
using Crm.Api.Http;
using Crm.Domain;
using Crm.EventStore;
using Microsoft.AspNetCore.Http.Metadata;

namespace Crm.Api;

/// <param name="DryRun">Check and decide, tell what would be recorded, and record nothing.</param>
public sealed record WriteQuestion(bool? DryRun = null);

/// <summary>A write as it comes in over HTTP: who sends it, under which key, on which version, and whether it is meant.</summary>
public sealed record Incoming(Caller By, Headers Headers, bool IsDryRun, string RequestId, string Scope, DateTimeOffset Now)
    : IBindableFromHttpContext<Incoming>, IEndpointParameterMetadataProvider
{
    public static async ValueTask<Incoming?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var by = (await Caller.BindAsync(context, parameter))!;
        return new Incoming(
            by, (await Headers.BindAsync(context, parameter))!,
            (await Query<WriteQuestion>.BindAsync(context, parameter))!.Value.DryRun ?? false, context.TraceIdentifier,
            $"{by.Id} {context.Request.Method} {context.Request.Path}",
            context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        Headers.PopulateMetadata(parameter, builder);
        Query<WriteQuestion>.PopulateMetadata(parameter, builder);
    }

    /// <param name="occurredAt">When it happened, by the caller's word; null for now.</param>
    public Call Call<T>(Body<T> body, DateTimeOffset? occurredAt, short status = 200) where T : class
    {
        if (occurredAt > Now + Crm.Api.Call.MostAhead)
        {
            throw Rejection.BrokenRule("time.ahead",
                $"Facts have happened: occurredAt may be at most {Crm.Api.Call.MostAhead.TotalMinutes:0} minutes ahead of {Now:yyyy-MM-ddTHH:mm:ssZ}.", "occurredAt");
        }

        var key = Headers.IdempotencyKey is { } name ? new IdempotencyKey(Scope, name, Convert.FromHexString(body.Fingerprint)) : null;
        return new Call(By, occurredAt, Headers.IfMatch, key, RequestId, Source: "api", status) { IsDryRun = IsDryRun };
    }
}
