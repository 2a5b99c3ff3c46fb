using Crm.EventModel;

namespace Crm.Projections.Tests;

/// <summary>Facts of one stream, told in the order of recording, and the row that a read model makes of them.</summary>
public sealed class Story<TRow>(ReadModel<TRow> model) where TRow : class
{
    public static readonly Guid Id = Guid.Parse("0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52");
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly List<Recorded> events = [];

    /// <summary>Adds a fact that occurred so many days after Monday, and returns the id of its event.</summary>
    public Guid On(double day, object fact)
    {
        var version = events.Count + 1;
        var id = new Guid(version, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
        events.Add(new Recorded(
            "acme", Id, version, Position: 10 * version, id, EventCatalog.Types.AliasOf(fact), fact, Monday.AddDays(30).AddMinutes(version),
            Monday.AddDays(day), new Metadata()));
        return id;
    }

    public Story<TRow> Then(double day, object fact)
    {
        On(day, fact);
        return this;
    }

    public TRow? Row => RowAsOf(double.MaxValue);

    /// <summary>The row of the facts that occurred before a day.</summary>
    public TRow? RowAsOf(double day) => FoldOrder.Of(events, EventCatalog.Types)
        .Where(fact => day == double.MaxValue || fact.OccurredAt < Monday.AddDays(day)).Aggregate((TRow?)null, model.Fold);
}
