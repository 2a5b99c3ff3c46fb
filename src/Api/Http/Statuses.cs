namespace Crm.Api.Http;

/// <summary>What a status says by itself: for answers of the framework, and as the title above more particular ones.</summary>
internal sealed record Statuses(string Code, string Title, string Detail, bool Retryable = false)
{
    public static Statuses Of(int status) => status switch
    {
        400 => new(Http.Code.BadRequest, "Bad request", "The request could not be understood."),
        401 => new(Http.Code.Unauthenticated, "Not signed in", "Send credentials, or fresh ones."),
        403 => new(Http.Code.Forbidden, "Not allowed", "Who you are signed in as may not do this."),
        404 => new(Http.Code.NotFound, "Not found", "There is nothing at this address."),
        405 => new(Http.Code.MethodNotAllowed, "Method not allowed", "This address does not take that method; Allow names those it takes."),
        408 => new(Http.Code.Timeout, "Request timeout", "The request arrived too slowly.", Retryable: true),
        409 => new(Http.Code.Refused, "Not as things stand", "The request does not fit the present state."),
        410 => new(Http.Code.Refused, "Gone", "What the request refers to is no more."),
        412 => new(Http.Code.Refused, "Changed meanwhile", "What If-Match named is no longer the current version."),
        413 => new(Http.Code.BodyTooLarge, "Body too large", $"A body may have at most {RequestBytes.Limit} bytes."),
        415 => new(Http.Code.UnsupportedMediaType, "Unsupported media type", "Send the body as application/json in UTF-8, not compressed."),
        422 => new(Http.Code.Refused, "Against the rules", "A rule stands against the request."),
        428 => new(Http.Code.Refused, "Condition required", "Send If-Match."),
        429 => new(Http.Code.TooManyRequests, "Too many requests", "Slow down; Retry-After says for how long.", Retryable: true),
        503 => new(Http.Code.Unavailable, "Unavailable", "The service cannot answer just now.", Retryable: true),
        >= 500 => new(Http.Code.Internal, "Internal error", "Something failed on our side. Quote the requestId when you report it."),
        _ => new(Http.Code.Refused, "Refused", "The request was refused.")
    };
}
