namespace Crm.Domain.Contacts;

/// <summary>What a contact does in decisions from a moment on.</summary>
/// <param name="Role">Null where he has no part in them that is known.</param>
public sealed record RoleState(Guid ContactId, DateTimeOffset At, BuyingRole? Role);

public sealed record RoleHeld(Guid ContactId, BuyingRole Role, DateTimeOffset Since);

/// <param name="From">Null where none was known before.</param>
/// <param name="To">Null where none is known any more.</param>
public sealed record RoleChange(Guid ContactId, DateTimeOffset At, BuyingRole? From, BuyingRole? To);

/// <summary>Who has which part in a customer's decisions to buy, and how much is there of what is asked for.</summary>
/// <param name="Asked">The roles that somebody should have, each once.</param>
/// <param name="Held">In the order of roles, of one role those first who have it longest.</param>
/// <param name="Changes">In the order in which they happened.</param>
public sealed record DecisionChain(IReadOnlyList<BuyingRole> Asked, IReadOnlyList<RoleHeld> Held, IReadOnlyList<RoleChange> Changes)
{
    /// <param name="states">What each contact did from when on, of one contact in the order in which that was so.</param>
    public static DecisionChain Of(IEnumerable<RoleState> states, IReadOnlyList<BuyingRole> asked)
    {
        var changes = states.GroupBy(state => state.ContactId).SelectMany(Changed).OrderBy(change => change.At)
            .ThenBy(change => change.ContactId).ToList();
        var last = changes.GroupBy(change => change.ContactId).Select(ofOne => ofOne.Last());
        var held = last.Where(change => change.To is not null)
            .Select(change => new RoleHeld(change.ContactId, change.To!.Value, change.At));
        return new([.. asked.Distinct()], [.. held.OrderBy(one => one.Role).ThenBy(one => one.Since).ThenBy(one => one.ContactId)],
            changes);
    }

    /// <summary>Roles that are asked for and that nobody has.</summary>
    public IReadOnlyList<BuyingRole> Missing => [.. Asked.Except(Held.Select(one => one.Role))];

    /// <summary>
    /// Of the roles that are asked for, the share that somebody has: from 0 to 1, to four places, half to even; 1 where none is asked for.
    /// </summary>
    public decimal Completeness =>
        Asked.Count == 0 ? 1 : decimal.Round((Asked.Count - Missing.Count) / (decimal)Asked.Count, 4, MidpointRounding.ToEven);

    private static IEnumerable<RoleChange> Changed(IEnumerable<RoleState> states)
    {
        BuyingRole? before = null;
        foreach (var state in states.Where(state => state.Role != before))
        {
            yield return new(state.ContactId, state.At, before, state.Role);
            before = state.Role;
        }
    }
}
