using System.Globalization;
using Crm.Domain.Calendars;
using Crm.Domain.Conditions;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Customers;

/// <summary>
/// What rules can ask of a customer, the fields of its playbook among it. Days are those of the tenant's calendar: what was yesterday, at
/// whatever hour, is one day ago. Nothing personal is among it: what a rule asked stands in the open for ever.
/// </summary>
public static class CustomerFields
{
    private const string Tier = "tier";

    private static readonly (Field Field, Func<CustomerFacts, Func<DateTimeOffset?, decimal?>, object?> Of)[] All =
    [
        (new("industry", FieldKind.Text), (facts, _) => facts.Industry),
        (new("region", FieldKind.Text), (facts, _) => facts.Region),
        (new("country", FieldKind.Text), (facts, _) => facts.Country),
        (new("employees", FieldKind.Number), (facts, _) => facts.Employees is { } employees ? (decimal)employees : null),
        (new("tags", FieldKind.Texts), (facts, _) => facts.Tags ?? []),
        (new(Tier, FieldKind.Text), (facts, _) => facts.Tier),
        (new("orders", FieldKind.Number), (facts, _) => (decimal)facts.Orders),
        (new("openOpportunities", FieldKind.Number), (facts, _) => (decimal)facts.OpenOpportunities),
        (new("daysSinceRegistered", FieldKind.Number), (facts, days) => days(facts.RegisteredAt)),
        (new("daysSinceFirstOrder", FieldKind.Number), (facts, days) => days(facts.FirstOrderAt)),
        (new("daysSinceOrder", FieldKind.Number), (facts, days) => days(facts.LastOrderAt)),
        (new("daysSinceTouch", FieldKind.Number), (facts, days) => days(facts.LastTouchAt))
    ];

    private static readonly Dictionary<string, Func<CustomerFacts, Func<DateTimeOffset?, decimal?>, object?>> ByName =
        All.ToDictionary(one => one.Field.Name, one => one.Of);

    // None of them is an instant, so that a bare day never comes up.
    private static readonly Vocabulary OfEvery =
        new(All.ToDictionary(one => one.Field.Name, one => one.Field), day => new(day, default, TimeSpan.Zero));

    private static readonly Vocabulary OfTiers = OfEvery with
    {
        Fields = OfEvery.Fields.Where(one => one.Key != Tier).ToDictionary(one => one.Key, one => one.Value)
    };

    /// <summary>What a stage can ask.</summary>
    public static Vocabulary ForLifecycle(PlaybookDocument document) => OwnOf(document).In(OfEvery);

    /// <summary>What a tier can ask: no tier, since that is what is looked for.</summary>
    public static Vocabulary ForTiers(PlaybookDocument document) => OwnOf(document).In(OfTiers);

    /// <summary>A customer as a row for conditions.</summary>
    /// <param name="now">From when days are counted back.</param>
    /// <param name="zone">Where they begin.</param>
    public static Func<string, object?> RowOf(CustomerFacts facts, DateTimeOffset now, IZone zone)
    {
        var today = DayOf(now, zone);
        return name => CustomValues.KeyIn(name) is { } key
            ? facts.Custom?[key]
            : ByName.GetValueOrDefault(name)?.Invoke(facts, at => at is { } then ? Math.Max(0, today - DayOf(then, zone)) : null);
    }

    /// <summary>A value as texts tell it; null where it is not known.</summary>
    internal static string? Text(object? value) => value switch
    {
        null => null,
        IEnumerable<string> texts => string.Join(", ", texts) is { Length: > 0 } joined ? joined : null,
        string text => text,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)
    };

    private static int DayOf(DateTimeOffset at, IZone zone) => DateOnly.FromDateTime(zone.LocalOf(at)).DayNumber;

    private static RecordFields OwnOf(PlaybookDocument document) => RecordFields.Of(document, FieldRecord.Customer);
}
