using Crm.Domain;
using Crm.Domain.Orders;

namespace Crm.Api.Imports;

/// <summary>A row signs an order, and tells what of it was delivered and paid, each at its own time.</summary>
internal sealed class OrderKind : RecordKind
{
    private readonly Field customer, amount;
    private readonly Field? number, opportunity, at;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>>? when;
    private readonly MoneyFacts delivered, paid;

    private OrderKind(FieldReader fields, MappingNode node)
        : base(OrderDecider.Instance.StreamType, fields.Table, fields.Key(node), node.Find("repeats")?.Truth() ?? false)
    {
        customer = fields.Need(node, "customer", "the column that names the customer by its key");
        (number, opportunity) = (fields.Find(node, "number", IfMissing.SetAside), fields.Find(node, "opportunity"));
        var signed = node.Need("signed", "when, and at which amount, it was signed").With("at", "when", "amount");
        (at, when, amount) = (fields.Time(signed), fields.When(signed), fields.Need(signed, "amount", "what was signed"));
        delivered = MoneyFacts.Read(node.Find("delivered"), fields, at, hasAmount: false);
        paid = MoneyFacts.Read(node.Find("paid"), fields, at);
    }

    public static OrderKind Read(MappingNode node, FieldReader fields) => new(fields, node.With(
        "file", "sheet", "key", "repeats", "customer", "number", "opportunity", "signed", "delivered", "paid"));

    public override string ClaimColumn => number?.Column ?? Key[0];

    public override IEnumerable<string> Names => opportunity is null ? ["customer"] : ["customer", "opportunity"];

    public override ISaying? Say(RowReader row, string key)
    {
        if (!row.Holds(when))
        {
            row.Refuse("no-rule", $"What {string.Join(" and ", when!.Keys)} say is nothing that the mapping takes as a signed order.", when.Keys.First());
        }

        var (whose, signed, signedAt) = (row.Reference(customer, "customer"), row.Amount(amount), row.Moment(at));
        var (deal, called) = (row.Reference(opportunity, "opportunity"), row.Text(number) ?? key);
        IReadOnlyList<MoneyFact> deliveries = [.. delivered.Of(row)], payments = [.. paid.Of(row)];
        if (called.Length > SignOrder.LongestNumber)
        {
            row.Refuse("too-long", $"An order's number has at most {SignOrder.LongestNumber} characters.", ClaimColumn);
        }

        if (row.SetAside is not null)
        {
            return null;
        }

        NoteBeyond(row, signed!, deliveries, "delivered");
        NoteBeyond(row, signed!, payments, "paid");
        return new Saying<Order, IOrderCommand, IOrderEvent>(OrderDecider.Instance,
        [
            new(new SignOrder(whose!.Value, called, signed!, deal), signedAt),
            .. deliveries.Select(fact => new Dated<IOrderCommand>(new DeliverOrder(IdOf("delivery", fact), fact.Amount, fact.Reference, Happened: true), fact.At)),
            .. payments.Select(fact => new Dated<IOrderCommand>(new PayOrder(IdOf("payment", fact), fact.Amount!, fact.Reference, Happened: true), fact.At))
        ]);

        Guid IdOf(string kind, MoneyFact fact) => row.Reading.IdOf(kind, $"{key}|{fact.Place}");
    }

    // The books that the file comes from have it so.
    private void NoteBeyond(RowReader row, Money signed, IReadOnlyList<MoneyFact> facts, string what)
    {
        if (facts.Sum(fact => fact.Amount?.Amount ?? 0) > signed.Amount)
        {
            row.Note("beyond-amount", $"More was {what} than was signed; it is taken as it stands.", amount.Column);
        }
    }
}
