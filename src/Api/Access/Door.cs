using Crm.Api.Http;
using Crm.Domain.Access;

namespace Crm.Api.Access;

/// <summary>Finds out who holds a credential and what he may do just now. It is asked at every request, and again by answers that take long.</summary>
public sealed class Door(Organisations organisations, Tokens tokens, DevKey devKey, KeyUse use, TimeProvider clock)
{
    private static readonly string NoHash = new('0', 64);

    /// <exception cref="Problem">401: nobody holds this.</exception>
    public async Task<Caller> Open(string bearer, CancellationToken ct)
    {
        if (devKey.Is(bearer))
        {
            return await Developer(ct);
        }

        return ApiKeyText.Parse(bearer) is { } key ? await ByKey(key, ct) : await ByToken(await tokens.Read(bearer, ct), ct);
    }

    /// <summary>
    /// Whose calendar is at an address, and what he may do just now; null where nobody's is. It opens no more than that calendar.
    /// </summary>
    public async Task<Caller?> OfCalendar(ApiKeyText? address, CancellationToken ct)
    {
        if (address is null)
        {
            return null;
        }

        var organisation = await organisations.Of(address.Tenant, ct);
        var calendar = organisation.CalendarAt(address.Key);

        // As with keys, whether there is one or not.
        var opens = address.Opens(calendar?.Hash ?? NoHash);
        return opens && calendar is not null && organisation.Active(calendar.Member) is { } member
            ? As(address.Tenant, calendar.Member, member, organisation, new Credential("calendar", calendar.Address))
            : null;
    }

    /// <summary>Whoever came in may still be here and do this, and nothing that he could do then was taken from him.</summary>
    /// <exception cref="Problem">401: the key was revoked, or its holder is gone. 403: he may not any more.</exception>
    public async Task MustStill(Caller caller, string function, CancellationToken ct)
    {
        if (caller.Credential is not { Kind: not DevKey.Kind } credential)
        {
            return;
        }

        var organisation = await organisations.Of(caller.Tenant, ct);
        var isOpen = credential.Login is { } login
            ? MemberBehind(login, organisation) == caller.Id
            : organisation.Keys.GetValueOrDefault(credential.Id!)?.OpensAt(clock.GetUtcNow()) == true;
        var now = isOpen && !(credential.ExpiresAt <= clock.GetUtcNow()) && organisation.Active(caller.Id) is { } member
            ? As(caller.Tenant, caller.Id, member, organisation, credential)
            : throw Refusal.Invalid("It was revoked or has expired.");
        if (!now.Rights.Functions.Contains(function) || !caller.Rights.Functions.IsSubsetOf(now.Rights.Functions) || !now.Sight.SameAs(caller.Sight))
        {
            throw Refusal.NotPermitted(function);
        }
    }

    private async Task<Caller> Developer(CancellationToken ct)
    {
        var organisation = await organisations.Of(Caller.Developer.Tenant, ct);
        return Caller.Developer with { Zone = organisations.ZoneOf(organisation), Credential = new Credential(DevKey.Kind) };
    }

    private async Task<Caller> ByKey(ApiKeyText text, CancellationToken ct)
    {
        var organisation = await organisations.Of(text.Tenant, ct);
        var key = organisation.Keys.GetValueOrDefault(text.Key);

        // A hash is compared in any case, so that the time taken does not tell which key ids there are.
        var opens = text.Opens(key?.Issued.Hash ?? NoHash);
        if (key is null || !opens || !key.OpensAt(clock.GetUtcNow()) || organisation.Active(key.Issued.Member) is not { } member)
        {
            throw Refusal.Invalid("There is no such key, or it has expired or was revoked.");
        }

        use.Note(text.Tenant, text.Key);
        return As(text.Tenant, key.Issued.Member, member, organisation, new Credential("api-key", text.Key, key.Issued.Functions, key.Until));
    }

    private async Task<Caller> ByToken(Token token, CancellationToken ct)
    {
        var organisation = await organisations.Of(token.Tenant, ct);
        return MemberBehind((token.Issuer, token.Subject), organisation) is { } id && organisation.Active(id) is { } member
            ? As(token.Tenant, id, member, organisation, new Credential("token", ExpiresAt: token.ExpiresAt, Login: (token.Issuer, token.Subject)))
            : throw Refusal.Invalid("Nobody here has this login, or he is suspended.");
    }

    // The issuer of development knows members by their ids; to any other a login is linked.
    private static string? MemberBehind((string Issuer, string Subject) login, Organisation organisation) =>
        login.Issuer == DevIssuer.Name ? login.Subject : organisation.Logins.GetValueOrDefault(login);

    private Caller As(string tenant, string id, Member member, Organisation organisation, Credential credential)
    {
        var rights = organisation.RightsOf(member).For(credential.Functions);
        var owners = organisation.OwnersFor(id, rights.Scope) is var (reps, teams) ? new Owners(reps, teams) : null;
        return new Caller(tenant, id)
        {
            Rights = rights,
            Sight = new Sight(
                owners, rights.HiddenFields, HidesFiles: !rights.Functions.Contains(Functions.AttachmentsRead),
                HidesVisits: !rights.Functions.Contains(Functions.VisitsRead)),
            Rep = member.Rep ?? id,
            Team = member.Team,
            Zone = organisations.ZoneOf(organisation),
            Credential = credential
        };
    }
}
