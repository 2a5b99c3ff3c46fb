using System.Text.Json;
using Crm.Domain.Activities;
using Crm.Domain.Conditions;
using Crm.Domain.Contacts;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Warnings;

namespace Crm.Domain.Tests.Warnings;

/// <summary>Signs that a deal may be lost begin and end by what happens, and name the facts behind them.</summary>
public sealed class DealWarningsTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 2, 2, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);
    private static readonly DateOnly Close = new(2026, 12, 1);
    private static readonly OpportunityOpened Opened =
        new("Press line", OpportunityType.New, Money.Of(1, "CNY"), "sales", "Need", Rep: "li", ExpectedClose: Close);

    [Fact]
    public void Being_put_off_more_than_twice_is_a_sign_and_being_brought_forward_is_not()
    {
        var rule = new WarningRuleSection("late", "改期", Rescheduled: new());
        (DateTimeOffset, IOpportunityEvent)[] twice =
            [(Monday, Opened), Moved(1, day: 2), Moved(2, day: -5), Moved(3, day: 3)];

        At(rule, Monday.AddDays(4), twice).ShouldBeEmpty();
        var sign = At(rule, Monday.AddDays(9), [.. twice, Moved(4, day: 4), Moved(5, day: 5)]).ShouldHaveSingleItem();
        sign.Spell.From.ShouldBe(Monday.AddDays(4));
        sign.Spell.Behind.Select(fact => fact.Position).ShouldBe([2L, 4L, 5L, 6L]);
    }

    [Fact]
    public void No_meeting_is_a_sign_from_a_stage_on_until_there_is_one()
    {
        var rule = new WarningRuleSection("untold", "未安排技术对接", NoTouch: new(new(TouchKind.Meeting), "Quote", new(Days: 2)));
        (DateTimeOffset, IOpportunityEvent)[] far =
            [(Monday, Opened), (Monday.AddDays(1), Touched(TouchKind.Call)), (Monday.AddDays(2), new OpportunityStageEntered("Talks"))];

        At(rule, Monday.AddDays(2), far[..2]).ShouldBeEmpty("it is not as far");
        At(rule, Monday.AddDays(4), far).ShouldBeEmpty("up to the moment it is in time");
        At(rule, Monday.AddDays(4) + Moment, far).ShouldHaveSingleItem().Spell.Behind.ShouldHaveSingleItem().Position.ShouldBe(3);
        At(rule, Monday.AddDays(9), [.. far, (Monday.AddDays(8), Touched(TouchKind.Meeting))]).ShouldBeEmpty("they met");
        At(rule, Monday.AddDays(9), [.. far, (Monday.AddDays(8), new OpportunityStageEntered("Need"))]).ShouldBeEmpty("it went back");
        At(rule, Monday.AddDays(9), [(Monday, Opened), (Monday.AddHours(1), Touched(TouchKind.Meeting)), far[2]])
            .ShouldBeEmpty("they met before");
    }

    [Fact]
    public void Another_who_decides_is_a_sign_for_some_days_and_the_first_one_is_none()
    {
        var rule = new WarningRuleSection("decider", "决策人变更", DecisionMakerChanged: new(Days: 10));
        RoleFact first = new(Place(11), Monday.AddDays(1), null, BuyingRole.DecisionMaker);
        RoleFact gone = new(Place(12), Monday.AddDays(5), BuyingRole.DecisionMaker, null);
        RoleFact next = new(Place(13), Monday.AddDays(9), BuyingRole.User, BuyingRole.DecisionMaker);

        Warned(rule, Monday.AddDays(4), [first]).ShouldBeEmpty();
        var sign = Warned(rule, Monday.AddDays(18), [first, gone, next]).ShouldHaveSingleItem();
        sign.Spell.From.ShouldBe(Monday.AddDays(5), "it began with the first change");
        sign.Spell.Behind.Select(fact => fact.Position).ShouldBe([12L, 13L]);
        Warned(rule, Monday.AddDays(19), [first, gone, next]).ShouldBeEmpty();

        IReadOnlyList<Warning> Warned(WarningRuleSection section, DateTimeOffset at, IReadOnlyList<RoleFact> roles) =>
            DealWarnings.Of(new DealStory(Facts((Monday, Opened)), roles).Until(at), Policy(section)).At(at);
    }

    [Fact]
    public void Silence_is_counted_in_workdays_from_what_was_heard_last()
    {
        var rule = new WarningRuleSection(
            "still", "沉默", Silence: new(new(Workdays: 3, Calendar: "office"), Direction.Inbound));
        (DateTimeOffset, IOpportunityEvent)[] spoken =
        [
            (Monday, Opened), (Monday.AddDays(3), Touched(TouchKind.Mail, Direction.Inbound)), (Monday.AddDays(4), Touched(TouchKind.Call))
        ];
        var warnings = Of(rule, spoken);

        // Thursday, Friday, and Monday at the same time of day makes three times 24 hours.
        warnings.NextAfter(Monday.AddDays(4)).ShouldBe(Monday.AddDays(8) + Moment);
        warnings.At(Monday.AddDays(8)).ShouldBeEmpty();
        warnings.At(Monday.AddDays(8) + Moment).ShouldHaveSingleItem().Spell.Behind.ShouldHaveSingleItem().Position.ShouldBe(2);
        Of(rule, [.. spoken, (Monday.AddDays(9), Touched(TouchKind.Mail, Direction.Inbound))]).At(Monday.AddDays(9)).ShouldBeEmpty();
    }

    [Fact]
    public void Talk_about_prices_is_heard_in_topics_and_in_what_touches_came_to()
    {
        var rule = new WarningRuleSection("price", "谈价格", Talk: new(["Price"], ["折扣"], Times: 2, Days: 10));
        var topic = (Monday.AddDays(1), (IOpportunityEvent)(Touched(TouchKind.Call) with { Topics = ["ｐrice", "delivery"] }));
        var word = (Monday.AddDays(8), (IOpportunityEvent)(Touched(TouchKind.Call) with { Outcome = "客户再次要求折扣" }));
        var other = (Monday.AddDays(2), (IOpportunityEvent)(Touched(TouchKind.Call) with { Outcome = "asked for an offer" }));

        At(rule, Monday.AddDays(8), (Monday, Opened), topic, other).ShouldBeEmpty();
        var sign = At(rule, Monday.AddDays(9), (Monday, Opened), topic, other, word).ShouldHaveSingleItem();
        (sign.Spell.From, sign.Spell.To).ShouldBe((Monday.AddDays(8), Monday.AddDays(11)));
        sign.Spell.Behind.Select(fact => fact.Position).ShouldBe([2L, 4L]);
    }

    [Fact]
    public void Whatever_else_rules_can_ask_is_a_sign_while_it_holds()
    {
        var rule = new WarningRuleSection(
            "rival", "竞争对手", Holds: Asked("competitor", "isNull", false), When: Asked("stage", "eq", "Talks"));
        (DateTimeOffset, IOpportunityEvent)[] deal =
        [
            (Monday, Opened with { Competitor = "Acme" }), (Monday.AddDays(1), new OpportunityStageEntered("Talks")),
            (Monday.AddDays(5), new OpportunityChanged(Cleared: ["competitor"]))
        ];

        At(rule, Monday.AddHours(1), deal[..1]).ShouldBeEmpty("it is not in talks");
        At(rule, Monday.AddDays(2), deal[..2]).ShouldHaveSingleItem().Spell.From.ShouldBe(Monday.AddDays(1));
        At(rule, Monday.AddDays(6), deal).ShouldBeEmpty();
    }

    [Fact]
    public void Only_what_is_open_and_business_has_signs_and_what_is_reopened_has_them_anew()
    {
        var rule = new WarningRuleSection("late", "改期", Rescheduled: new(MoreThan: 0));
        (DateTimeOffset, IOpportunityEvent)[] lost =
            [(Monday, Opened), Moved(1, day: 2), (Monday.AddDays(2), new OpportunityLost("price"))];

        At(rule, Monday.AddDays(3), lost).ShouldBeEmpty();
        At(rule, Monday.AddDays(9), [.. lost, (Monday.AddDays(8), new OpportunityReopened())]).ShouldHaveSingleItem()
            .Spell.From.ShouldBe(Monday.AddDays(8));
        At(rule, Monday.AddDays(3), (Monday, new OpportunityFlagged(RecordFlag.Test)), (Monday, Opened), Moved(1, day: 2)).ShouldBeEmpty();
        At(rule with { Pipelines = ["other"] }, Monday.AddDays(1.5), lost[..2]).ShouldBeEmpty("another pipeline");
    }

    [Fact]
    public void No_order_of_facts_is_too_much()
    {
        IOpportunityEvent[] facts =
        [
            Opened, new OpportunityLost("x"), new OpportunityReopened(null, "Talks"), new OpportunityCloseDateChanged(Close.AddDays(1)),
            new OpportunityStageEntered("Quote"), Touched(TouchKind.Call), new OpportunityWon(Money.Of(1, "CNY"))
        ];
        WarningRuleSection[] rules =
        [
            new("a", "a", Rescheduled: new(0)), new("b", "b", NoTouch: new(new(TouchKind.Meeting), "Quote")),
            new("c", "c", Silence: new(new(Days: 1))),
            new("d", "d", Talk: new(["x"])), new("e", "e", Holds: Asked("stage", "eq", "Quote"))
        ];
        foreach (var turn in Enumerable.Range(0, facts.Length * 4))
        {
            var order = facts.Skip(turn % facts.Length).Concat(facts.Take(turn % facts.Length)).ToList();
            if (turn >= facts.Length * 2)
                order.Reverse();
            var story = new DealStory(Facts([.. order.Select((fact, i) => (Monday.AddDays(turn % 2 == 0 ? i : 0), fact))]), []);
            var signs = DealWarnings.Of(story, Policy(rules)).At(Monday.AddDays(30));
            signs.ShouldAllBe(sign => sign.Spell.From < sign.Spell.To && sign.Spell.Behind.Count > 0);
        }
    }

    [Fact]
    public void Owner_and_superior_are_told_of_what_began_lately_under_a_rule_that_was_there()
    {
        var rule = new WarningRuleSection("late", "改期", Rescheduled: new(MoreThan: 0));
        var signs = At(rule, Monday.AddDays(5), (Monday, Opened), Moved(1, day: 2));

        TellOfWarning.Fit(signs, Monday.AddDays(5), _ => ["late"]).Count.ShouldBe(1);
        TellOfWarning.Fit(signs, Monday.AddDays(5), at => at < Monday.AddDays(2) ? [] : ["late"]).ShouldBeEmpty("the rule came later");
        TellOfWarning.Fit(signs, Monday.AddDays(9), _ => ["late"]).ShouldBeEmpty("it was told of too late");
        var deal = Opportunity.Evolve(Opportunity.None, Opened);
        TellOfWarning.Whom(deal, rule.Alert, _ => ["chen", "wu"]).ShouldBe(["li", "chen"]);
        TellOfWarning.Whom(deal, [Whom.Superior], _ => ["chen", "wu"]).ShouldBe(["chen"]);
        TellOfWarning.Whom(deal, [], _ => ["chen"]).ShouldBeEmpty();
    }

    private static (DateTimeOffset, IOpportunityEvent) Moved(int after, int day) =>
        (Monday.AddDays(after), new OpportunityCloseDateChanged(Close.AddDays(day)));

    private static OpportunityTouched Touched(TouchKind kind, Direction direction = Direction.Outbound) => new(Guid.Empty, kind, direction);

    private static UnreadCondition Asked(string field, string op, object value) =>
        new(JsonSerializer.SerializeToElement(new { field, @operator = op, value }));

    private static IReadOnlyList<Warning> At(
        WarningRuleSection rule, DateTimeOffset at, params (DateTimeOffset, IOpportunityEvent)[] facts) => Of(rule, facts).At(at);

    private static DealWarnings Of(WarningRuleSection rule, params (DateTimeOffset At, IOpportunityEvent Event)[] facts) =>
        DealWarnings.Of(new DealStory(Facts(facts), []), Policy(rule));

    private static IReadOnlyList<DealFact> Facts(params (DateTimeOffset At, IOpportunityEvent Event)[] facts) =>
        [.. facts.OrderBy(fact => fact.At).Select((fact, i) => new DealFact(Place(i + 1), fact.At, fact.Event))];

    private static FactPlace Place(long position) => new(Guid.Empty, Guid.Empty, position);

    private static WarningPolicy Policy(params WarningRuleSection[] rules) => WarningPolicy.Of(new PlaybookDocument(
        "Sales", [new("sales", "Sales", [new("Need"), new("Quote"), new("Talks")])],
        [new("office", "Asia/Shanghai", [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday],
            [new("09:00", "18:00")])],
        Warnings: new(rules)), FixedZone.Shanghai);
}
