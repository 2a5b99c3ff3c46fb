using Crm.Domain.Conditions;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Leads;

/// <summary>
/// What rules can ask of a lead, the fields of its playbook among it. Nothing personal is: what a rule asked stands in the open for ever.
/// </summary>
public static class LeadFields
{
    private static readonly (Field Field, Func<Lead, object?> Of)[] All =
    [
        (new("source", FieldKind.Text), lead => lead.Details?.Source),
        (new("company", FieldKind.Text), lead => lead.Details?.Company),
        (new("role", FieldKind.Text), lead => lead.Details?.Role),
        (new("region", FieldKind.Text), lead => lead.Details?.Region),
        (new("industry", FieldKind.Text), lead => lead.Details?.Industry),
        (new("employees", FieldKind.Number), lead => lead.Details?.Employees is { } employees ? (decimal)employees : null),
        (new("sizeBand", FieldKind.Text), lead => SizeBandOf(lead)?.ToString().ToLowerInvariant()),
        (new("campaign", FieldKind.Text), lead => lead.Details?.Campaign),
        (new("product", FieldKind.Text), lead => lead.Details?.Product),
        (new("captures", FieldKind.Number), lead => (decimal)lead.CaptureCount),
        (new("touches", FieldKind.Number), lead => (decimal)lead.TouchCount),
        (new("hasEmail", FieldKind.Truth), lead => lead.Details?.Email is not null),
        (new("hasPhone", FieldKind.Truth), lead => lead.Details?.Phone is not null),
        (new("hasContact", FieldKind.Truth), lead => lead.Details?.Contact is not null)
    ];

    private static readonly Dictionary<string, Func<Lead, object?>> ByName = All.ToDictionary(one => one.Field.Name, one => one.Of);

    // That something personal is known is not personal itself.
    private static readonly Dictionary<string, Func<LeadCaptured, object?>> Knowable = new()
    {
        ["company"] = details => details.Company,
        ["contact"] = details => details.Contact,
        ["email"] = details => details.Email,
        ["phone"] = details => details.Phone,
        ["role"] = details => details.Role,
        ["region"] = details => details.Region,
        ["industry"] = details => details.Industry,
        ["employees"] = details => details.Employees,
        ["sizeBand"] = details => details.SizeBand,
        ["campaign"] = details => details.Campaign,
        ["product"] = details => details.Product,
        ["externalId"] = details => details.ExternalId
    };

    // None of them is a time, so that a bare day never comes up.
    private static readonly Vocabulary OfEveryLead =
        new(All.ToDictionary(one => one.Field.Name, one => one.Field), day => new(day, default, TimeSpan.Zero));

    /// <summary>What of a lead can be known or not.</summary>
    public static IReadOnlyList<string> OfKnowledge(PlaybookDocument document) =>
        [.. Knowable.Keys, .. OwnOf(document).All.Select(field => field.Field.Name)];

    /// <summary>What can be asked where a playbook is in force.</summary>
    public static Vocabulary VocabularyOf(PlaybookDocument document) => OwnOf(document).In(OfEveryLead);

    /// <summary>The fields that a playbook adds to leads.</summary>
    public static RecordFields OwnOf(PlaybookDocument? document) => RecordFields.Of(document, FieldRecord.Lead);

    /// <summary>A lead as a row for conditions.</summary>
    public static Func<string, object?> RowOf(Lead lead) => name => CustomValues.KeyIn(name) is { } key
        ? lead.Details?.Custom?[key]
        : ByName.GetValueOrDefault(name)?.Invoke(lead);

    /// <param name="field">One of <see cref="OfKnowledge(PlaybookDocument)"/>; any other is not known.</param>
    public static bool IsKnown(Lead lead, string field) =>
        field == "sizeBand" ? SizeBandOf(lead) is not null : lead.Details is { } details && Knows(details, field);

    /// <summary>The same of details as they were said.</summary>
    public static bool Knows(LeadCaptured details, string field) => CustomValues.KeyIn(field) is { } key
        ? details.Custom?[key] is not null
        : Knowable.GetValueOrDefault(field)?.Invoke(details) is not null;

    private static SizeBand? SizeBandOf(Lead lead) => lead.Details?.Employees is { } employees ? SizeBands.Of(employees) : lead.Details?.SizeBand;
}
