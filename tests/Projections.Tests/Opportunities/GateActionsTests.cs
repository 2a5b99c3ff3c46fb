using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.Projections.Opportunities;

namespace Crm.Projections.Tests.Opportunities;

public sealed class GateActionsTests
{
    private static readonly DateTimeOffset Monday = Story<GateActions.Row>.Monday;

    private static readonly OpportunityOpened InTrial = new(
        "Press line", OpportunityType.New, Money.Of(1m, "CNY"), "sales", "Trial", Rep: "An", Team: "East", Playbook: 7);

    private static readonly GatePassed Photo = new("Trial", Gate.Exit, new("photo", "Photo", "photo", AttachmentId: Guid.NewGuid()));
    private static readonly GatePassed Minutes = new("Trial", Gate.Exit, new("minutes", "Minutes", "minutes", AttachmentId: Guid.NewGuid()));
    private static readonly GatePassed Waived = new(
        "Review", Gate.Entry, new("board", "Board", Approval: "waiver", ApprovalId: Guid.NewGuid()), GateAsk.Attachment);

    private readonly Story<GateActions.Row> story = new(Catalog.GateActions);

    [Fact]
    public void What_served_at_a_gate_was_done_in_time_and_what_an_approval_stood_in_for_was_not()
    {
        var row = story.Then(0, InTrial).Then(1, new OpportunityAssigned("Bo"))
            .Then(2, new OpportunityStageEntered("Review", 7, [Photo, Waived])).Row!;

        (row.Required, row.InTime, row.DueAt, row.Rep, row.Team).ShouldBe((2, 1, Monday.AddDays(2), "Bo", "East"));
    }

    [Fact]
    public void A_condition_is_nothing_to_be_done() => story.Then(0, InTrial)
        .Then(1, new OpportunityStageEntered("Review", 7, [Waived with { InsteadOf = GateAsk.Condition }])).Row!.Required.ShouldBe(0);

    [Fact]
    public void What_was_missing_when_the_limit_of_a_stage_was_over_was_due_then_and_is_not_due_again_at_the_gate()
    {
        var over = Over(since: Monday, "photo");
        story.Then(0, InTrial).Then(9, over);
        (story.Row!.Required, story.Row.InTime, story.Row.DueAt).ShouldBe((1, 0, over.Due));

        var passed = story.Then(10, new OpportunityStageEntered("Review", 7, [Photo, Minutes])).Row!;
        (passed.Required, passed.InTime, passed.DueAt).ShouldBe((1, 1, Monday.AddDays(10)), "the minutes were there in time");
    }

    [Fact]
    public void What_was_there_when_the_limit_was_over_was_done_by_then_though_the_deal_is_lost_before_the_gate()
    {
        var over = Over(since: Monday, "photo") with { Done = ["minutes"] };
        var row = story.Then(0, InTrial).Then(9, over).Row!;
        (row.Required, row.InTime, row.DueAt).ShouldBe((2, 1, over.Due));

        story.Then(10, new OpportunityLost("price")).Row!.Required.ShouldBe(0, "it was due once");
        story.Then(11, new OpportunityReopened()).Then(12, new OpportunityStageEntered("Review", 7, [Photo, Minutes])).Row!
            .Required.ShouldBe(0);
    }

    [Fact]
    public void A_mark_that_stands_on_nothing_makes_nothing_due() =>
        story.Then(0, InTrial).Then(9, Over(since: Monday.AddDays(1), "photo")).Row!.Required.ShouldBe(0);

    [Fact]
    public void Who_goes_back_and_through_a_gate_again_has_done_it_once()
    {
        story.Then(0, InTrial).Then(1, new OpportunityStageEntered("Review", 7, [Photo])).Then(2, new OpportunityStageEntered("Trial", 7));
        var again = story.Then(3, new OpportunityStageEntered("Review", 7, [Photo])).Row!;

        (again.Required, again.Counted.Count).ShouldBe((0, 1));
    }

    [Fact]
    public void Vouchers_are_asked_for_too()
    {
        var voucher = new GatePassed("Review", Gate.Paid, new("receipt", "Receipt", "receipt", AttachmentId: Guid.NewGuid()));

        story.Then(0, InTrial).Then(1, new OpportunityWon(Money.Of(1m, "CNY"))).Then(2, new OpportunityPaid("R-1", [voucher])).Row!
            .InTime.ShouldBe(1);
    }

    [Fact]
    public void What_happened_since_makes_nothing_due_twice() =>
        story.Then(0, InTrial).Then(1, new OpportunityStageEntered("Review", 7, [Photo])).Then(2, new OpportunityAssigned("Bo"))
            .Row!.Required.ShouldBe(0);

    [Fact]
    public void Any_story_as_of_any_day_comes_to_what_a_plain_count_finds()
    {
        var (required, inTime) = (0, 0);
        for (var seed = 0; seed < 3_000; seed++)
        {
            var dice = new Random(seed);
            var facts = Told(dice);
            var (asOf, from) = (dice.Next(0, 40), dice.Next(-1, 30));
            var known = facts.Where(fact => fact.OccurredAt < Monday.AddDays(asOf)).ToList();
            var folded = Folded(known).Where(line => line.Due >= Monday.AddDays(from) && line.Due < Monday.AddDays(from + 12))
                .GroupBy(line => line.Rep)
                .ToDictionary(rep => rep.Key, rep => (rep.Sum(line => line.Required), rep.Sum(line => line.InTime)));
            var plain = Plain(known).Where(line => line.Due >= Monday.AddDays(from) && line.Due < Monday.AddDays(from + 12))
                .GroupBy(line => line.Rep).ToDictionary(rep => rep.Key, rep => (rep.Count(), rep.Count(line => line.InTime)));

            folded.ShouldBe(plain, ignoreOrder: true, $"story {seed}");
            (required, inTime) = (required + plain.Values.Sum(one => one.Item1), inTime + plain.Values.Sum(one => one.Item2));
        }

        inTime.ShouldBeGreaterThan(1_000);
        required.ShouldBeGreaterThan(inTime + 500);
    }

    private static OpportunityMarked Over(DateTimeOffset since, params string[] missing) => new(
        "pending", "Pending", MarkOf.Stay, "Trial", since, since.AddDays(7), 7, Missing: missing);

    // Facts of one deal in any order of days, as they are folded.
    private static IReadOnlyList<Recorded> Told(Random dice)
    {
        string[] stages = ["Trial", "Review", "Quote"];
        var events = new List<Recorded>();
        On(0, InTrial);
        var entered = new List<(string Stage, double Day)> { ("Trial", 0) };
        for (var i = dice.Next(3, 14); i > 0; i--)
        {
            var day = dice.Next(0, 36);
            switch (dice.Next(9))
            {
                case < 3:
                    var stage = stages[dice.Next(3)];
                    entered.Add((stage, day));
                    On(day, new OpportunityStageEntered(stage, 7, Passed()));
                    break;
                case < 5:
                    var (into, since) = entered[dice.Next(entered.Count)];
                    On(Math.Max(day, since + 8), new OpportunityMarked(
                        "pending", "Pending", MarkOf.Stay, into, Monday.AddDays(since), Monday.AddDays(since + 7), 7,
                        Missing: dice.Next(3) == 0 ? null : ["k0", "k1"], Done: dice.Next(2) == 0 ? null : ["k2"]));
                    break;
                case 5:
                    On(day, new OpportunityAssigned(dice.Next(2) == 0 ? "Bo" : "Ci"));
                    break;
                case 6:
                    On(day, dice.Next(2) == 0 ? new OpportunityWon(Money.Of(1m, "CNY"), Passed: Passed()) : new OpportunityLost("price"));
                    break;
                case 7:
                    On(day, new OpportunityReopened());
                    break;
                default:
                    On(day, new OpportunityTouched(Guid.NewGuid(), TouchKind.Call, Direction.Outbound));
                    break;
            }
        }

        return FoldOrder.Of(events, EventCatalog.Types);

        IReadOnlyList<GatePassed>? Passed() => dice.Next(4) == 0 ? null :
        [
            .. Enumerable.Range(0, 4).Where(_ => dice.Next(2) == 0).Select(key => new GatePassed(
                stages[dice.Next(3)], Gate.Exit, new($"k{key}", "", "a"), dice.Next(3) == 0 ? (GateAsk)dice.Next(5) : null))
        ];

        void On(double day, object fact) => events.Add(new Recorded(
            "acme", Guid.Empty, events.Count + 1, events.Count + 1, Guid.NewGuid(), EventCatalog.Types.AliasOf(fact), fact, Monday,
            Monday.AddDays(day), new Metadata()));
    }

    // As the history of a row keeps it: a state for each fact that made another of it.
    private static IEnumerable<(string Rep, DateTimeOffset Due, int Required, int InTime)> Folded(IReadOnlyList<Recorded> facts)
    {
        GateActions.Row? row = null;
        foreach (var fact in facts)
        {
            var then = Catalog.GateActions.Fold(row, fact);
            if (!ReferenceEquals(then, row) && then is { DueAt: { } due })
            {
                yield return (then.Rep!, due, then.Required, then.InTime);
            }

            row = then;
        }
    }

    // Plainly: each thing where it is first heard of, going through the facts anew for all that is asked of a mark.
    private static IEnumerable<(string Rep, DateTimeOffset Due, bool InTime)> Plain(IReadOnlyList<Recorded> facts)
    {
        var heard = new HashSet<(string, string)>();
        for (var i = 0; i < facts.Count; i++)
        {
            var before = facts.Take(i + 1).ToList();
            var rep = before.Select(fact => fact.Data).OfType<OpportunityAssigned>().LastOrDefault()?.Rep ?? "An";
            var passed = facts[i].Data switch
            {
                OpportunityStageEntered x => x.Passed,
                OpportunityWon x => x.Passed,
                _ => null
            };
            foreach (var one in (passed ?? []).Where(one => one.InsteadOf != GateAsk.Condition && heard.Add((one.Stage, one.Evidence.Key))))
            {
                yield return (rep, facts[i].OccurredAt, one.InsteadOf is null);
            }

            if (facts[i].Data is OpportunityMarked mark && Stands(before, mark))
            {
                var missing = mark.Missing ?? [];
                foreach (var key in missing.Concat(mark.Done ?? []).Where(key => heard.Add((mark.Stage, key))))
                {
                    yield return (rep, mark.Due, !missing.Contains(key));
                }
            }
        }
    }

    private static bool Stands(IReadOnlyList<Recorded> before, OpportunityMarked mark)
    {
        var last = before.Last(fact => fact.Data is OpportunityOpened or OpportunityStageEntered or OpportunityReopened);
        var stage = before.Select(fact => fact.Data switch
        {
            OpportunityOpened x => x.Stage,
            OpportunityStageEntered x => x.Stage,
            _ => null
        }).Last(stage => stage is not null);
        var outcome = before.Last(fact => fact.Data is OpportunityOpened or OpportunityWon or OpportunityLost or OpportunityReopened);
        return stage == mark.Stage && last.OccurredAt == mark.Since && outcome.Data is OpportunityOpened or OpportunityReopened;
    }
}
