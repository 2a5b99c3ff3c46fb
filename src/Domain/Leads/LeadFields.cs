using Crm.Domain.Conditions;

namespace Crm.Domain.Leads;

/// <summary>What rules can ask of a lead. Nothing personal is among it: what a rule asked stands in the open for ever.</summary>
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

    /// <summary>None of them is a time, so that a bare day never comes up.</summary>
    public static Vocabulary Vocabulary { get; } = new(All.ToDictionary(one => one.Field.Name, one => one.Field), day => new(day, default, TimeSpan.Zero));

    /// <summary>A lead as a row for conditions.</summary>
    public static Func<string, object?> RowOf(Lead lead) => name => ByName.GetValueOrDefault(name)?.Invoke(lead);

    private static SizeBand? SizeBandOf(Lead lead) => lead.Details?.Employees is { } employees ? SizeBands.Of(employees) : lead.Details?.SizeBand;
}
