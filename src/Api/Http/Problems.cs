using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Domain;

namespace Crm.Api.Http;

/// <summary>Gives every failure, ours and the framework's, one face: <c>application/problem+json</c> (RFC 9457).</summary>
internal sealed class Problems(RequestDelegate next, IEnumerable<IProblemSource> sources, ILogger<Problems> log)
{
    public const string MediaType = "application/problem+json";

    internal static readonly JsonSerializerOptions Json = new(AnswerJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping                  // names and quotes stay readable; nosniff keeps it safe
    };

    public async Task Invoke(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBareFailure(context.Response)) await Write(context, Problem.Of(context.Response.StatusCode));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();                                                    // the caller has left; nobody reads an answer
        }
        catch (Exception e) when (context.Response.HasStarted)
        {
            log.LogError(e, "Request {RequestId} failed in the middle of its answer", context.TraceIdentifier);
            context.Abort();                                                    // a torn answer must not look like a whole one
        }
        catch (Exception e)
        {
            context.Response.Clear();
            await Write(context, Translate(e, context));
        }
    }

    private static bool IsBareFailure(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null or 0 };

    private Problem Translate(Exception exception, HttpContext context)
    {
        if (exception is Problem problem) return problem;
        if (exception is Rejection rejection) return Problem.From(rejection);
        if (sources.Select(source => source.From(exception)).FirstOrDefault(p => p is not null) is { } known) return known;
        // The framework's sentences name our types and parameters, so only the status is taken over.
        if (exception is BadHttpRequestException bad) return Problem.Of(bad.StatusCode);

        log.LogError(exception, "Request {RequestId} failed", context.TraceIdentifier);
        return Problem.Of(500);
    }

    private static async Task Write(HttpContext context, Problem problem)
    {
        await RequestBytes.Drain(context);

        var response = context.Response;
        response.StatusCode = problem.Status;
        if (problem.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture);
        if (problem.Challenge is { } challenge) response.Headers.WWWAuthenticate = challenge;
        if (problem.CurrentVersion is { } version) response.Headers.ETag = ETag.Of(version);

        var document = ProblemDocument.Of(problem, context.Request.Path.ToUriComponent(), context.TraceIdentifier);
        await AnswerJson.Send(context, document, Json, MediaType);
    }
}
