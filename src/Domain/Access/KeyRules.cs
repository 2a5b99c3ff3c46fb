using static Crm.Domain.Access.AccessRules;

namespace Crm.Domain.Access;

/// <summary>Keys are issued, rotated and revoked by those who have all the rights that they open.</summary>
internal static class KeyRules
{
    public static IReadOnlyList<IAccessEvent> Issue(Organisation state, IssueApiKey c)
    {
        MustBeFunctions(c.Functions);
        MustHaveRoom(state.Keys.Values.Count(key => !key.Revoked));
        var member = KnownMember(state, c.Member, c.Giver, field: "member");
        MustBeIn(state, c.Member);
        if (c.Functions?.FirstOrDefault(function => !state.RightsOf(member).Functions.Contains(function)) is { } beyond)
        {
            throw Rejection.BrokenRule("access.key-beyond-member", $"The member may not do {beyond}, so no key of it may.", "functions");
        }

        return [new ApiKeyIssued(c.Key, c.Member, c.Name, c.Hash, c.Functions, c.ExpiresAt)];
    }

    public static IReadOnlyList<IAccessEvent> Rotate(Organisation state, RotateApiKey c)
    {
        var key = KnownKey(state, c.Key, c.Giver);
        if (!key.OpensAt(c.Now))
        {
            throw Rejection.WrongState("access.key-closed", "This key has expired or was revoked; issue another.");
        }

        MustBeIn(state, key.Issued.Member);

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

    // A new key that opens nothing today would open everything on the day of the reinstatement, unnoticed.
    private static void MustBeIn(Organisation state, string member)
    {
        if (state.Suspended.Contains(member))
        {
            throw Rejection.WrongState("access.member-suspended", "This member is suspended and gets no key; reinstate it first.");
        }
    }
}
