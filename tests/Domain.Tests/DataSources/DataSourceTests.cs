using Crm.Domain.DataSources;

namespace Crm.Domain.Tests.DataSources;

public sealed class DataSourceTests() : Spec<DataSource, ISourceCommand, ISourceEvent>(DataSourceDecider.Instance)
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly SourceTerms Daily = new(SourceKind.Push, FreshMinutes: 1440, Unit: "logins", Least: 0);
    private static readonly SourceTerms Hourly =
        new(SourceKind.Pull, FreshMinutes: 180, Url: "https://feeds.example.com/logins", EveryMinutes: 60);
    private static readonly SourceRegistered Registered = new("activity", Daily, Monday);
    private static readonly SourceHeard First = Good(1, Monday);

    [Fact]
    public void A_key_belongs_to_one_source() => Given(Registered)
        .When(new RegisterSource("activity", Daily with { FreshMinutes = 60 }, Monday)).ThenRejected("data-source.key-taken");

    [Fact]
    public void What_is_sent_is_not_fetched() =>
        Given().When(new RegisterSource("activity", Daily with { EveryMinutes = 5 }, Monday)).ThenRejected("data-source.pull", "kind");

    [Fact]
    public void The_first_reading_is_good() =>
        Given(Registered).When(new HearReading(First.Reading, First.Summary, Outside: 0, Monday.AddMinutes(5))).Then(First);

    [Fact]
    public void The_same_under_another_key_is_nothing_new() =>
        Given(Registered, First).When(new HearReading(Id(2), First.Summary, Outside: 0, Monday.AddHours(1))).ThenNothing();

    [Theory]
    [InlineData(40, 12, 0, "logins", 0, ReadingFault.Partial)]
    [InlineData(100, 1300, 0, "logins", 0, ReadingFault.Distribution)]
    [InlineData(100, 1, 0, "logins", 0, ReadingFault.Distribution)]
    [InlineData(100, -12, 0, "logins", 0, ReadingFault.Distribution)]
    [InlineData(100, 12, 91, "logins", 0, ReadingFault.Zeros)]
    [InlineData(100, 12, 0, "hours", 0, ReadingFault.Unit)]
    [InlineData(100, 12, 0, "logins", 1, ReadingFault.Range)]
    public void What_is_odd_is_held_and_said_once(int rows, int median, int zeros, string unit, int outside, ReadingFault fault)
    {
        ReadingSummary odd = new(Monday.AddDays(1), rows, median, zeros, "odd", unit);
        var heard = (SourceHeard)DataSourceDecider.Decide(
            After(Registered, First), new HearReading(Id(2), odd, outside, odd.MeasuredAt))[0];

        (heard.Outcome, heard.Marks.ShouldHaveSingleItem().Fault).ShouldBe((ReadingOutcome.Held, fault));
        Given(Registered, First).When(new HearReading(Id(2), odd, outside, odd.MeasuredAt))
            .Then(heard, new SourceFailed(SourceTrouble.Held, Monday, fault.ToString().ToLowerInvariant()));
        Given(Registered, First, heard, new SourceFailed(SourceTrouble.Held))
            .When(new HearReading(Id(3), odd with { Hash = "odder" }, outside, odd.MeasuredAt))
            .Then(heard with { Reading = Id(3), Summary = odd with { Hash = "odder" } });
    }

    [Theory]
    [InlineData(50, 120, 90)]
    [InlineData(100, 2, 0)]
    public void What_is_at_the_bound_passes(int rows, int median, int zeros) => Given(Registered, First)
        .When(new HearReading(Id(2), new(Monday.AddDays(1), rows, median, zeros, "other", "logins"), Outside: 0, Monday.AddDays(1)))
        .Then(new SourceHeard(Id(2), new(Monday.AddDays(1), rows, median, zeros, "other", "logins"), ReadingOutcome.Good, []));

    [Fact]
    public void What_comes_late_takes_its_place()
    {
        ReadingSummary late = new(Monday.AddDays(-1), 100, 12, 0, "late", "logins");
        var heard = (SourceHeard)DataSourceDecider.Decide(After(Registered, First), new HearReading(Id(2), late, 0, Monday.AddDays(1)))[0];

        (heard.Outcome, heard.Marks.Single().Fault).ShouldBe((ReadingOutcome.Good, ReadingFault.Late));
        After(Registered, First, heard).Newest!.Value.Id.ShouldBe(First.Reading);
    }

    [Fact]
    public void The_same_values_for_longer_than_they_hold_are_a_silent_death()
    {
        var facts = new List<ISourceEvent> { Registered, First };
        for (var hours = 12; hours <= 24; hours += 12)
        {
            var again = First.Summary with { MeasuredAt = Monday.AddHours(hours) };
            facts.AddRange(DataSourceDecider.Decide(After([.. facts]), new HearReading(Id(1 + hours), again, 0, again.MeasuredAt)));
        }

        facts.OfType<SourceHeard>().ShouldAllBe(heard => heard.Outcome == ReadingOutcome.Good);
        var frozen = First.Summary with { MeasuredAt = Monday.AddHours(36) };
        var last = DataSourceDecider.Decide(After([.. facts]), new HearReading(Id(99), frozen, 0, frozen.MeasuredAt));
        ((SourceHeard)last[0]).Marks.Single().Fault.ShouldBe(ReadingFault.Frozen);
        ((SourceFailed)last[1]).Because.ShouldBe(SourceTrouble.Held);

        var may = new SourceRegistered("activity", Daily with { MayRepeat = true }, Monday);
        ((SourceHeard)DataSourceDecider.Decide(After([may, .. facts.Skip(1)]), new HearReading(Id(99), frozen, 0, frozen.MeasuredAt))[0])
            .Outcome.ShouldBe(ReadingOutcome.Good);
    }

    [Fact]
    public void Silence_is_said_once_and_only_after_values_hold_no_more()
    {
        Given(Registered, First).When(new RingSource(Monday.AddDays(1))).ThenNothing();
        Given(Registered, First).When(new RingSource(Monday.AddDays(1).AddSeconds(1))).Then(new SourceFailed(SourceTrouble.Silent, Monday));
        Given(Registered, First, new SourcePaused()).When(new RingSource(Monday.AddDays(9))).ThenNothing();
        Given(Registered, First, new SourceFailed(SourceTrouble.Silent)).When(new FailSource("503")).ThenNothing();
    }

    [Fact]
    public void The_first_good_reading_that_holds_ends_an_outage()
    {
        var second = Good(2, Monday.AddDays(3));
        Given(Registered, First, new SourceFailed(SourceTrouble.Silent, Monday))
            .When(new HearReading(second.Reading, second.Summary, Outside: 0, Monday.AddDays(3)))
            .Then(second, new SourceRecovered(second.Reading));

        var back = Good(3, Monday.AddDays(1));
        DataSourceDecider.Decide(After(Registered, First, new SourceFailed(SourceTrouble.Silent, Monday)),
            new HearReading(back.Reading, back.Summary, Outside: 0, Monday.AddDays(3))).OfType<SourceRecovered>().ShouldBeEmpty();
    }

    [Fact]
    public void What_was_held_and_is_accepted_is_judged_by_from_then_on()
    {
        ReadingSummary odd = new(Monday.AddDays(1), 30, 12, 0, "few", "logins");
        var held = new SourceHeard(Id(2), odd, ReadingOutcome.Held, [new(ReadingFault.Partial, "30", "100")]);
        var accepted = new SourceHeard(Id(2), odd, ReadingOutcome.Accepted, []);

        Given(Registered, First, held, new SourceFailed(SourceTrouble.Held))
            .When(new SettleReading(Id(2), odd, IsAccepted: true, Monday.AddDays(1))).Then(accepted, new SourceRecovered(Id(2)));
        Given(Registered, First, held).When(new SettleReading(Id(2), odd, IsAccepted: false, Monday.AddDays(1)))
            .Then(accepted with { Outcome = ReadingOutcome.Rejected });
        After(Registered, First, held, accepted).Newest!.Value.Id.ShouldBe(Id(2));
    }

    [Fact]
    public void What_was_missed_is_fetched_once_for_the_last_moment()
    {
        Hourly.Due(Monday, Monday.AddMinutes(-1)).ShouldBeNull();
        Hourly.Due(Monday, Monday.AddMinutes(59)).ShouldBe(Monday);
        Hourly.Due(Monday, Monday.AddMinutes(200)).ShouldBe(Monday.AddHours(3));
        var pulled = Good(1, Monday) with { Due = Monday.AddHours(3) };
        After(new SourceRegistered("stock", Hourly, Monday), pulled).NextPull.ShouldBe(Monday.AddHours(4));
    }

    [Fact]
    public void The_same_fetched_for_a_later_moment_is_not_fetched_for_that_moment_again()
    {
        var (registered, pulled) = (new SourceRegistered("stock", Hourly, Monday), First with { Due = Monday });
        Given(registered, pulled).When(new HearReading(Id(2), First.Summary, 0, Monday.AddHours(1), Monday.AddHours(1)))
            .Then(new SourceHeard(First.Reading, First.Summary, ReadingOutcome.Duplicate, [], Monday.AddHours(1)));
    }

    private static SourceHeard Good(int number, DateTimeOffset at) =>
        new(Id(number), new(at, 100, 12, 0, $"hash {number}", "logins"), ReadingOutcome.Good, []);

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
