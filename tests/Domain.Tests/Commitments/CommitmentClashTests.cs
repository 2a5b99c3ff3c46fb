using System.Collections.Immutable;
using Crm.Domain.Commitments;

namespace Crm.Domain.Tests.Commitments;

public sealed class CommitmentClashTests
{
    private static readonly DateTimeOffset May = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero), June = May.AddDays(31);
    private static readonly Guid Hengce = Id(100), Acme = Id(101);
    private static readonly PlannedSpan Ten = new(Id(50), "CK6140", May, June, 10);

    [Fact]
    public void Two_promises_of_a_thing_to_a_customer_by_other_dates_clash() =>
        Pairs(Promise(1, 0), Promise(2, 5)).ShouldBe(["1 2 dueAt"]);

    [Fact]
    public void They_clash_in_all_that_they_say_otherwise() =>
        Pairs(Promise(1, 0) with { Terms = "8% off" }, Promise(2, 5) with { Quantity = 3, Terms = "12% off" })
            .ShouldBe(["1 2 dueAt,quantity,terms"]);

    [Fact]
    public void The_same_promised_by_two_is_no_clash() => Pairs(Promise(1, 0), Promise(2, 0) with { Rep = "bob" }).ShouldBeEmpty();

    [Fact]
    public void Promises_to_two_customers_of_two_products_or_of_two_kinds_do_not_clash() =>
        Pairs(Promise(1, 0), Promise(2, 5) with { CustomerId = Acme }, Promise(3, 5) with { Product = "VMC" },
            Promise(4, 5) with { Kind = "price" }).ShouldBeEmpty();

    [Fact]
    public void What_stands_beside_another_does_not_clash_whichever_says_so()
    {
        Pairs(Promise(1, 0) with { Beside = ImmutableHashSet.Create(Id(2)) }, Promise(2, 5)).ShouldBeEmpty();
        Pairs(Promise(1, 0), Promise(2, 5) with { Beside = ImmutableHashSet.Create(Id(1)) }, Promise(3, 7))
            .ShouldBe(["1 3 dueAt", "2 3 dueAt"]);
    }

    [Fact]
    public void What_was_kept_clashes_with_no_other_promise() =>
        Pairs(Promise(1, 0) with { IsOpen = false }, Promise(2, 5)).ShouldBeEmpty();

    [Fact]
    public void More_than_is_planned_clashes_with_the_plan_and_names_all_that_fall_into_it()
    {
        var clash = CommitmentClash.Among([Promise(1, 0, 6), Promise(2, 30, 5) with { CustomerId = Acme },
            Promise(3, 31, 9) with { CustomerId = Id(102) }], [Ten])
            .ShouldHaveSingleItem().ShouldBeOfType<CommitmentClash.BeyondPlan>();

        clash.Promises.Select(one => one.Id).ShouldBe([Id(1), Id(2)]);
        (clash.Promised, clash.Excess).ShouldBe((11, 1));
    }

    [Fact]
    public void Exactly_what_is_planned_can_be_delivered() =>
        CommitmentClash.Among([Promise(1, 0, 6), Promise(2, 30, 4) with { CustomerId = Acme }], [Ten]).ShouldBeEmpty();

    [Fact]
    public void What_was_delivered_has_used_up_its_part_of_the_plan()
    {
        var (delivered, open) = (Promise(1, 0, 6) with { IsOpen = false }, Promise(2, 30, 5) with { CustomerId = Acme });

        CommitmentClash.Among([delivered, open], [Ten]).Count.ShouldBe(1);
        CommitmentClash.Among([delivered, open with { IsOpen = false }], [Ten]).ShouldBeEmpty("nothing is to be helped any more");
    }

    [Fact]
    public void Only_deliveries_are_measured_by_plans() =>
        CommitmentClash.Among([Promise(1, 0, 60) with { Kind = "price" }], [Ten]).ShouldBeEmpty();

    [Fact]
    public void Whoever_made_one_of_two_hears_of_both_and_nobody_else_does()
    {
        IReadOnlyList<StandingPromise> promises = [Promise(1, 0), Promise(2, 5) with { Rep = "bob" },
            Promise(3, 5) with { Rep = "eve", Product = "VMC" }];
        var notices = CommitmentClash.Among(promises, []).SelectMany(clash => TellOfClash.React(clash, Id(2))).ToList();

        notices.Select(notice => (notice.Rep, notice.Params["rep"], notice.Params["dueAt"]))
            .ShouldBe([("ann", "bob", "2026-05-01T00:00:00Z"), ("bob", "ann", "2026-05-06T00:00:00Z")]);
        notices.Select(notice => notice.Key).Distinct().Count().ShouldBe(1);
        CommitmentClash.Among(promises, []).SelectMany(clash => TellOfClash.React(clash, Id(3))).ShouldBeEmpty();
    }

    [Fact]
    public void Of_a_plan_each_hears_once_and_whoever_promises_more_hears_again()
    {
        var clash = CommitmentClash.Among([Promise(1, 0, 6), Promise(2, 3, 1) with { CustomerId = Acme },
            Promise(3, 4, 5) with { Rep = "bob", CustomerId = Acme, Beside = ImmutableHashSet.Create(Id(2)) }], [Ten]).Single();

        TellOfClash.React(clash, Ten.Id).Select(notice => $"{notice.Rep} {notice.Key}")
            .ShouldBe([$"ann {Ten.Id}", $"bob {Ten.Id}"], ignoreOrder: true);
        TellOfClash.React(clash, Id(3)).Select(notice => $"{notice.Rep} {notice.Key}")
            .ShouldBe([$"ann {Ten.Id}", $"bob {Ten.Id} {Id(3)}"], ignoreOrder: true);
        TellOfClash.React(clash, Id(9)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Pairs(params StandingPromise[] promises) =>
        CommitmentClash.Among(promises, []).Cast<CommitmentClash.OtherTerms>()
            .Select(clash => $"{Number(clash.One)} {Number(clash.Other)} {string.Join(',', clash.Differs)}");

    private static string Number(StandingPromise one) => one.Id.ToString()[..8].TrimStart('0');

    private static StandingPromise Promise(int id, int day, decimal? quantity = null) =>
        new(Id(id), Hengce, "delivery", "CK6140", quantity, null, May.AddDays(day), "ann", IsOpen: true, ImmutableHashSet<Guid>.Empty);

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
