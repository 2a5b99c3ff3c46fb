using System.Collections.Immutable;

namespace Crm.Domain.Approvals;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IApprovalDelegationEvent;

/// <summary>While a member is away another stands in for him wherever he is asked to approve.</summary>
/// <param name="Until">From then on he does not.</param>
public sealed record ApprovalsDelegated(string Member, string To, DateTimeOffset From, DateTimeOffset Until) : IApprovalDelegationEvent;

/// <summary>Nobody stands in for him any more.</summary>
public sealed record ApprovalDelegationEnded(string Member) : IApprovalDelegationEvent;

/// <summary>Who stands in for whom in a tenant.</summary>
public sealed record ApprovalDelegations
{
    public static readonly ApprovalDelegations None = new();

    /// <summary>By member.</summary>
    public ImmutableSortedDictionary<string, ApprovalsDelegated> Of { get; private init; } =
        ImmutableSortedDictionary.Create<string, ApprovalsDelegated>(StringComparer.Ordinal);

    public static ApprovalDelegations Evolve(ApprovalDelegations state, IApprovalDelegationEvent @event) => @event switch
    {
        ApprovalsDelegated e => state with { Of = state.Of.SetItem(e.Member, e) },
        ApprovalDelegationEnded e => state with { Of = state.Of.Remove(e.Member) },
        _ => state
    };

    /// <summary>The last who stands in for somebody who stands in for him, and may come in; he himself where nobody does.</summary>
    public string ActingFor(string member, DateTimeOffset now, Func<string, bool> isHere)
    {
        var (acting, met) = (member, new HashSet<string>(StringComparer.Ordinal) { member });
        while (Of.TryGetValue(acting, out var away) && away.From <= now && now < away.Until && isHere(away.To) && met.Add(away.To))
        {
            acting = away.To;
        }

        return acting;
    }
}

/// <param name="To">Null: nobody any more.</param>
/// <param name="IsHere">Whether there is such a member, who may come in.</param>
public sealed record DelegateApprovals(string Member, string? To, DateTimeOffset? From, DateTimeOffset? Until, DateTimeOffset Now,
    bool IsHere);

public static class ApprovalDelegationDecider
{
    public static readonly Decider<ApprovalDelegations, DelegateApprovals, IApprovalDelegationEvent> Instance =
        new("approval-delegations", ApprovalDelegations.None, Decide, ApprovalDelegations.Evolve);

    public static IReadOnlyList<IApprovalDelegationEvent> Decide(ApprovalDelegations state, DelegateApprovals c)
    {
        var known = state.Of.GetValueOrDefault(c.Member);
        if (c.To is null)
            return known is null ? [] : [new ApprovalDelegationEnded(c.Member)];

        var said = new ApprovalsDelegated(c.Member, c.To, c.From ?? (known?.To == c.To ? known.From : c.Now), c.Until
            ?? DateTimeOffset.MaxValue);
        if (c.To == c.Member || !c.IsHere)
            throw Broken("approval.delegate", "Name another member, who may come in, by his id.", "to");
        if (c.Until is null || said.Until <= said.From || c.Until <= c.Now)
            throw Broken("approval.delegation-time", "Say until when; it ends after it begins, and not in the past.", "until");
        if (GoesRound(state, said))
            throw Broken("approval.delegation-ring",
                $"{c.To} has you stand in for himself at that time, by himself or through others; nobody would be there.", "to");
        return said == known ? [] : [said];
    }

    // Followed over all who are away at some moment of that time.
    private static bool GoesRound(ApprovalDelegations state, ApprovalsDelegated said)
    {
        var met = new HashSet<string>(StringComparer.Ordinal);
        for (var next = said.To; met.Add(next) && state.Of.TryGetValue(next, out var away) && away.From < said.Until
            && said.From < away.Until; next = away.To)
        {
            if (away.To == said.Member)
                return true;
        }

        return false;
    }

    private static Rejection Broken(string code, string message, string field) => Rejection.BrokenRule(code, message, field);
}
