using System.Text.Json;
using Crm.Domain.Activities;
using Crm.Domain.Conditions;
using Crm.Domain.Customers;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Customers;

public sealed class PlaceCustomerTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Acme = Guid.Parse("01920000-0000-7000-8000-000000000001");

    private static readonly PlaybookDocument Rules = new(
        "Customers",
        Reps: [new("ann", Superior: "zoe"), new("zoe")],
        Tiers: [new("A", "Key accounts", 7, [TouchKind.Visit], When("orders", "gte", 10), SuperiorAfterDays: 3), new("C", "Others", 90)],
        Lifecycle: new(
        [
            new("lapsed", "Lapsed", When("daysSinceOrder", "gt", 90), new("win-back", "Win back", new("Ask why", 7))),
            new("key", "Key account", When("tier", "eq", "A")),
            new("new", "New", When("orders", "gte", 1)),
            new("prospect", "Prospect")
        ]));

    private static readonly CustomerPolicy Policy = CustomerPolicy.Of(Rules);

    [Fact]
    public void A_customer_is_in_the_first_stage_that_fits_and_it_is_told_why() =>
        Stage(new(Acme, Monday)).ShouldBe(("prospect", "orders 0"));

    [Fact]
    public void An_order_moves_it_and_days_without_one_do() =>
        (Stage(Ordered(Monday)), Stage(Ordered(Monday.AddDays(-90))), Stage(Ordered(Monday.AddDays(-91)))).ShouldBe((
            ("new", "daysSinceOrder 0, orders 1"), ("new", "daysSinceOrder 90, orders 1"), ("lapsed", "daysSinceOrder 91")));

    [Fact]
    public void Days_are_those_of_the_tenants_calendar()
    {
        // 2 March 23:30 and 3 March 00:30 in Shanghai.
        var order = new CustomerFacts(Acme, Monday, Orders: 1, LastOrderAt: new(2025, 12, 2, 1, 0, 0, TimeSpan.Zero));
        Decide(order, new(2026, 3, 2, 15, 30, 0, TimeSpan.Zero)).OfType<EnterLifecycle>().Single().Stage.ShouldBe("new");
        Decide(order, new(2026, 3, 2, 16, 30, 0, TimeSpan.Zero)).OfType<EnterLifecycle>().Single().Stage.ShouldBe("lapsed");
    }

    [Fact]
    public void Whoever_is_where_the_rules_see_him_stays() =>
        Decide(new(Acme, Monday, Lifecycle: "prospect")).ShouldBeEmpty();

    [Fact]
    public void Whom_a_suspended_rep_has_the_nearest_superior_on_duty_has()
    {
        new CustomerFacts(Acme, Monday, Rep: "ann").WithRepOnDuty(new HashSet<string> { "ann" }, Policy).Rep.ShouldBe("zoe");
        new CustomerFacts(Acme, Monday, Rep: "ann").WithRepOnDuty(new HashSet<string> { "ann", "zoe" }, Policy).Rep.ShouldBe("ann");
        new CustomerFacts(Acme, Monday, Rep: "ann").WithRepOnDuty(new HashSet<string> { "zoe" }, Policy).Rep.ShouldBe("ann");
        new CustomerFacts(Acme, Monday).WithRepOnDuty(new HashSet<string> { "ann" }, Policy).Rep.ShouldBeNull();
    }

    [Fact]
    public void A_stage_asks_the_tier_that_a_rule_gives_in_the_same_breath()
    {
        var commands = Decide(new(Acme, Monday, Orders: 10, LastOrderAt: Monday));
        commands.OfType<TierCustomer>().Single().Tier.ShouldBe("A");
        commands.OfType<EnterLifecycle>().Single().Stage.ShouldBe("key");
    }

    [Fact]
    public void A_tier_that_a_person_set_is_left_alone_and_one_that_a_rule_set_is_not()
    {
        Decide(new(Acme, Monday, Orders: 10, Tier: "C")).OfType<TierCustomer>().ShouldBeEmpty();
        Decide(new(Acme, Monday, Orders: 9, Tier: "A", TierByRule: true)).OfType<TierCustomer>().Single().Tier.ShouldBeNull();
    }

    [Fact]
    public void A_strategy_makes_a_task_for_whoever_has_the_customer_but_none_for_taking_stock()
    {
        var moved = new CustomerLifecycleEntered("lapsed", "new", Playbook: 1);
        var told = Task(moved, new(Acme, Monday.AddDays(-400), Rep: "ann"))!;
        (told.Rep, told.Kind, told.DueAt, told.About!.Id).ShouldBe(("ann", "win-back", Monday.AddDays(7), Acme));
        Task(moved, new(Acme, Monday)).ShouldBeNull();
        Task(moved with { From = null }, new(Acme, Monday.AddDays(-400), Rep: "ann")).ShouldBeNull();
        Task(moved with { From = null }, new(Acme, Monday.AddDays(1), Rep: "ann")).ShouldNotBeNull();
        Task(moved with { Stage = "new" }, new(Acme, Monday, Rep: "ann")).ShouldBeNull();
    }

    [Fact]
    public void Whoever_has_an_overdue_customer_hears_of_it_and_his_superior_some_days_later()
    {
        var seen = new Dictionary<TouchKind, DateTimeOffset> { [TouchKind.Visit] = Monday.AddDays(-8), [TouchKind.Call] = Monday };
        var facts = new CustomerFacts(Acme, Monday, Tier: "A", TierSince: Monday.AddDays(-30), Rep: "ann", FollowedUpAt: seen);

        TellOfOverdue.React(facts, Policy, Monday).Select(one => $"{one.Rep} {one.Kind} {one.Params["dueAt"]}")
            .ShouldBe(["ann customer-overdue 2026-03-01T09:00:00Z"]);
        TellOfOverdue.React(facts, Policy, Monday.AddDays(2).AddTicks(1)).Select(one => $"{one.Rep} {one.Kind}")
            .ShouldBe(["ann customer-overdue", "zoe customer-long-overdue"]);
        TellOfOverdue.React(facts, Policy, Monday.AddDays(-1)).ShouldBeEmpty();
        TellOfOverdue.React(facts with { Rep = null }, Policy, Monday).ShouldBeEmpty();
    }

    [Fact]
    public void It_is_counted_who_would_move_where()
    {
        var simulation = new CustomerSimulation(Policy, Monday, FixedZone.Shanghai);
        simulation.Take(new(Acme, Monday, Lifecycle: "prospect"));
        simulation.Take(Ordered(Monday) with { Lifecycle = "prospect" });
        simulation.Take(Ordered(Monday.AddDays(-100)) with { Lifecycle = "new", Rep = "ann" });

        var result = simulation.End();
        (result.Customers, result.Tasks).ShouldBe((3, 1));
        result.Stages.ShouldBe([new("new", "lapsed", 1), new("prospect", "new", 1)]);
    }

    [Fact]
    public void What_no_customer_could_come_to_is_found()
    {
        Faults(Rules).ShouldBeEmpty();
        Faults(Rules with
        {
            Tiers = [new("A", "A", 7, When: When("tier", "eq", "B")), new("A", "B", 7, When: When("orders", "lt", 0.5m)), new("C", "C", 7)],
            Lifecycle = new(
                [new("all", "All"), new("none", "None", When("orders", "gt", 1)), new("odd", "Odd", When("colour", "eq", "red"))])
        }).ShouldBe(
        [
            "/tiers/1/key playbook.twice", "/tiers/0/when/field playbook.condition", "/lifecycle/stages/1/when playbook.rule-never-fires",
            "/lifecycle/stages/2/when/field playbook.condition"
        ]);
        Faults(Rules with { Lifecycle = new([]) }).ShouldBe(["/lifecycle/stages playbook.lifecycle-empty"]);
    }

    private static IEnumerable<string> Faults(PlaybookDocument document) =>
        PlaybookCheck.Of(document, FixedZone.Shanghai, Braces.Balanced).Select(fault => $"{fault.Pointer} {fault.Code}");

    private static CustomerFacts Ordered(DateTimeOffset at) => new(Acme, Monday, Orders: 1, FirstOrderAt: at, LastOrderAt: at);

    private static IReadOnlyList<ICustomerCommand> Decide(CustomerFacts facts, DateTimeOffset? now = null) =>
        PlaceCustomer.React(facts, Policy, playbook: 3, now ?? Monday, FixedZone.Shanghai);

    private static (string? Stage, string Because) Stage(CustomerFacts facts)
    {
        var entered = Decide(facts).OfType<EnterLifecycle>().Single();
        return (entered.Stage, string.Join(", ", entered.Because.Select(one => $"{one.Key} {one.Value}")));
    }

    private static Domain.Tasks.OpenTask? Task(CustomerLifecycleEntered entered, CustomerFacts facts) =>
        CustomerStrategy.TaskOf(entered, facts, Policy, rules: Monday, Guid.Empty, "look-after-customers", Monday);

    private static UnreadCondition When(string field, string @operator, object value) =>
        new(JsonSerializer.SerializeToElement(new { field, @operator, value }));
}
