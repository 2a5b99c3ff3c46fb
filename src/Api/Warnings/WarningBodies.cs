using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Warnings;
using Crm.Domain.Warnings.Learning;

namespace Crm.Api.Warnings;

/// <param name="Filter">In short, <c>amount>=1000,region in (East,West)</c>, or as JSON. See docs/api/lists.md.</param>
/// <param name="Sort">Fields, comma-separated, the first first; a minus turns the order: <c>-amount,name</c>.</param>
/// <param name="Warning">Only those with this warning: the key of a rule, or <c>learned</c>.</param>
public sealed record AtRiskQuestion(
    Page Page, Times Times, [Text(8000)] string? Filter = null, [Text(400)] string? Sort = null, string? Pipeline = null,
    string? Stage = null, string? Rep = null, string? Team = null, string? Region = null, string? Product = null,
    [Text(40)] string? Warning = null)
{
    internal Asked Asked => Asked.Of(
        Times, new ListWords(Filter, Sort), ("pipeline", Pipeline), ("stage", Stage), ("rep", Rep), ("team", Team), ("region", Region),
        ("product", Product)) with
    { Page = Page };
}

/// <summary>Open opportunities with a sign that they may be lost.</summary>
/// <param name="NextCursor">Where the next page begins; null on the last. A page may hold fewer than were asked for, even none.</param>
/// <param name="Position">The position that the page shows.</param>
/// <param name="Moment">The moment that is asked about: <c>asOf</c> or <c>knownAt</c>, or else when the first page was read.</param>
/// <param name="PlaybookVersion">Whose rules warn: those in force at that moment.</param>
/// <param name="ModelId">By which learned combinations it is warned; null where by none.</param>
public sealed record AtRiskAnswer(
    IReadOnlyList<AtRiskDeal> Items, string? NextCursor, long Position, DateTimeOffset Moment, long PlaybookVersion, Guid? ModelId);

/// <param name="Warnings">The signs; at least one.</param>
/// <param name="AreSomeHidden">There are others, which rest on fields that are hidden from the caller.</param>
public sealed record AtRiskDeal(
    Guid Id, string? Name, string? Pipeline, string? Stage, Money? Amount, DateOnly? ExpectedClose, string? Rep, string? Team,
    IReadOnlyList<WarningAnswer> Warnings, bool AreSomeHidden);

/// <summary>The signs that one opportunity may be lost. The same moment and position give the same bytes.</summary>
/// <param name="AsOf">As it was asked for.</param>
/// <param name="KnownAt">As it was asked for.</param>
/// <param name="Moment">As of when it is looked at.</param>
/// <param name="Position">What was known at this position.</param>
/// <param name="PlaybookVersion">Whose rules warn: those in force at that moment.</param>
/// <param name="Warnings">None where there is no sign, and where it is not open.</param>
/// <param name="AreSomeHidden">There are others, which rest on fields that are hidden from the caller.</param>
public sealed record DealWarningsAnswer(
    Guid Id, DateTimeOffset? AsOf, DateTimeOffset? KnownAt, DateTimeOffset Moment, long Position, long PlaybookVersion,
    IReadOnlyList<WarningAnswer> Warnings, bool AreSomeHidden);

/// <summary>One sign.</summary>
/// <param name="Key">The rule's; <c>learned</c> for one that was learned from closed opportunities.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind"><c>rescheduled</c>, <c>no-touch</c>, <c>decision-maker-changed</c>, <c>silence</c>, <c>talk</c>, <c>holds</c> or
/// <c>learned</c>.</param>
/// <param name="Since">Since when it is there.</param>
/// <param name="Events">What makes it so.</param>
/// <param name="Learned">What is known of others that had the same; null for a rule.</param>
public sealed record WarningAnswer(
    string Key, string Name, string Kind, DateTimeOffset Since, IReadOnlyList<WarningEvent> Events, LearnedReason? Learned)
{
    internal static WarningAnswer Of(Warning one) => new(
        one.Rule.Section.Key, one.Rule.Section.Name, one.Rule.Kind, one.Spell.From,
        [.. one.Spell.Behind.Select(WarningEvent.Of)], Learned: null);
}

/// <param name="RecordId">The opportunity, or a contact of its customer.</param>
public sealed record WarningEvent(Guid RecordId, Guid EventId, long Position)
{
    internal static WarningEvent Of(FactPlace place) => new(place.RecordId, place.EventId, place.Position);
}

/// <param name="AgeDays">As of how many days after the opening opportunities are read.</param>
/// <param name="Lift">How many times as often those that had it were lost as all, of those that were closed after it was learned
/// from.</param>
/// <param name="LiftFrom">With 95 percent confidence at least so many times,</param>
/// <param name="LiftTo">and at most so many times.</param>
/// <param name="Lost">How many of those were lost.</param>
/// <param name="Deals">How many had it.</param>
public sealed record LearnedReason(
    Guid ModelId, int AgeDays, IReadOnlyList<TraitAnswer> Traits, double Lift, double LiftFrom, double LiftTo, int Lost, int Deals)
{
    internal static LearnedReason Of(WarningsLearned model, LearnedCombination one) => new(
        model.ModelId, model.AgeDays, [.. one.Traits.Select(TraitAnswer.From)], (double)one.Lift, (double)one.LiftFrom, (double)one.LiftTo,
        one.HeldOut.Lost, one.HeldOut.Deals);
}

/// <param name="Of">Such as <c>no-meeting</c>, <c>rescheduled</c> or <c>source</c>.</param>
/// <param name="Value">Of those that have one.</param>
public sealed record TraitAnswer(string Of, string? Value)
{
    internal static TraitAnswer From(DealTrait trait) => new(trait.Of, trait.Value);
}
