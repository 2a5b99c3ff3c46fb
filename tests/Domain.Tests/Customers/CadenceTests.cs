using Crm.Domain.Customers;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Customers;

public sealed class CadenceTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_customer_is_due_so_many_days_after_it_was_seen_and_after_it_came_to_its_tier_at_first()
    {
        Cadence.DueAt(Monday, last: null, 7).ShouldBe(Monday.AddDays(7));
        Cadence.DueAt(Monday, Monday.AddDays(-1), 7).ShouldBe(Monday.AddDays(7));
        Cadence.DueAt(Monday, Monday.AddDays(3), 7).ShouldBe(Monday.AddDays(10));
    }

    [Fact]
    public void A_period_is_met_when_the_customer_was_seen_in_it_however_often() =>
        Within(tierSince: -100, to: 28, 0, 1, 7, 27).ShouldBe((4, 3));

    [Fact]
    public void Periods_begin_when_the_customer_comes_to_its_tier_and_only_whole_ones_count()
    {
        Within(tierSince: 3, to: 28, 3, 24).ShouldBe((3, 1));
        Within(tierSince: 25, to: 28, 26).ShouldBe((0, 0));
        Within(tierSince: 40, to: 28, 26).ShouldBe((0, 0));
    }

    [Fact]
    public void A_period_holds_its_beginning_and_not_its_end() => Within(tierSince: 0, to: 14, 7).ShouldBe((2, 1));

    [Fact]
    public void Two_tiers_have_two_keys() => PlaybookCheck.Of(
        Documents.B2B with { Tiers = [new("A", "Key accounts", 7), new("A", "Others", 30)] }, FixedZone.Shanghai, Braces.Balanced)
        .Select(fault => $"{fault.Pointer} {fault.Code}").ShouldBe(["/tiers/1/key playbook.twice"]);

    private static (int, int) Within(double tierSince, double to, params double[] seen) =>
        Cadence.Within(Monday, Monday.AddDays(to), Monday.AddDays(tierSince), 7, [.. seen.Select(day => Monday.AddDays(day))]);
}
