using System.Reflection;
using Crm.Api.Access;

namespace Crm.Api;

/// <summary>Who asks, and for whom. Until identity comes it is one fixed developer, and the program listens on loopback only.</summary>
public sealed record Caller(string Tenant, string Id)
{
    public Sight Sight { get; init; } = Sight.Everything;

    public static readonly Caller Developer = new(Tenant: "main", Id: "developer");

    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<Caller?>(Developer);
}
