using Crm.Domain.Conditions;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Approvals;

/// <summary>What an approval is asked on. What the record says is the record's; nothing of a person is among it.</summary>
/// <param name="Kind">Of the record: <c>opportunity</c>.</param>
/// <param name="Amount">What it is to be worth.</param>
/// <param name="Percent">The discount, or by how much the amount changes, of a hundred.</param>
/// <param name="Type">Of an opportunity: <c>new</c>, <c>renewal</c>, <c>upsell</c>.</param>
public sealed record ApprovalFacts(
    string Kind,
    Money? Amount = null,
    decimal? Percent = null,
    string? Pipeline = null,
    string? Stage = null,
    string? Region = null,
    string? Team = null,
    string? Product = null,
    string? Type = null)
{
    /// <summary>Of an opportunity, which is to be worth something else, or is to be sold at a discount.</summary>
    /// <param name="amount">Left out, what it is worth.</param>
    /// <param name="percent">Left out, by how much the amount would change: |new − old| / |old| · 100, to six places
    /// and rounded up, so that what is beyond a limit is never told as the limit; from nothing it changes by 100.</param>
    public static ApprovalFacts Of(Opportunity deal, Money? amount, decimal? percent) => new(
        "opportunity", amount ?? deal.Amount, percent ?? (amount is null ? null : Change(deal.Amount, amount)), deal.Opened?.Pipeline,
            deal.Stage, deal.Region, deal.Team,
        deal.Details?.Product, deal.Details?.Type.ToString().ToLowerInvariant());

    /// <summary>By how much of a hundred an amount changes, as above; null where there is none, or of another currency.</summary>
    public static decimal? Change(Money? from, Money to) =>
        from is null || from.Currency != to.Currency ? null
        : from.Amount == to.Amount ? 0 : from.Amount == 0 ? 100
            : decimal.Round(Math.Abs(to.Amount - from.Amount) / Math.Abs(from.Amount) * 100, 6, MidpointRounding.ToPositiveInfinity);
}

/// <summary>What the steps of a flow can ask of what is to be approved.</summary>
public static class ApprovalFields
{
    private static readonly (Field Field, Func<ApprovalFacts, object?> Of)[] All =
    [
        (new("kind", FieldKind.Text), facts => facts.Kind),
        (new("amount", FieldKind.Number), facts => facts.Amount?.Amount),
        (new("currency", FieldKind.Text), facts => facts.Amount?.Currency),
        (new("percent", FieldKind.Number), facts => facts.Percent),
        (new("pipeline", FieldKind.Text), facts => facts.Pipeline),
        (new("stage", FieldKind.Text), facts => facts.Stage),
        (new("region", FieldKind.Text), facts => facts.Region),
        (new("team", FieldKind.Text), facts => facts.Team),
        (new("product", FieldKind.Text), facts => facts.Product),
        (new("type", FieldKind.Text), facts => facts.Type)
    ];

    private static readonly Dictionary<string, Func<ApprovalFacts, object?>> ByName =
        All.ToDictionary(one => one.Field.Name, one => one.Of);

    /// <summary>None of them is a time, so that a bare day never comes up.</summary>
    public static Vocabulary Vocabulary { get; } =
        new(All.ToDictionary(one => one.Field.Name, one => one.Field), day => new(day, default, TimeSpan.Zero));

    public static Func<string, object?> RowOf(ApprovalFacts facts) => name => ByName.GetValueOrDefault(name)?.Invoke(facts);
}
