using Crm.Domain.Conditions;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Domain.Tests.Conditions;

public sealed class SatisfiabilityTests
{
    private static readonly Field Employees = new("employees", FieldKind.Number);
    private static readonly Field Region = new("region", FieldKind.Text);

    [Fact]
    public void What_is_known_and_not_known_at_once_cannot_be() => Can(All(Test(Region, Operator.IsNull, true), Test(Region, Operator.Eq, "East"))).ShouldBeFalse();

    [Fact]
    public void What_is_not_known_is_neither_more_nor_less() =>
        Can(All(Not(Test(Employees, Operator.Lt, 50m)), Not(Test(Employees, Operator.Gte, 50m)))).ShouldBeTrue();

    [Fact]
    public void A_number_can_lie_between_two() => Can(All(Test(Employees, Operator.Gt, 1m), Test(Employees, Operator.Lt, 2m))).ShouldBeTrue();

    [Fact]
    public void Nothing_lies_between_a_number_and_itself() => Can(All(Test(Employees, Operator.Gt, 1m), Test(Employees, Operator.Lte, 1m))).ShouldBeFalse();

    [Fact]
    public void Any_of_nothing_never_holds() => Can(new Condition.Any([])).ShouldBeFalse();

    [Fact]
    public void All_of_nothing_always_holds() => Can(Not(Condition.Everything)).ShouldBeFalse();

    [Fact]
    public void What_is_asked_of_a_part_of_a_text_is_believed() =>
        Can(All(Test(Region, Operator.Contains, "ast"), Test(Region, Operator.StartsWith, "W"))).ShouldBeTrue();

    [Fact]
    public void A_thing_and_its_contrary_cannot_both_be() => Can(All(Test(Region, Operator.Contains, "ast"), Not(Test(Region, Operator.Contains, "ast")))).ShouldBeFalse();

    // The other way round is the harm: a rule called dead that lives.
    [Fact]
    public void Whatever_some_row_fulfils_can_be() =>
        Prop.ForAll(Conditions(3).ToArbitrary(), Rows().ToArbitrary(), (condition, row) =>
            !condition.Holds(name => name == "employees" ? row.Employees : row.Region) || Can(condition)).QuickCheckThrowOnFailure();

    private static bool Can(Condition condition) => Satisfiability.CanHold(condition);

    private static Gen<(decimal? Employees, string? Region)> Rows() =>
        Gen.Elements<decimal?>(null, 0m, 1m, 2m, 3m).Zip(Gen.Elements<string?>(null, "", "East", "Eastern", "West"));

    private static Gen<Condition> Conditions(int depth) => depth == 0 ? Tests() : Gen.OneOf(
        Tests(), Conditions(depth - 1).Select(Not), Conditions(depth - 1).ListOf(2).Select(parts => (Condition)new Condition.All([.. parts])),
        Conditions(depth - 1).ListOf(2).Select(parts => (Condition)new Condition.Any([.. parts])));

    private static Gen<Condition> Tests() => Gen.OneOf(
        Gen.Elements(Operator.Eq, Operator.Ne, Operator.Gt, Operator.Gte, Operator.Lt, Operator.Lte).Zip(Gen.Elements(0m, 1m, 2m, 3m)).Select(t => Test(Employees, t.Item1, t.Item2)),
        Gen.Elements(Operator.Eq, Operator.Ne, Operator.Gt, Operator.Lt, Operator.StartsWith).Zip(Gen.Elements("East", "Eastern", "West")).Select(t => Test(Region, t.Item1, t.Item2)),
        Gen.Elements(true, false).Select(known => Test(Region, Operator.IsNull, known)));

    private static Condition Test(Field field, Operator @operator, object value) => new Condition.Test(field, @operator, [value]);

    private static Condition All(params Condition[] parts) => new Condition.All(parts);

    private static Condition Not(Condition part) => new Condition.Not(part);
}
