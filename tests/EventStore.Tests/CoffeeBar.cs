using Crm.EventModel;

namespace Crm.EventStore.Tests;

public interface ICoffeeEvent;

public sealed record CupOrdered(string Drink, decimal Price, IReadOnlyList<string> Extras) : ICoffeeEvent;

public sealed record CupRepriced(decimal Price) : ICoffeeEvent;

public sealed record CupDrunk : ICoffeeEvent;

public sealed record CupSpilt : ICoffeeEvent;

public sealed record PriceCorrected(Guid EventId, decimal Price) : ICoffeeEvent;

/// <summary>A small read model with everything in it: a row that comes and goes, a history, totals.</summary>
public sealed class CoffeeBar : ReadModel<CoffeeBar.Row>
{
    public sealed record Row(Guid CupId, string? Drink, decimal Price, bool Drunk, IReadOnlyList<string> Extras);

    public sealed record Group(string? Drink, string State);

    public static readonly EventTypes Types = new EventTypes()
        .Add(typeof(CupOrdered), typeof(CupRepriced), typeof(CupDrunk), typeof(CupSpilt), typeof(PriceCorrected))
        .Correct<PriceCorrected>(c => c.EventId, (_, later) => later, (fact, c) => fact switch
        {
            CupOrdered e => e with { Price = c.Price },
            CupRepriced => new CupRepriced(c.Price),
            _ => fact
        }, _ => null);

    public override string Name => "coffee_bar";

    public override int Version => 1;

    public override Type Reads => typeof(ICoffeeEvent);

    public override bool KeepsHistory => true;

    public override IReadOnlyList<Totals> Totals { get; } =
    [
        EventModel.Totals.By<Row, Group>("coffee_sales", row => (new Group(row.Drink, row.Drunk ? "drunk" : "open"), row.Price)) with { Rollups = [["state"]] }
    ];

    public override Row? Fold(Row? row, Recorded e)
    {
        var cup = row ?? new Row(e.StreamId, null, 0m, Drunk: false, []);
        return e.Data switch
        {
            CupOrdered x => cup with { Drink = x.Drink, Price = x.Price, Extras = x.Extras },
            CupRepriced { Price: < 0 } => throw new InvalidOperationException("Nobody is paid for drinking."),
            CupRepriced x => cup with { Price = x.Price },
            CupDrunk => cup with { Drunk = true },
            CupSpilt => null,
            _ => row
        };
    }
}
