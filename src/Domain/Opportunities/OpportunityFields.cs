using Crm.Domain.Conditions;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>What rules can ask of an opportunity. Nothing personal is among it: what a rule asked stands in the open for ever.</summary>
public static class OpportunityFields
{
    private static readonly (Field Field, Func<Opportunity, object?> Of)[] All =
    [
        (new("type", FieldKind.Text), deal => deal.Details?.Type.ToString().ToLowerInvariant()),
        (new("pipeline", FieldKind.Text), deal => deal.Opened?.Pipeline),
        (new("stage", FieldKind.Text), deal => deal.Stage),
        (new("amount", FieldKind.Number), deal => deal.Amount?.Amount),
        (new("currency", FieldKind.Text), deal => deal.Amount?.Currency),
        (new("expectedClose", FieldKind.Day), deal => deal.ExpectedClose),
        (new("source", FieldKind.Text), deal => deal.Details?.Source),
        (new("product", FieldKind.Text), deal => deal.Details?.Product),
        (new("competitor", FieldKind.Text), deal => deal.Details?.Competitor),
        (new("region", FieldKind.Text), deal => deal.Region),
        (new("team", FieldKind.Text), deal => deal.Team),
        (new("rep", FieldKind.Text), deal => deal.Rep),
        (new("tags", FieldKind.Texts), deal => deal.Details?.Tags),
        (new("touches", FieldKind.Number), deal => (decimal)deal.Touches.Count),
        (new("attachments", FieldKind.Number), deal => (decimal)deal.Attachments.Held.Count),
        (new("hasCustomer", FieldKind.Truth), deal => deal.Details?.CustomerId is not null),
        (new("isFromLead", FieldKind.Truth), deal => deal.Details?.LeadId is not null)
    ];

    private static readonly Dictionary<string, Func<Opportunity, object?>> ByName = All.ToDictionary(one => one.Field.Name, one => one.Of);

    private static readonly Dictionary<string, Func<Opportunity, object?>> Knowable = new()
    {
        ["customerId"] = deal => deal.Details?.CustomerId,
        ["leadId"] = deal => deal.Details?.LeadId,
        ["source"] = deal => deal.Details?.Source,
        ["product"] = deal => deal.Details?.Product,
        ["competitor"] = deal => deal.Details?.Competitor,
        ["externalId"] = deal => deal.Details?.ExternalId,
        ["expectedClose"] = deal => deal.ExpectedClose,
        ["rep"] = deal => deal.Rep,
        ["team"] = deal => deal.Team,
        ["region"] = deal => deal.Region,
        ["reference"] = deal => deal.Won?.Reference,
        ["paymentReference"] = deal => deal.Paid?.Reference,
        ["deliveryReference"] = deal => deal.Delivered?.Reference
    };

    // None of them is an instant, so that a bare day is always a day.
    private static readonly Vocabulary OfEvery =
        new(All.ToDictionary(one => one.Field.Name, one => one.Field), day => new(day, default, TimeSpan.Zero));

    /// <summary>The one gate before which a voucher can be known; null for what can be known before any.</summary>
    public static Gate? GateOf(string field) => field switch
    {
        "reference" => Gate.Win,
        "paymentReference" => Gate.Paid,
        "deliveryReference" => Gate.Delivered,
        _ => null
    };

    /// <summary>What of an opportunity can be known or not; its vouchers only once it is won, paid or delivered.</summary>
    public static IReadOnlyList<string> OfKnowledge(PlaybookDocument document) =>
        [.. Knowable.Keys, .. OwnOf(document).All.Select(field => field.Field.Name)];

    /// <summary>What can be asked where a playbook is in force.</summary>
    public static Vocabulary VocabularyOf(PlaybookDocument? document) => OwnOf(document).In(OfEvery);

    /// <summary>An opportunity as a row for conditions.</summary>
    public static Func<string, object?> RowOf(Opportunity deal) => name => CustomValues.KeyIn(name) is { } key
        ? deal.Details?.Custom?[key]
        : ByName.GetValueOrDefault(name)?.Invoke(deal);

    /// <param name="field">One of <see cref="OfKnowledge(PlaybookDocument)"/>; any other is not known.</param>
    public static bool IsKnown(Opportunity deal, string field) => CustomValues.KeyIn(field) is { } key
        ? deal.Details?.Custom?[key] is not null
        : Knowable.GetValueOrDefault(field)?.Invoke(deal) is not null;

    private static RecordFields OwnOf(PlaybookDocument? document) => RecordFields.Of(document, FieldRecord.Opportunity);
}
