using Crm.Domain.Opportunities;

namespace Crm.Api.Http;

/// <summary>One thing that is wrong with a request: where it stands, a stable code, and a sentence that says what would be right.</summary>
/// <param name="Pointer">JSON Pointer into the body; the empty text is the body as a whole.</param>
/// <param name="Parameter">Name of a query parameter.</param>
/// <param name="Header">Name of a request header.</param>
public sealed record Fault(string? Pointer, string? Parameter, string? Header, string Code, string Message)
{
    /// <summary>What a gate asks for and is missing, to be read by programs.</summary>
    public GateNeed? Need { get; init; }

    public static Fault InBody(string pointer, string code, string message) => new(pointer, null, null, code, message);

    public static Fault InQuery(string parameter, string code, string message) => new(null, parameter, null, code, message);

    public static Fault InHeader(string header, string code, string message) => new(null, null, header, code, message);
}
