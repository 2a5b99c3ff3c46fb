using System.Reflection;
using Crm.Api.Access;
using Crm.Domain.Access;
using NodaTime;

namespace Crm.Api;

/// <summary>Who asks, for which tenant, what he may do, and what he may see.</summary>
/// <param name="Id">The member's id, as it stands with every event that he causes.</param>
public sealed record Caller(string Tenant, string Id)
{
    public Rights Rights { get; init; } = Rights.Everything;

    public Sight Sight { get; init; } = Sight.Everything;

    /// <summary>What leads and opportunities call him.</summary>
    public string Rep { get; init; } = Id;

    public string? Team { get; init; }

    /// <summary>The tenant's zone, where its days begin.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZone.Utc;

    /// <summary>What he came in with; null for the program itself.</summary>
    public Credential? Credential { get; init; }

    /// <summary>The one whom the development key stands for.</summary>
    public static readonly Caller Developer = new(Tenant: "main", Id: "developer");

    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<Caller?>(Of(context));

    /// <exception cref="InvalidOperationException">Nobody was let in; an endpoint that is open to all must not ask for a caller.</exception>
    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("There is no caller: the endpoint is open to everybody.");
}

/// <summary>What a caller came in with. Never the secret.</summary>
/// <param name="Kind"><c>api-key</c>, <c>token</c>, <c>development-key</c>; or <c>calendar</c>, which opens no more than that.</param>
/// <param name="Id">The key's id; null where it has none.</param>
/// <param name="Functions">What the key may do of what its holder may; null for all of it.</param>
/// <param name="ExpiresAt">Null for never.</param>
/// <param name="Login">Of a token: whose it is to its issuer.</param>
public sealed record Credential(string Kind, string? Id = null, IReadOnlyList<string>? Functions = null, DateTimeOffset? ExpiresAt = null,
    (string Issuer, string Subject)? Login = null);
