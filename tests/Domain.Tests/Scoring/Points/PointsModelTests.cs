using Crm.Domain.Conditions;
using Crm.Domain.Scoring.Points;

namespace Crm.Domain.Tests.Scoring.Points;

public sealed class PointsModelTests
{
    private static readonly DateTimeOffset Friday = new(2026, 3, 6, 9, 0, 0, TimeSpan.Zero);
    private static readonly Field Employees = new("employees", FieldKind.Number);
    private static readonly Field Region = new("region", FieldKind.Text);

    private static readonly PointsRule Large = new PointsRule.ForFields("large", "200 people or more", 15, new Condition.All([
        new Condition.Test(Employees, Operator.Gte, [200m]), new Condition.Not(new Condition.Test(Region, Operator.Eq, ["EU"]))]));

    private static readonly PointsRule Nowhere =
        new PointsRule.ForFields("nowhere", "No region", -30, new Condition.Test(Region, Operator.IsNull, [true]));

    private static readonly PointsRule Forms = new PointsRule.ForBehaviour("forms", "Filled a form", 20, "form-fill", HalfLifeDays: 30);
    private static readonly PointsRule Mails = new PointsRule.ForBehaviour("mails", "Opened a mail", 2, "mail-open", Cap: 5);

    [Fact]
    public void Fields_give_points_while_their_condition_holds()
    {
        var reason = Score([Large, Nowhere], ("employees", 200), ("region", "CN")).Reasons.ShouldHaveSingleItem();

        (reason.Key, reason.Label, reason.Points, reason.Count).ShouldBe(("large", "200 people or more", 15m, null));
        reason.Fields.ShouldBe(["employees", "region"]);
    }

    [Fact]
    public void Behaviour_fades_by_half_in_each_half_life()
    {
        Score([Forms], [Done("form-fill", days: 30)]).Total.ShouldBe(10m);
        Score([Forms], [Done("form-fill", days: 60), Done("form-fill", days: 0.000001)]).Total.ShouldBe(25m);
        Score([Forms], [Done("form-fill", days: 15)]).Total.ShouldBe(14.14m);
    }

    [Fact]
    public void A_reason_says_how_often_and_when_last()
    {
        var reason = Score([Mails], [Done("mail-open", 3), Done("mail-open", 1), Done("download", 2)]).Reasons.ShouldHaveSingleItem();

        (reason.Points, reason.Count, reason.Latest).ShouldBe((4m, 2, Friday.AddDays(-1)));
        reason.Fields.ShouldBeEmpty();
    }

    [Fact]
    public void Points_stop_at_the_cap_on_either_side()
    {
        Behaviour[] many = [.. Enumerable.Range(1, 100).Select(day => Done("mail-open", day))];

        Score([Mails], many).Total.ShouldBe(5m);
        Score([Mails with { Points = -2 }], many).Total.ShouldBe(-5m);
    }

    [Fact]
    public void The_score_stays_between_0_and_100_and_the_reasons_add_up()
    {
        var low = Score([Nowhere, Mails], [Done("mail-open", 1)]);
        (low.Score, low.Total).ShouldBe((0m, -28m));
        low.Reasons.Sum(reason => reason.Points).ShouldBe(low.Total);

        var high = Score([Large with { Points = 250 }], ("employees", 5000));
        (high.Score, high.Total).ShouldBe((100m, 250m));
    }

    [Fact]
    public void What_occurs_at_the_moment_or_after_does_not_count_yet() =>
        Score([Mails], [Done("mail-open", 0), Done("mail-open", -1)]).Reasons.ShouldBeEmpty();

    [Fact]
    public void The_order_of_what_was_done_makes_no_difference()
    {
        Behaviour[] done = [.. Enumerable.Range(1, 200).Select(i => Done("form-fill", i * 0.37))];

        var score = Score([Forms], done);

        foreach (var seed in Enumerable.Range(1, 20))
        {
            var shuffled = done.ToArray();
            new Random(seed).Shuffle(shuffled);
            Json.Body(Score([Forms], shuffled)).ShouldBe(Json.Body(score));
        }
    }

    [Fact]
    public void A_rule_that_cannot_be_is_said_and_harms_nothing()
    {
        PointsModel model = new([Forms, new PointsRule.ForBehaviour("forms", "Again", 1, "form-fill", Cap: 0, HalfLifeDays: 0)]);

        model.Faults().Count().ShouldBe(3);
        model.Score(Friday, _ => null, [Done("form-fill", 30)]).Total.ShouldBe(11m);
        new PointsModel([Large, Nowhere, Forms, Mails]).Faults().ShouldBeEmpty();
    }

    private static Behaviour Done(string kind, double days) => new(kind, Friday.AddDays(-days));

    private static PointsScore Score(PointsRule[] rules, Behaviour[] done) => new PointsModel(rules).Score(Friday, _ => null, done);

    private static PointsScore Score(PointsRule[] rules, params (string Name, object Value)[] row) =>
        new PointsModel(rules).Score(Friday, name => row.FirstOrDefault(field => field.Name == name).Value, []);
}
