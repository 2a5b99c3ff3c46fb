using Crm.Domain.Activities;
using Crm.Domain.Conditions;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Warnings;

/// <summary>A sign that an opportunity may be lost.</summary>
/// <param name="Spell">Since when it is there, and the facts behind it.</param>
public sealed record Warning(WarningPolicy.Rule Rule, Spell Spell);

/// <summary>
/// What rules warn of in one opportunity, and through which times. All of it follows from facts and rules: nothing is ever switched on or
/// off, and the same facts give the same warnings for ever.
/// </summary>
public sealed class DealWarnings
{
    private readonly IReadOnlyList<Warning> all;

    private DealWarnings(IReadOnlyList<Warning> all) => this.all = all;

    public static DealWarnings Of(DealStory story, WarningPolicy policy)
    {
        var (deal, open) = (story.Deal, story.Open);
        return deal.Opened is not { } opened || open.Count == 0 ? new([]) : new(
        [
            .. policy.Rules.Where(rule => rule.Section.Pipelines?.Contains(opened.Pipeline) != false).SelectMany(rule =>
                Signs(story, opened.Pipeline, open, rule, policy).Within(open)
                    .Within(story.While(deal => rule.When.Holds(OpportunityFields.RowOf(deal))))
                    .Select(spell => new Warning(rule, spell)))
        ]);
    }

    /// <summary>Those that are there at a moment, in the order of the rules.</summary>
    public IReadOnlyList<Warning> At(DateTimeOffset moment) => [.. all.Where(warning => warning.Spell.Holds(moment))];

    /// <summary>When after a moment another begins, if nothing happens before; null for never.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset moment) =>
        all.Where(warning => warning.Spell.From > moment).Select(warning => (DateTimeOffset?)warning.Spell.From).Min();

    private static IReadOnlyList<Spell> Signs(
        DealStory story, string pipeline, IReadOnlyList<Spell> open, WarningPolicy.Rule rule, WarningPolicy policy) => rule switch
        {
            { Section.Rescheduled: { } section } => Rescheduled(story, section),
            { Section.NoTouch: { } section } => Untouched(story, section, policy.StagesFrom(pipeline, section.From), policy),
            { Section.DecisionMakerChanged: { } section } => Spells.Joined(story.DecidersChanged
                .Where(role => role.At >= open[0].From)
                .Select(role => new Spell(role.At, role.At.AddDays(section.Days), [role.Place]))),
            { Section.Silence: { } section } => [.. open.SelectMany(spell => Unheard(story, spell, section, policy))],
            { Section.Talk: { } section } => Talked(story, section),
            { Holds: { } holds } => story.While(deal => holds.Holds(OpportunityFields.RowOf(deal))),
            _ => []
        };

    private static IReadOnlyList<Spell> Rescheduled(DealStory story, RescheduledSection section) =>
        story.MovedLater is var moved && moved.Count > section.MoreThan
            ? [new(moved[section.MoreThan].At, DateTimeOffset.MaxValue, [.. moved.Select(fact => fact.Place)])] : [];

    // Whatever stage it happened in: what was talked over early need not be talked over again.
    private static IEnumerable<Spell> UntouchedIn(
        Spell stay, DateTimeOffset touched, NoTouchSection section, WarningPolicy policy) =>
        (section.After is { } span ? policy.Beyond(stay.From, span) : stay.From) is { } from
            ? [stay with { From = from, To = touched < stay.To ? touched : stay.To }] : [];

    private static IReadOnlyList<Spell> Untouched(
        DealStory story, NoTouchSection section, IReadOnlyCollection<string> stages, WarningPolicy policy)
    {
        var touched = story.Touches.Where(one => section.Touch.Asked.IsMetBy(Made(one.Touch))).Select(one => (DateTimeOffset?)one.Fact.At)
            .Min() ?? DateTimeOffset.MaxValue;
        return [.. story.In(stages).SelectMany(stay => UntouchedIn(stay, touched, section, policy)).Where(spell => spell.From < spell.To)];
    }

    private static IEnumerable<Spell> Unheard(DealStory story, Spell open, UnheardSection section, WarningPolicy policy)
    {
        List<(DateTimeOffset At, FactPlace Place)> heard =
        [
            (open.From, open.Behind[0]),
            .. story.Touches.Where(one => section.Direction is null || one.Touch.Direction == section.Direction)
                .Where(one => one.Fact.At > open.From && one.Fact.At < open.To).Select(one => (one.Fact.At, one.Fact.Place))
        ];
        foreach (var (i, (at, place)) in heard.Index())
        {
            var until = i + 1 < heard.Count ? heard[i + 1].At : open.To;
            if (policy.Beyond(at, section.After) is { } from && from < until)
                yield return new(from, until, [place]);
        }
    }

    private static IReadOnlyList<Spell> Talked(DealStory story, TalkSection section)
    {
        var topics = (section.Topics ?? []).Select(SearchText.Fold).ToHashSet();
        var words = (section.Words ?? []).Select(SearchText.Fold).ToList();
        var talks = story.Touches.Where(one => IsOf(one.Touch)).Select(one => one.Fact).ToList();
        return Spells.Joined(Enumerable.Range(section.Times - 1, Math.Max(0, talks.Count - section.Times + 1)).Select(last => new Spell(
            talks[last].At,
            section.Days is { } days ? talks[last - section.Times + 1].At.AddDays(days) : DateTimeOffset.MaxValue,
            [.. talks[(last - section.Times + 1)..(last + 1)].Select(fact => fact.Place)])));

        bool IsOf(OpportunityTouched touch) => (touch.Topics ?? []).Any(topic => topics.Contains(SearchText.Fold(topic)))
            || touch.Outcome is { } outcome && SearchText.Fold(outcome) is var folded && words.Exists(folded.Contains);
    }

    private static TouchMade Made(OpportunityTouched touch) => new(touch.Kind, touch.Direction, touch.Outcome, Visit: touch.Visit);
}
