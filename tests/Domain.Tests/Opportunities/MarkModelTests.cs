using Crm.Domain.Activities;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Xunit.Abstractions;

namespace Crm.Domain.Tests.Opportunities;

/// <summary>
/// Five thousand random stories of moves, touches, outcomes, flags and corrections, told in any order, against a plain reference: whenever
/// what is due was done, just those limits are marked that the reference finds exceeded; and nothing is said twice.
/// </summary>
public sealed class MarkModelTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_130;
    private const int Stories = 5_000;
    private const int Longest = 30;

    private static readonly DateTimeOffset Monday = new(2026, 11, 2, 2, 0, 0, TimeSpan.Zero);
    private static readonly string[] Stages = ["A", "B", "C"];

    private static readonly PlainLimit[] Limits =
        [new("A", "stay-a", 7 * 24, IsSilence: false), new("A", "still-a", 48, IsSilence: true), new("B", "still-b", 72, IsSilence: true),
            new("B", "long-b", 200, IsSilence: false)];

    private static readonly StagePolicy Rules = StagePolicy.Of(
        new("Sales", Pipelines: [new("sales", "Sales", [.. Stages.Select(stage => new StageSection(
        stage, Limits: [.. Limits.Where(limit => limit.Stage == stage).Select(limit => new LimitSection(
            limit.Key, limit.Key, new(Hours: limit.Hours), limit.IsSilence ? LimitOf.Silence : LimitOf.Stay,
                EscalateAfter: new(Hours: 24)))]))])]), FixedZone.Shanghai);

    [Fact]
    public void No_story_is_marked_otherwise_than_the_reference_says()
    {
        var (marks, clears, escalations, looks) = (0, 0, 0, 0);
        for (var story = 0; story < Stories; story++)
        {
            var log = Tell(new Random(Seed + story), story, ref looks);
            marks += log.Said.Count(fact => fact.Data is OpportunityMarked);
            clears += log.Said.Count(fact => fact.Data is OpportunityMarkCleared);
            escalations += log.Said.Count(fact => fact.Data is OpportunityMarkEscalated);
        }

        output.WriteLine($"seed {Seed}: {looks} looks, {marks} marks, {clears} cleared, {escalations} escalated");
        marks.ShouldBeGreaterThan(Stories);
        clears.ShouldBeGreaterThan(Stories / 2);
        escalations.ShouldBeGreaterThan(100);
    }

    private static Log Tell(Random dice, int story, ref int looks)
    {
        var (log, now) = (new Log(), Monday);
        log.Add(now, new OpportunityOpened("Deal", OpportunityType.New, Money.Of(1, "CNY"), "sales", "A", Playbook: 7));
        for (var i = 0; i < Longest; i++)
        {
            now = now.AddHours(dice.Next(0, 60));
            Happen(dice, log, now);

            // Before anybody looked there may be marks missing, but none that should not be there.
            var early = log.Fold();
            Keys(early.Clock).Except(Over(log, now)).ShouldBeEmpty($"story {story}, step {i}");
            looks++;
            Look(log, now, story, i);
            Keys(log.Fold().Clock).ShouldBe(Over(log, now), $"story {story}, step {i}: {log}");
            Waits(log, now, story);
        }

        return log;
    }

    // A day in the past, or now.
    private static void Happen(Random dice, Log log, DateTimeOffset now)
    {
        var at = dice.Next(3) == 0 ? now.AddHours(-dice.Next(1, 200)) : now;
        at = at < Monday ? Monday : at;
        switch (dice.Next(14))
        {
            case < 3:
                log.Add(at, new OpportunityTouched(Guid.NewGuid(), TouchKind.Call, Direction.Outbound));
                break;
            case 3:
                log.Add(at, new OpportunityAmountChanged(Money.Of(dice.Next(100), "CNY")));
                break;
            case < 7:
                log.Add(at, new OpportunityStageEntered(Stages[dice.Next(3)], dice.Next(6) == 0 ? null : 7));
                break;
            case 7:
                log.Add(at, dice.Next(2) == 0 ? new OpportunityWon(Money.Of(1, "CNY")) : new OpportunityLost("price"));
                break;
            case 8:
                log.Add(at, dice.Next(2) == 0 ? new OpportunityReopened() : new OpportunityReopened(Stage: "B", Playbook: 7));
                break;
            case 9:
                log.Add(Monday, dice.Next(2) == 0 ? new OpportunityFlagged(RecordFlag.Junk) : new OpportunityFlagWithdrawn());
                break;
            case 10:
                log.Withdraw(dice);
                break;
            case 11:
                log.Redate(dice, at);
                break;
        }
    }

    private static void Look(Log log, DateTimeOffset now, int story, int step)
    {
        var state = log.Fold();
        foreach (var fact in MarkOpportunity.Decide(state.Deal, state.Clock, state.Rules, now))
        {
            log.Add(now, fact, isSaid: true);
        }

        // What goes further up goes when it is looked at again, which is at once.
        var then = log.Fold();
        foreach (var fact in MarkOpportunity.Decide(then.Deal, then.Clock, then.Rules, now))
        {
            fact.ShouldBeOfType<OpportunityMarkEscalated>($"story {story}, step {step}: said twice");
            log.Add(now, fact, isSaid: true);
        }

        var end = log.Fold();
        MarkOpportunity.Decide(end.Deal, end.Clock, end.Rules, now).ShouldBeEmpty($"story {story}, step {step}");
    }

    // It is looked at again neither too early nor too late.
    private static void Waits(Log log, DateTimeOffset now, int story)
    {
        var state = log.Fold();
        if (MarkOpportunity.Next(state.Deal, state.Clock, state.Rules) is { } next)
        {
            next.ShouldBeGreaterThan(now, $"story {story}");
            MarkOpportunity.Decide(state.Deal, state.Clock, state.Rules, next.AddMicroseconds(-1)).ShouldBeEmpty();
            MarkOpportunity.Decide(state.Deal, state.Clock, state.Rules, next).ShouldNotBeEmpty();
        }
    }

    private static IEnumerable<string> Keys(StageClock clock) => clock.Marks.Keys.Order(StringComparer.Ordinal);

    // Plainly: goes through what happened, and counts hours.
    private static IEnumerable<string> Over(Log log, DateTimeOffset now)
    {
        var (stage, since, silent, isJudged, isOpen, isFlagged) = ("", Monday, Monday, false, true, false);
        foreach (var (at, fact) in log.Happened())
        {
            if (fact is OpportunityOpened or OpportunityStageEntered or OpportunityReopened { Stage: not null })
            {
                var (to, version) = fact switch
                {
                    OpportunityOpened e => (e.Stage, e.Playbook),
                    OpportunityStageEntered e => (e.Stage, e.Playbook),
                    OpportunityReopened e => (e.Stage!, e.Playbook),
                    _ => ("", null)
                };
                (stage, since, silent, isJudged) = fact is OpportunityOpened && stage != "" ? (stage, since, silent, isJudged)
                    : (to, at, at, version is not null);
            }

            isOpen = fact is not (OpportunityWon or OpportunityLost) && (isOpen || fact is OpportunityReopened);
            (since, silent) = fact is OpportunityReopened ? (at, at) : (since, silent);
            silent = fact is OpportunityTouched or OpportunityAmountChanged ? at : silent;
            isFlagged = fact is OpportunityFlagged || (isFlagged && fact is not OpportunityFlagWithdrawn);
        }

        return !isJudged || !isOpen || isFlagged ? []
            : Limits.Where(limit => limit.Stage == stage && (now - (limit.IsSilence ? silent : since)).TotalHours > limit.Hours)
                .Select(limit => limit.Key).Order(StringComparer.Ordinal);
    }

    private sealed record PlainLimit(string Stage, string Key, int Hours, bool IsSilence);

    /// <summary>What was said, in that order, and how it is read by now.</summary>
    private sealed class Log
    {
        private readonly List<(DateTimeOffset At, IOpportunityEvent Data, bool IsSaid)> facts = [];

        public IEnumerable<(DateTimeOffset At, IOpportunityEvent Data)> Said => facts.Where(fact => fact.IsSaid)
            .Select(fact => (fact.At, fact.Data));

        public void Add(DateTimeOffset at, IOpportunityEvent fact, bool isSaid = false) => facts.Add((at, fact, isSaid));

        // Not the opening, and nothing that was said of it by itself.
        public void Withdraw(Random dice)
        {
            if (Any(dice) is { } i)
            {
                facts.RemoveAt(i);
            }
        }

        public void Redate(Random dice, DateTimeOffset at)
        {
            if (Any(dice) is { } i && facts[i].Data is not (OpportunityFlagged or OpportunityFlagWithdrawn))
            {
                facts[i] = facts[i] with { At = at };
            }
        }

        public IEnumerable<(DateTimeOffset At, IOpportunityEvent Fact)> Happened() =>
            facts.Where(fact => !fact.IsSaid).OrderBy(fact => fact.At).Select(fact => (fact.At, fact.Data));

        public (Opportunity Deal, StageClock Clock, StagePolicy? Rules) Fold()
        {
            var ordered = facts.OrderBy(fact => fact.At).ToList();
            var clock = ordered.Aggregate(StageClock.None, (known, fact) => StageClock.Evolve(known, fact.Data, fact.At));
            var deal = ordered.Aggregate(Opportunity.None, (known, fact) => Opportunity.Evolve(known, fact.Data));
            return (deal, clock, clock.Playbook is null ? null : MarkModelTests.Rules);
        }

        public override string ToString() => string.Join("; ",
            facts.OrderBy(fact => fact.At).Select(fact => $"{fact.At:dd HH:mm} {fact.Data}"));

        private int? Any(Random dice)
        {
            var choice = facts.Index().Skip(1).Where(one => !one.Item.IsSaid).Select(one => one.Index).ToList();
            return choice.Count == 0 ? null : choice[dice.Next(choice.Count)];
        }
    }
}
