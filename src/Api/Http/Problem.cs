using Crm.Domain;

namespace Crm.Api.Http;

/// <summary>A request that cannot be served, as the caller will read it. Anyone may throw it.</summary>
/// <param name="status">400 to 599.</param>
/// <param name="code">Stable; listed in docs/problems.md.</param>
/// <param name="detail">What is wrong this time and what would be right. Never an exception's own text.</param>
/// <param name="errors">What is wrong in each place, where the request itself is to blame.</param>
public sealed class Problem(int status, string code, string detail, params IReadOnlyList<Fault> errors) : Exception(detail)
{
    public int Status => status;

    public string Code => code;

    public IReadOnlyList<Fault> Errors => errors;

    public string Title => Statuses.Of(status).Title;

    /// <summary>Whether the very same request may succeed when sent again later.</summary>
    public bool Retryable { get; init; } = Statuses.Of(status).Retryable;

    /// <summary>When to try again, sent as <c>Retry-After</c> in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How to come in, sent as <c>WWW-Authenticate</c> with a 401.</summary>
    public string? Challenge { get; init; }

    /// <summary>The version that the stream has now, sent as <c>ETag</c> and <c>currentVersion</c>.</summary>
    public long? CurrentVersion { get; init; }

    /// <summary>The request has faults, all of them told at once.</summary>
    public static Problem Invalid(IReadOnlyList<Fault> faults) =>
        new(400, Http.Code.Invalid, faults is [var only] ? only.Message : $"{faults.Count} things are wrong; errors names each.", faults);

    /// <summary>What a bare status means when nobody said more.</summary>
    public static Problem Of(int status) => new(status, Statuses.Of(status).Code, Statuses.Of(status).Detail);

    /// <param name="at">Where in the request it is; left out, in the body.</param>
    public static Problem From(Rejection rejection, Fault? at = null)
    {
        var status = rejection.Kind switch { RejectionKind.Unknown => 404, RejectionKind.WrongState => 409, _ => 422 };
        Fault[] errors = at is not null ? [at] : rejection.Field is { } field
            ? [Fault.InBody("/" + field, rejection.Code, rejection.Message)]
            : [.. rejection.Faults.Select(fault => Fault.InBody(fault.Pointer, fault.Code, fault.Message) with { Need = fault.Need })];
        return new Problem(status, rejection.Code, rejection.Message, errors);
    }
}

/// <summary>Turns exceptions of one kind, such as a store's conflict, into problems. Registered in the container; all are asked.</summary>
public interface IProblemSource
{
    /// <summary>Null when the exception is none of this source's.</summary>
    Problem? From(Exception exception);
}
