using Crm.Domain;

namespace Crm.Api.Imports;

/// <summary>Amounts of one kind that a row tells of: what was spent, delivered or paid. Each is known again by its place in the mapping.</summary>
internal sealed class MoneyFacts
{
    private readonly IReadOnlyList<Entry> entries;

    private MoneyFacts(IReadOnlyList<Entry> entries) => this.entries = entries;

    /// <param name="node">One, or a list of them; null for none.</param>
    /// <param name="first">When the record itself began.</param>
    /// <param name="hasAmount">Whether an entry has to say how much it was; otherwise it is all that is left.</param>
    public static MoneyFacts Read(MappingNode? node, FieldReader fields, Field? first, bool hasAmount = true) => new(
        node is null ? [] : [.. (node.IsList ? node.Items() : [node]).Select(entry => EntryOf(entry.With("at", "when", "amount", "reference"), fields, first, hasAmount))]);

    /// <summary>Those that the row says, each with its place.</summary>
    public IEnumerable<MoneyFact> Of(RowReader row)
    {
        foreach (var (i, entry) in entries.Index())
        {
            if (entry.IsSaid(row) && row.Amount(entry.Amount) is var amount && amount is not { Amount: 0 })
            {
                yield return new MoneyFact(i, amount, row.Text(entry.Reference), row.Moment(entry.At));
            }
        }
    }

    private static Entry EntryOf(MappingNode node, FieldReader fields, Field? first, bool hasAmount)
    {
        var entry = new Entry(
            fields.Time(node), fields.When(node), hasAmount ? fields.Need(node, "amount", "how much it was") : fields.Find(node, "amount"), fields.Find(node, "reference"), hasAmount);
        if (entry.At is null != first is null)
        {
            throw node.Wrong(entry.At is null ? "'at' is missing: when it happened, as the record itself has it." : "The record itself has no 'at', so nothing after it can have one.");
        }

        return entry is not { At: null, When: null, Amount: null } ? entry : throw node.Wrong("say 'when' it happened: the values of a column that tell.");
    }

    /// <param name="When">What columns have to say for it; null: it happened if it has an amount, or where none is needed a date.</param>
    private sealed record Entry(Field? At, IReadOnlyDictionary<string, IReadOnlyList<string>>? When, Field? Amount, Field? Reference, bool HasAmount)
    {
        public bool IsSaid(RowReader row) => When is not null ? row.Holds(When) : Amount is not null && row.Says(Amount) || !HasAmount && At is not null && row.Says(At);
    }
}

/// <param name="Amount">Null where the row does not say it.</param>
internal sealed record MoneyFact(int Place, Money? Amount, string? Reference, DateTimeOffset? At);
