using System.Text.Json.Nodes;
using Crm.Api.Audit;
using Crm.Domain;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.Projections;
using Crm.Projections.Opportunities;

namespace Crm.Api.Tests.Audit;

/// <summary>What an event did is what the record was before and after it, worked out anew for each event.</summary>
public sealed class EffectTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whether_gone_through_once_or_folded_anew_for_each_event_the_effects_are_the_same(int seed)
    {
        var stream = RandomDeal(new Random(seed), 60);

        var effects = Effect.Of(stream, _ => true, EventCatalog.Types).ToList();

        effects.Select(e => e.Event).ShouldBe(stream);
        foreach (var (e, effect) in effects)
        {
            var (before, after) = Plain(stream, e);
            (Text(effect.Before), Text(effect.After)).ShouldBe((before, after), $"event {e.Version}, {e.TypeName}");
        }

        effects.Count(e => e.Effect.Changes().Any()).ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Only_what_is_wanted_is_told()
    {
        var stream = RandomDeal(new Random(5), 20);

        Effect.Of(stream, e => e.Version is 3 or 17, EventCatalog.Types).Select(e => e.Event.Version).ShouldBe([3, 17]);
    }

    // From the text of the rules: fold what was known up to the event, in the order of happening, up to the fact in question.
    private static (string Before, string After) Plain(IReadOnlyList<Recorded> stream, Recorded e)
    {
        var known = stream.Where(x => x.Position <= e.Position).ToList();
        return EventCatalog.Types.Corrected(e.Data) is { } fact
            ? (Amounts(known.SkipLast(1), fact, with: true), Amounts(known, fact, with: true))
            : (Amounts(known, e.EventId, with: false), Amounts(known, e.EventId, with: true));
    }

    private static string Amounts(IEnumerable<Recorded> known, Guid upTo, bool with)
    {
        var facts = FoldOrder.Of([.. known], EventCatalog.Types);
        var place = facts.ToList().FindIndex(f => f.EventId == upTo);
        var folded = place < 0 ? facts : facts.Take(with ? place + 1 : place);
        return folded.Aggregate((OpportunityList.Row?)null, Catalog.Opportunities.Fold) is { } row ? $"{row.Stage} {row.Amount} {row.Rep}" : "";
    }

    private static string Text(JsonObject record) =>
        record.Count == 0 ? "" : $"{record["stage"]} {Number(record["amount"])} {record["rep"]}";

    private static decimal? Number(JsonNode? amount) =>
        amount is null ? null : decimal.Parse(amount.ToString(), System.Globalization.CultureInfo.InvariantCulture);

    private static List<Recorded> RandomDeal(Random random, int events)
    {
        var stream = new List<Recorded>();
        var id = Guid.CreateVersion7();
        for (var i = 1; i <= events; i++)
        {
            object data = i == 1 ? new OpportunityOpened("Deal", OpportunityType.New, new Money(100, "USD"), "standard", "Prospecting") : random.Next(5) switch
            {
                0 => new OpportunityStageEntered($"Stage {random.Next(5)}"),
                1 => new OpportunityAmountChanged(new Money(random.Next(1, 900), "USD")),
                2 => new OpportunityAssigned($"rep{random.Next(4)}"),
                3 => new OpportunityCorrected(stream[random.Next(stream.Count)].EventId, "a slip", Withdrawn: random.Next(4) == 0, Amount: new Money(random.Next(1, 900), "USD")),
                _ => new OpportunityStageEntered("Proposal")
            };
            var occurred = Begin.AddDays(i == 1 ? 0 : random.Next(3) == 0 ? random.Next(1, i) : i);
            stream.Add(new Recorded(
                "main", id, i, i * 3, Guid.CreateVersion7(), EventCatalog.Types.AliasOf(data), data, Begin.AddDays(i), occurred, new Metadata()));
        }

        return stream;
    }
}
