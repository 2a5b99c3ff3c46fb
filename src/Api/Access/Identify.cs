using System.Net;
using Crm.Api.Http;
using Microsoft.AspNetCore.Authorization;

namespace Crm.Api.Access;

/// <summary>Lets nobody through whom it does not know, nor to what he may not do: an endpoint that says nothing is open to nobody.</summary>
internal sealed class Identify(RequestDelegate next, Door door, Limits limits, ILogger<Identify> log)
{
    private const string Scheme = "Bearer ";

    public async Task Invoke(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint && !IsFrameworks(endpoint) && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            var caller = await Caller(context);
            context.Features.Set(caller);
            limits.Take(caller, context);
            MustBePermitted(caller, endpoint, context);
        }

        await next(context);
    }

    private async Task<Caller> Caller(HttpContext context)
    {
        // Sent twice, it may come as two lines or as one, joined on the way; no bearer credential has a comma in it.
        if (context.Request.Headers.Authorization is var given && (given.Count > 1 || (IsBearer(given.ToString()) && given.ToString().Contains(','))))
        {
            throw new Problem(401, Code.Unauthenticated, "Two credentials came with one request; send Authorization once.",
                Fault.InHeader("Authorization", Code.BadCredential, "Send Authorization: Bearer and a key or token once; which of several is meant nobody can tell."))
            { Challenge = "Bearer" };
        }

        if (given is not [{ } header])
        {
            throw new Problem(401, Code.Unauthenticated, "Send an API key or an access token: Authorization: Bearer …",
                Fault.InHeader("Authorization", Code.Missing, "Send Authorization: Bearer and a key or token."))
            { Challenge = "Bearer" };
        }

        if (!IsBearer(header))
        {
            throw new Problem(401, Code.Unauthenticated, "Only bearer credentials are taken: Authorization: Bearer …",
                Fault.InHeader("Authorization", Code.BadCredential, "Write Bearer, a space, and the key or token."))
            { Challenge = "Bearer" };
        }

        MustBePrivate(context);
        try
        {
            return await door.Open(header[Scheme.Length..].Trim(), context.RequestAborted);
        }
        catch (Problem refused) when (refused.Status == 401)
        {
            limits.MustNotBeGuessing(context.Connection.RemoteIpAddress);
            log.LogWarning("Refused a credential from {Remote} at {Path}: {Reason}", context.Connection.RemoteIpAddress, Endpoint(context), refused.Message);
            throw;
        }
    }

    private static bool IsBearer(string header) => header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    // Whoever sends a key in the clear over a network has given it away.
    private void MustBePrivate(HttpContext context)
    {
        if (!context.Request.IsHttps && context.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote))
        {
            log.LogWarning("A credential came over http from {Remote}; it should be revoked", remote);
            throw new Problem(403, "https-required", "Credentials are taken over https only. This one has travelled in the clear: revoke it.");
        }
    }

    private void MustBePermitted(Caller caller, Endpoint endpoint, HttpContext context)
    {
        var needs = endpoint.Metadata.GetMetadata<Needs>() ?? throw new Problem(403, Code.Forbidden, "This is open to nobody yet.");
        if (needs.Function is { } function && !caller.Rights.Functions.Contains(function))
        {
            log.LogWarning("Denied {Member} of {Tenant} {Path}: it needs {Function}", caller.Id, caller.Tenant, Endpoint(context), function);
            throw Refusal.NotPermitted(function);
        }
    }

    // What answers a wrong method or media type has no name of a handler.
    private static bool IsFrameworks(Endpoint endpoint) => endpoint is not RouteEndpoint;

    private static string? Endpoint(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
}
