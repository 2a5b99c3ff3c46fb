using static Crm.Domain.Access.AccessRules;

namespace Crm.Domain.Access;

/// <summary>Keys are issued, rotated and revoked by those who have all the rights that they open.</summary>
internal static class KeyRules
{
    public static IReadOnlyList<IAccessEvent> Issue(Organisation state, IssueApiKey c)
    {
        MustBeFunctions(c.Functions);
        MustHaveRoom(state.Keys.Values.Count(key => !key.Revoked));
        KnownMember(state, c.Member, c.Giver, field: "member");
        return [new ApiKeyIssued(c.Key, c.Member, c.Name, c.Hash, c.Functions, c.ExpiresAt)];
    }

    public static IReadOnlyList<IAccessEvent> Rotate(Organisation state, RotateApiKey c)
    {
        var key = KnownKey(state, c.Key, c.Giver);
        if (!key.OpensAt(c.Now))
        {
            throw Rejection.WrongState("access.key-closed", "This key has expired or was revoked; issue another.");
        }

        return
        [
            key.Issued with { Key = c.Successor, Hash = c.Hash },
            new ApiKeyRotated(c.Key, c.Successor, c.Until)
        ];
    }

    public static ApiKey KnownKey(Organisation state, string id, Rights giver)
    {
        var key = state.Keys.GetValueOrDefault(id) ?? throw Rejection.Unknown("access.key-unknown", "There is no such key.");
        KnownMember(state, key.Issued.Member, giver);
        return key;
    }
}
