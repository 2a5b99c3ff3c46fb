using System.Globalization;
using System.Net;
using Crm.Api.Http;

namespace Crm.Api.Access;

/// <summary>What a request takes of its caller's share; 1 where nothing is said.</summary>
internal sealed record Costs(int Tokens);

/// <summary>How much each tenant, each key, each login and each failing stranger may ask in a time. The development key may ask as much as it likes.</summary>
public sealed class Limits(Settings settings, TimeProvider clock)
{
    private const double Burst = 5;

    private readonly Buckets<string> tenants = new(settings.TenantRequestsPerSecond, Burst, clock);
    private readonly Buckets<(string Tenant, string? Key, (string Issuer, string Subject)? Login)> credentials = new(settings.KeyRequestsPerSecond, Burst, clock);
    private readonly Buckets<IPAddress> strangers = new(settings.TenantRequestsPerSecond > 0 ? 50 : 0, 20, clock);

    /// <summary>Counts a credential that opened nothing. One that opens is not held back by others from the same address.</summary>
    /// <exception cref="Problem">429: too many from there have opened nothing.</exception>
    public void MustNotBeGuessing(IPAddress? remote)
    {
        if (remote is not null && strangers.Of(remote) is { } bucket && !bucket.Take(1))
        {
            throw TooMany(bucket.Until(1), "Too many credentials from your address have opened nothing.");
        }
    }

    /// <summary>Takes a request's cost from its tenant and its credential, and tells the caller what is left.</summary>
    /// <exception cref="Problem">429: one of them has used up its share.</exception>
    internal void Take(Caller caller, HttpContext context)
    {
        if (caller.Credential is not { Kind: not DevKey.Kind } credential)
        {
            return;
        }

        var cost = context.GetEndpoint()?.Metadata.GetMetadata<Costs>()?.Tokens ?? 1;
        var shares = ((string Name, Bucket? Bucket)[])[("tenant", tenants.Of(caller.Tenant)), ("key", credentials.Of((caller.Tenant, credential.Id, credential.Login)))];
        var taken = new List<Bucket>();

        // Only at the last moment: an answer that turns into a problem is cleared of what was set before.
        context.Response.OnStarting(() =>
        {
            // To be told that nothing has changed costs nothing, where it is found out before the work.
            if (cost == 1 && context.Response.StatusCode == StatusCodes.Status304NotModified)
            {
                taken.ForEach(bucket => bucket.GiveBack(cost));
            }

            Tell(shares, context);
            return Task.CompletedTask;
        });
        try
        {
            foreach (var (name, bucket) in shares)
            {
                if (bucket is not null)
                {
                    taken.Add(bucket.Take(cost) ? bucket : throw TooMany(bucket.Until(cost), $"The {name} has used up its share of requests for the moment."));
                }
            }
        }
        catch (Problem)
        {
            taken.ForEach(bucket => bucket.GiveBack(cost));
            throw;
        }
    }

    private static Problem TooMany(TimeSpan wait, string detail) =>
        new(429, Code.TooManyRequests, $"{detail} Retry-After says when there is room again.") { RetryAfter = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(wait.TotalSeconds))) };

    // As in draft-ietf-httpapi-ratelimit-headers-10: the share's name, what it holds in which time, what is left, when it is full.
    private static void Tell((string Name, Bucket? Bucket)[] shares, HttpContext context)
    {
        var headers = context.Response.Headers;
        var told = shares.Where(share => share.Bucket is not null).Select(share => (share.Name, Bucket: share.Bucket!)).ToList();
        headers["RateLimit-Policy"] = string.Join(", ", told.Select(s => FormattableString.Invariant($"\"{s.Name}\";q={s.Bucket.Size:F0};w={Burst:F0}")));
        headers["RateLimit"] = string.Join(", ", told.Select(s =>
            FormattableString.Invariant($"\"{s.Name}\";r={Math.Floor(s.Bucket.Left):F0};t={Math.Ceiling(s.Bucket.Until(s.Bucket.Size).TotalSeconds):F0}")));
        if (told.MinBy(s => s.Bucket.Left) is { Bucket: { } least })
        {
            headers["X-RateLimit-Limit"] = least.Size.ToString("F0", CultureInfo.InvariantCulture);
            headers["X-RateLimit-Remaining"] = Math.Floor(least.Left).ToString("F0", CultureInfo.InvariantCulture);
            headers["X-RateLimit-Reset"] = Math.Ceiling(least.Until(least.Size).TotalSeconds).ToString("F0", CultureInfo.InvariantCulture);
        }
    }
}
