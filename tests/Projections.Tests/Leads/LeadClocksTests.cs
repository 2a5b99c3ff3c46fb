using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.EventModel;
using Crm.Projections.Leads;

namespace Crm.Projections.Tests.Leads;

/// <summary>A row of what is due says all that the clock of its lead says, at each step: whoever goes on from the row goes on from the clock.</summary>
public sealed class LeadClocksTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);
    private static readonly ResponseTerms Terms = new(Monday.AddDays(1), Monday.AddHours(20), Monday.AddDays(3));

    private static readonly ILeadEvent[] Facts =
    [
        new LeadCaptured("web"), new LeadLeftInPool("nobody-free", TryAgainAt: Monday.AddHours(1)), new LeadAssigned("li", "East", new AssignmentGround(AssignedBy.Rule, "all", TaskId: Id(1)), Terms),
        new LeadReminded("li", Terms.RespondBy!.Value), new LeadTouched(Id(2), TouchKind.Call, Direction.Outbound), new LeadSilent("li", Monday, 1, "chen", Monday.AddDays(6)),
        new LeadFollowUpExpected("li", Monday.AddDays(9)), new LeadReturned("li", ReturnedBecause.NoResponse), new LeadClocksStopped(),
        new LeadNurtureStarted("welcome", 3, [new(Monday.AddDays(1), "day-1"), new(Monday.AddDays(3), "day 3")], NurtureBecause.Band), new LeadBandEntered("high", 70m, "low", Id(3)),
        new LeadNurtureMailed("welcome", 3, 1, "day-1", Monday.AddDays(1), Monday.AddDays(3)), new LeadTouched(Id(4), TouchKind.Download, Direction.Inbound),
        new LeadNurtureEnded("welcome", NurtureEnd.Interaction), new LeadUnsubscribed(),
        new LeadResubscribed(new Personal("enc:v1:k:x")),
        new LeadFlagged(RecordFlag.Test), new LeadFlagWithdrawn(), new LeadDisqualified("x"), new LeadRevived(),
        new LeadMerged(Id(5)), new LeadUnmerged(Id(5))
    ];

    [Fact]
    public void Each_fact_makes_of_the_row_what_it_makes_of_the_clock() => Follow([.. Facts.Select((fact, i) => (fact, Monday.AddMinutes(i)))]);

    [Fact]
    public void So_it_is_in_any_other_order()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var facts = Facts.ToArray();
            new Random(seed).Shuffle(facts);
            Follow([.. facts.Select((fact, i) => (fact, Monday.AddMinutes(i)))]);
        }
    }

    private static void Follow(IReadOnlyList<(ILeadEvent Fact, DateTimeOffset At)> facts)
    {
        var (row, clock) = (default(LeadClocks.Row), LeadClock.None);
        foreach (var (n, (fact, at)) in facts.Index())
        {
            row = Catalog.LeadClocks.Fold(row, new Recorded("acme", Id(9), n + 1, n + 1, Id(100 + n), EventCatalog.Types.AliasOf(fact), fact, at, at, new Metadata()));
            clock = LeadClock.Evolve(clock, fact, at);
            (row.DueAt, row.Rep, row.Round, row.SilenceStep, row.MailAt, row.Mailed, row.MailsStop, row.IsUnsubscribed, row.HasAnswered, row.Band).ShouldBe(
                (clock.Due, clock.Rep, clock.Round, clock.SilenceStep, clock.Nurture?.NextAt, clock.Nurture?.Sent ?? 0, clock.Nurture?.Stop?.ToString(), clock.IsUnsubscribed, clock.HasAnswered, clock.Band));
            row.Tasks.ShouldBe(clock.Tasks.Select(task => task.ToString()));
            row.Sequences.ShouldBe(clock.Sequences);
            row.Turns.ShouldBe(clock.Turns);
        }
    }

    private static Guid Id(int n) => new($"00000000-0000-0000-0000-{n:000000000000}");
}
