using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Access;

namespace Crm.Api.Access;

/// <summary>API keys over HTTP: issued, rotated, revoked. A key is told once, when it is made.</summary>
internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup("/api-keys").WithTags("Access");

        keys.MapGet("/", async (Caller by, AccessWrites access, KeyUse use, CancellationToken ct) =>
        {
            var organisation = await access.Organisation(by, ct);
            var used = await use.Of(by.Tenant, ct);
            return new ListOf<KeyAnswer>([.. organisation.Keys.Values.Select(key => Answer(key, used))]);
        }).Needs(Functions.MembersRead).WithName("listApiKeys").WithSummary("The keys there are; never the keys themselves");

        keys.MapGet("/{id}", async (string id, Caller by, AccessWrites access, KeyUse use, CancellationToken ct) =>
            (await access.Organisation(by, ct)).Keys.GetValueOrDefault(id) is { } key ? Answer(key, await use.Of(by.Tenant, ct)) : throw Missing())
            .Needs(Functions.MembersRead).WithName("getApiKey").WithSummary("One key; never the key itself");

        keys.MapPost("/", async (Body<IssueKeyRequest> body, Incoming incoming, AccessWrites access, CancellationToken ct) =>
        {
            var (r, by, text) = (body.Value, incoming.By, ApiKeyText.New(incoming.By.Tenant));
            var expires = incoming.Now.AddDays(r.ExpiresInDays ?? 90);
            var written = await access.Write(
                new IssueApiKey(text.Key, r.Member ?? by.Id, r.Name, text.Hash, r.Functions, expires, by.Rights), incoming.Call(body, null, 201), ct);
            return await Told(access, by, written, text, expires, ct);
        }).Needs(Functions.MembersManage).Creates<NewKeyAnswer>().WithName("issueApiKey").WithSummary("Issue a key; it is told this once");

        keys.MapPost("/{id}/rotation", async (string id, Body<RotateKeyRequest> body, Incoming incoming, AccessWrites access, CancellationToken ct) =>
        {
            var (by, text) = (incoming.By, ApiKeyText.New(incoming.By.Tenant));
            var until = incoming.Now.AddHours(body.Value.OverlapHours ?? 24);
            var expires = (await access.Organisation(by, ct)).Keys.GetValueOrDefault(id)?.Issued.ExpiresAt;
            var written = await access.Write(new RotateApiKey(id, text.Key, text.Hash, until, incoming.Now, by.Rights), incoming.Call(body, null, 201), ct);
            return await Told(access, by, written, text, expires, ct);
        }).Needs(Functions.MembersManage).Creates<NewKeyAnswer>().WithName("rotateApiKey")
        .WithSummary("Put a new key in place of one, which still opens for a while");

        keys.MapPost("/{id}/revocation", (string id, Body<RevokeKeyRequest> body, Incoming incoming, AccessWrites access, CancellationToken ct) =>
            access.Send(new RevokeApiKey(id, body.Value.Reason, incoming.By.Rights), incoming.Call(body, null), ct))
            .Needs(Functions.MembersManage).Changes().WithName("revokeApiKey").WithSummary("Close a key, at once");
    }

    private static async Task<WriteResult> Told(AccessWrites access, Caller by, Written written, ApiKeyText text, DateTimeOffset? expires, CancellationToken ct)
    {
        if (!written.Replayed)
        {
            return Answer(text.Key, written.Rehearsed is null ? text.Text : null, expires);
        }

        // The key of the first answer is told again by its id only: what was made now opens nothing.
        var first = await access.LastUpTo<ApiKeyIssued>(by, written.Version, ct);
        return Answer(first.Key, key: null, first.ExpiresAt);

        WriteResult Answer(string id, string? key, DateTimeOffset? until) =>
            access.Answer(written, $"/api/v1/api-keys/{id}", new NewKeyAnswer(id, key, until, written.Version, written.Position));
    }

    private static KeyAnswer Answer(ApiKey key, IReadOnlyDictionary<string, DateTimeOffset> used) => new(
        key.Issued.Key, key.Issued.Member, key.Issued.Name, key.Issued.Functions, key.Until, key.Revoked,
        used.TryGetValue(key.Issued.Key, out var at) ? at : null);

    private static Rejection Missing() => Rejection.Unknown("access.key-unknown", "There is no such key.");
}
