using System.Globalization;
using Crm.Domain.Activities;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Warnings.Learning;

// Stored forever as JSON under these names: add, never rename.

/// <summary>Something that is so of an opportunity, or not.</summary>
/// <param name="Of">Which sort of thing, such as <c>no-meeting</c> or <c>source</c>.</param>
/// <param name="Value">Of those that have one: the source, the product, the topic; of <c>amount-from</c> as <c>120000 CNY</c>.</param>
public sealed record DealTrait(string Of, string? Value = null)
{
    public const string AmountFrom = "amount-from";
    public const string DecisionMakerChanged = "decision-maker-changed";

    /// <summary>What a reader has to see of an opportunity to be told, as its answers call it.</summary>
    public IReadOnlyList<string> Members() => Of switch
    {
        "type" or "source" or "product" or "region" or "competitor" => [Of],
        AmountFrom or "amount-raised" or "amount-cut" => ["amount"],
        "rescheduled" or "rescheduled-often" => ["expectedClose"],
        "first-stage" => ["stage"],
        "no-customer" or DecisionMakerChanged => ["customerId"],
        "talk" => ["touches", "topics"],
        _ => ["touches"]
    };

    public override string ToString() => Value is null ? Of : $"{Of} {Value}";
}

/// <summary>
/// An opportunity as it was at an age, so and so long after it was opened: of those that were closed, and of those that are open, at the
/// same age. What came later, and above all how it ended, is not in it.
/// </summary>
/// <param name="Traits">All that is so of it, but what depends on others.</param>
/// <param name="Amount">What it was worth then.</param>
public sealed record DealReading(IReadOnlyCollection<DealTrait> Traits, Money? Amount)
{
    /// <summary>Whether a trait is one of its own.</summary>
    public bool Has(DealTrait trait) => trait.Of != DealTrait.AmountFrom ? Traits.Contains(trait)
        : Amount is { } worth && trait.Value?.Split(' ') is [var least, var currency] && currency == worth.Currency
            && worth.Amount >= decimal.Parse(least, CultureInfo.InvariantCulture);

    /// <summary>Null where it was not opened.</summary>
    public static DealReading? Of(DealStory story, int ageDays)
    {
        if (story.Facts.FirstOrDefault(fact => fact.Event is OpportunityOpened) is not { } opened)
            return null;

        var point = opened.At.AddDays(ageDays);
        var then = story.Until(point);
        var deal = then.Deal;
        var traits = new HashSet<DealTrait>(Known(deal));
        traits.UnionWith(Course(then, deal, opened.At));
        traits.UnionWith(Contact(then, opened.At, point, ageDays));
        return new(traits, deal.Amount);
    }

    /// <summary>The facts that make traits so of an opportunity; how it was opened where it is for what did not happen.</summary>
    public static IReadOnlyList<FactPlace> Behind(DealStory story, int ageDays, IReadOnlyCollection<DealTrait> traits)
    {
        var opened = story.Facts.First(fact => fact.Event is OpportunityOpened);
        var then = story.Until(opened.At.AddDays(ageDays));
        return
        [
            .. traits.SelectMany(trait => trait.Of switch
            {
                "rescheduled" or "rescheduled-often" => then.MovedLater.Select(fact => fact.Place),
                DealTrait.DecisionMakerChanged => then.DecidersChanged.Where(role => role.At >= opened.At).Select(role => role.Place),
                "talk" => then.Touches.Where(one => one.Touch.Topics?.Contains(trait.Value ?? "") == true).Select(one => one.Fact.Place),
                "amount-raised" or "amount-cut" => then.Facts.Where(fact => fact.Event is OpportunityAmountChanged)
                    .Select(fact => fact.Place),
                _ => [opened.Place]
            }).Distinct()
        ];
    }

    private static IEnumerable<DealTrait> Known(Opportunity deal)
    {
        (string Of, string? Value)[] known =
        [
            ("type", deal.Details?.Type.ToString().ToLowerInvariant()), ("source", deal.Details?.Source),
            ("product", deal.Details?.Product), ("region", deal.Region), ("competitor", deal.Details?.Competitor)
        ];
        foreach (var (of, value) in known)
        {
            if (value is not null)
                yield return new(of, value);
        }

        if (deal.Details?.CustomerId is null)
            yield return new("no-customer");
    }

    private static IEnumerable<DealTrait> Course(DealStory then, Opportunity deal, DateTimeOffset opened)
    {
        var moved = then.MovedLater.Count;
        if (moved > 0)
            yield return new("rescheduled");
        if (moved > 2)
            yield return new("rescheduled-often");
        if (!then.Facts.Any(fact => fact.Event is OpportunityStageEntered))
            yield return new("first-stage");
        if (then.DecidersChanged.Any(role => role.At >= opened))
            yield return new(DealTrait.DecisionMakerChanged);
        if (deal is { Opened.Amount: { } first, Amount: { } now } && first.Amount != now.Amount)
            yield return new(now.Amount > first.Amount ? "amount-raised" : "amount-cut");
    }

    private static IEnumerable<DealTrait> Contact(DealStory then, DateTimeOffset opened, DateTimeOffset point, int ageDays)
    {
        var touches = then.Touches.ToList();
        if (touches.Count == 0)
            yield return new("no-touch");
        if (!touches.Exists(one => one.Touch.Kind is TouchKind.Meeting or TouchKind.Visit))
            yield return new("no-meeting");
        if (!touches.Exists(one => one.Touch.Direction == Direction.Inbound))
            yield return new("no-inbound");
        if (touches.Select(one => one.Fact.At).Append(opened).Max() < point.AddDays(-ageDays / 2d))
            yield return new("silent");
        foreach (var topic in touches.SelectMany(one => one.Touch.Topics ?? []).Distinct())
            yield return new("talk", topic);
    }
}
