using Crm.Domain.DataSources;

namespace Crm.Domain.Tests.DataSources;

public sealed class SourceReadingTests()
    : Spec<SourceReadingState, ISourceReadingCommand, ISourceReadingEvent>(SourceReadingDecider.Instance)
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly SourceReadingTaken Held = Reading(ReadingOutcome.Held);

    [Fact]
    public void A_reading_is_taken_once() => Given().When(new TakeReading(Held)).Then(Held);

    [Fact]
    public void A_key_stands_for_the_same_values_for_ever() => Given(Held)
        .When(new TakeReading(Held with { Summary = Held.Summary with { Hash = "other" } })).ThenRejected("source-reading.key-taken");

    [Fact]
    public void What_is_held_is_accepted_or_rejected()
    {
        Given(Held).When(new AcceptReading("chen", "closed")).Then(new SourceReadingAccepted("chen", "closed"));
        Given(Held).When(new RejectReading("chen", "twice")).Then(new SourceReadingRejected("chen", "twice"));
        Given(Held, new SourceReadingAccepted("chen", "closed")).When(new RejectReading("li", "no"))
            .ThenRejected("source-reading.not-held");
    }

    [Fact]
    public void What_is_good_needs_nobody() =>
        Given(Reading(ReadingOutcome.Good)).When(new AcceptReading("chen", "sure")).ThenRejected("source-reading.not-held");

    [Fact]
    public void Nobody_accepts_what_never_came() => Given().When(new AcceptReading("chen", "sure")).ThenRejected("source-reading.unknown");

    [Fact]
    public void What_is_accepted_late_is_used_as_if_it_had_been_good() =>
        After(new SourceReadingAccepted("chen", "closed"), Held).Outcome.ShouldBe(ReadingOutcome.Accepted);

    private static SourceReadingTaken Reading(ReadingOutcome outcome) => new(
        Guid.Empty, "activity", "2026-11-23", new(Monday, 1, 12, 0, "hash"), new Dictionary<Guid, decimal> { [Guid.Empty] = 12 }, outcome,
        [], FreshMinutes: 60, Unknown: 0, "push");
}
