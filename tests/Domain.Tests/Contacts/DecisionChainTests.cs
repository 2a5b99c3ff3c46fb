using Crm.Domain.Contacts;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Contacts;

public sealed class DecisionChainTests
{
    private static readonly Guid Wang = new(1, 0, 0, new byte[8]), Li = new(2, 0, 0, new byte[8]);
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Whoever_took_a_role_has_it_since_then_whatever_else_became_known_of_him() =>
        Chain(State(Wang, 0, BuyingRole.User), State(Wang, 3, BuyingRole.User)).Held.ShouldBe([new(Wang, BuyingRole.User, Monday)]);

    [Fact]
    public void Each_change_says_what_was_before_and_what_came() =>
        Chain(State(Wang, 0, null), State(Wang, 1, BuyingRole.Buyer), State(Li, 2, BuyingRole.User),
            State(Wang, 3, BuyingRole.DecisionMaker), State(Li, 4, null)).Changes.ShouldBe([
            new(Wang, Monday.AddDays(1), null, BuyingRole.Buyer), new(Li, Monday.AddDays(2), null, BuyingRole.User),
            new(Wang, Monday.AddDays(3), BuyingRole.Buyer, BuyingRole.DecisionMaker), new(Li, Monday.AddDays(4), BuyingRole.User, null)]);

    [Fact]
    public void Those_who_have_a_role_stand_in_the_order_of_roles_and_of_time() =>
        Chain(State(Wang, 2, BuyingRole.Buyer), State(Li, 1, BuyingRole.Buyer),
            State(new Guid(3, 0, 0, new byte[8]), 4, BuyingRole.User)).Held
            .Select(held => (held.Role, held.Since)).ShouldBe([
                (BuyingRole.User, Monday.AddDays(4)), (BuyingRole.Buyer, Monday.AddDays(1)), (BuyingRole.Buyer, Monday.AddDays(2))]);

    [Fact]
    public void Completeness_is_the_share_of_the_roles_asked_for_that_somebody_has()
    {
        var chain = Chain(State(Wang, 0, BuyingRole.Buyer), State(Li, 0, BuyingRole.Buyer));

        chain.Completeness.ShouldBe(0.25m);
        chain.Missing.ShouldBe([BuyingRole.User, BuyingRole.TechnicalEvaluator, BuyingRole.DecisionMaker]);
        DecisionChain.Of([State(Wang, 0, BuyingRole.Buyer)],
            [BuyingRole.Buyer, BuyingRole.DecisionMaker, BuyingRole.User]).Completeness.ShouldBe(0.3333m);
        DecisionChain.Of([], [BuyingRole.Buyer]).Completeness.ShouldBe(0m);
        DecisionChain.Of([], []).Completeness.ShouldBe(1m);
        DecisionChain.Of([State(Wang, 0, BuyingRole.Buyer), State(Li, 0, BuyingRole.User)], [BuyingRole.Buyer]).Completeness.ShouldBe(1m);
    }

    [Fact]
    public void A_playbook_that_says_nothing_asks_for_all_roles()
    {
        DecisionChainSection.RolesOf(Documents.B2B).ShouldBe(BuyingRoles.All);
        DecisionChainSection.RolesOf(Documents.B2B with { DecisionChain = new([BuyingRole.Buyer]) }).ShouldBe([BuyingRole.Buyer]);
    }

    [Fact]
    public void A_playbook_asks_for_a_role_at_least_and_for_each_once()
    {
        Faults().ShouldBe(["/decisionChain/roles playbook.decision-chain-empty"]);
        Faults(BuyingRole.Buyer, BuyingRole.User, BuyingRole.Buyer).ShouldBe(["/decisionChain/roles/2 playbook.twice"]);
        Faults(BuyingRole.Buyer, BuyingRole.User).ShouldBeEmpty();
    }

    private static DecisionChain Chain(params RoleState[] states) => DecisionChain.Of(states, BuyingRoles.All);

    private static RoleState State(Guid contact, int day, BuyingRole? role) => new(contact, Monday.AddDays(day), role);

    private static IEnumerable<string> Faults(params BuyingRole[] roles) =>
        PlaybookCheck.Of(Documents.B2B with { DecisionChain = new(roles) }, FixedZone.Shanghai, Braces.Balanced)
            .Select(fault => $"{fault.Pointer} {fault.Code}");
}
