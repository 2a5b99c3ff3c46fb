using Crm.Domain.Contacts;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Warnings;

/// <summary>Something that happened to an opportunity.</summary>
public sealed record DealFact(FactPlace Place, DateTimeOffset At, IOpportunityEvent Event);

/// <summary>What somebody at its customer does in decisions became another.</summary>
/// <param name="From">Null where none was known before.</param>
/// <param name="To">Null where none is known any more.</param>
public sealed record RoleFact(FactPlace Place, DateTimeOffset At, BuyingRole? From, BuyingRole? To)
{
    /// <summary>Of one contact. Before somebody is registered he has no part in any decision.</summary>
    /// <param name="facts">In the order in which they are folded.</param>
    public static IReadOnlyList<RoleFact> Of(IEnumerable<(FactPlace Place, DateTimeOffset At, IContactEvent Event)> facts)
    {
        var (changes, role, told, isThere) = (new List<RoleFact>(), (BuyingRole?)null, (BuyingRole?)null, false);
        foreach (var (place, at, fact) in facts)
        {
            role = fact switch
            {
                ContactRegistered e => e.BuyingRole,
                ContactChanged e => Change.Of(e.Cleared, "buyingRole", e.BuyingRole, role),
                _ => role
            };
            isThere |= fact is ContactRegistered;
            if (isThere && role != told)
            {
                changes.Add(new(place, at, told, role));
                told = role;
            }
        }

        return changes;
    }
}

/// <summary>All that is known of an opportunity when it is looked at for warnings. What is sealed of it is not read.</summary>
/// <param name="Facts">In the order in which they are folded.</param>
/// <param name="Roles">Of all contacts of its customer, in the order in which they happened.</param>
public sealed record DealStory(IReadOnlyList<DealFact> Facts, IReadOnlyList<RoleFact> Roles)
{
    /// <summary>The same as of a moment: what happened before it.</summary>
    public DealStory Until(DateTimeOffset moment) =>
        new([.. Facts.Where(fact => fact.At < moment)], [.. Roles.Where(role => role.At < moment)]);

    /// <summary>As all that happened makes it.</summary>
    public Opportunity Deal => Facts.Select(fact => fact.Event).Aggregate(Opportunity.None, Opportunity.Evolve);

    public IEnumerable<(DealFact Fact, OpportunityTouched Touch)> Touches =>
        Facts.Where(fact => fact.Event is OpportunityTouched).Select(fact => (fact, (OpportunityTouched)fact.Event));

    /// <summary>Its expected close was moved to a later day.</summary>
    public IReadOnlyList<DealFact> MovedLater
    {
        get
        {
            var (moved, known) = (new List<DealFact>(), (DateOnly?)null);
            foreach (var fact in Facts)
            {
                if (fact.Event is OpportunityCloseDateChanged changed)
                {
                    if (changed.ExpectedClose > known)
                        moved.Add(fact);
                    known = changed.ExpectedClose;
                }
                else if (fact.Event is OpportunityOpened opened)
                {
                    known ??= opened.ExpectedClose;
                }
            }

            return moved;
        }
    }

    /// <summary>Another decides at the customer than did before, or nobody does; that somebody is known to decide at all is no
    /// change.</summary>
    public IReadOnlyList<RoleFact> DecidersChanged =>
    [
        .. Roles.Where(role => role.From == BuyingRole.DecisionMaker
            || role.To == BuyingRole.DecisionMaker && Roles.Any(other => other.To == BuyingRole.DecisionMaker && other.At < role.At))
    ];

    /// <summary>While it is open. What is a test, or junk, never was.</summary>
    public IReadOnlyList<Spell> Open
    {
        get
        {
            var (open, since, isClosed) = (new List<Spell>(), (DealFact?)null, false);
            foreach (var fact in Deal.Flag is null ? Facts : [])
            {
                switch (fact.Event)
                {
                    case OpportunityOpened when !isClosed:
                        since ??= fact;
                        break;
                    case OpportunityReopened:
                        (since, isClosed) = (since ?? fact, false);
                        break;
                    case OpportunityWon or OpportunityLost:
                        if (since is not null)
                            open.Add(new(since.At, fact.At, [since.Place]));
                        (since, isClosed) = (null, true);
                        break;
                }
            }

            return since is null ? open : [.. open, new(since.At, DateTimeOffset.MaxValue, [since.Place])];
        }
    }

    /// <summary>While its stage is one of some.</summary>
    public IReadOnlyList<Spell> In(IReadOnlyCollection<string> stages)
    {
        var (spells, since, known) = (new List<Spell>(), (DealFact?)null, false);
        foreach (var fact in Facts)
        {
            var stage = fact.Event switch
            {
                OpportunityOpened e when !known => e.Stage,
                OpportunityStageEntered e => e.Stage,
                OpportunityReopened e => e.Stage,
                _ => null
            };
            known |= fact.Event is OpportunityStageEntered;
            if (stage is null || stages.Contains(stage) == (since is not null))
                continue;

            if (since is not null)
                spells.Add(new(since.At, fact.At, [since.Place]));
            since = since is null ? fact : null;
        }

        return since is null ? spells : [.. spells, new(since.At, DateTimeOffset.MaxValue, [since.Place])];
    }

    /// <summary>While something holds of it.</summary>
    public IReadOnlyList<Spell> While(Func<Opportunity, bool> holds)
    {
        var (spells, since, deal) = (new List<Spell>(), (DealFact?)null, Opportunity.None);
        foreach (var fact in Facts)
        {
            deal = Opportunity.Evolve(deal, fact.Event);
            var isSo = deal.Opened is not null && holds(deal);
            if (isSo && since is null)
            {
                since = fact;
            }
            else if (!isSo && since is not null)
            {
                spells.Add(new(since.At, fact.At, [since.Place]));
                since = null;
            }
        }

        return since is null ? spells : [.. spells, new(since.At, DateTimeOffset.MaxValue, [since.Place])];
    }
}
