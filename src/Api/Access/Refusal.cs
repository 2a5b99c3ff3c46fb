using Crm.Api.Http;

namespace Crm.Api.Access;

/// <summary>Why somebody does not come in, or may not do something.</summary>
internal static class Refusal
{
    public static Problem Invalid(string detail) => new(401, Code.Unauthenticated, $"The credential is not valid. {detail}") { Challenge = "Bearer error=\"invalid_token\"" };

    public static Problem NotPermitted(string function) => new(403, Code.Forbidden, $"This needs the function {function}, which you do not have.");
}
