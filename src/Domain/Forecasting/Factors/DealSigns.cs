using System.Globalization;
using Crm.Domain.Contacts;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Forecasting.Factors;

/// <summary>What is known of an open opportunity that factors can be read of, wherever it comes from.</summary>
/// <param name="Roles">What people at its customer do in decisions; null where it has no customer.</param>
/// <param name="Industry">Its customer's.</param>
/// <param name="Touches">How often something happened, by the key of the factor that asks for it.</param>
public sealed record DealFacts(
    ForecastDeal Deal, DealTraits Traits, IReadOnlyCollection<BuyingRole>? Roles, string? Industry,
    IReadOnlyDictionary<string, int> Touches);

/// <summary>What factors are told by events of an open opportunity.</summary>
/// <param name="Industry">Its customer's; null where that is not known.</param>
/// <param name="Readings">By the keys of factors, as it was counted; what is not known is not there.</param>
public sealed record DealSigns(Guid OpportunityId, string? Industry, IReadOnlyDictionary<string, decimal> Readings)
{
    public static DealSigns Of(ForecastSettings settings, DealFacts facts) => new(
        facts.Deal.OpportunityId, facts.Industry,
        (settings.Factors ?? []).Select(factor => (factor.Key, Reading: Read(settings, factor, facts)))
            .Where(one => one.Reading is not null).ToDictionary(one => one.Key, one => one.Reading!.Value, StringComparer.Ordinal));

    // The age in a stage is told by the forecast itself, and what sources say by their readings.
    private static decimal? Read(ForecastSettings settings, FactorSection factor, DealFacts facts) => factor.From switch
    {
        FactorFrom.DecisionChain => facts.Roles is { } held && settings.Chain is { Count: > 0 } asked ? asked.Count(held.Contains) : null,
        FactorFrom.Evidence => (factor.Labels ?? []).Count(facts.Traits.Holds) + (factor.Flows ?? []).Count(facts.Traits.WasGranted),
        FactorFrom.Field => Said(factor, Value(factor.Field!, facts)),
        FactorFrom.Activity or FactorFrom.Engagement => facts.Touches.GetValueOrDefault(factor.Key),
        FactorFrom.Reschedules => facts.Deal.ExpectedClose is null ? null : facts.Traits.MovedLater,
        FactorFrom.Qualification => factor.Fields!.Count(field => Value(field, facts) is not null),
        _ => null
    };

    private static decimal? Said(FactorSection factor, string? value) => value switch
    {
        null => null,
        _ when factor.Low is not null => decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ when factor.Values is null && factor.OtherPercent is null => value == "true" ? 1 : 0,
        _ => (factor.Values?.FirstOrDefault(one => one.Value == value)?.Percent ?? factor.OtherPercent) / 100m
    };

    private static string? Value(string field, DealFacts facts) => field switch
    {
        _ when CustomValues.KeyIn(field) is { } key => facts.Traits.Custom?.GetValueOrDefault(key),
        "competitor" => facts.Traits.Competitor,
        "source" => facts.Traits.Source,
        "product" => facts.Deal.Product,
        "customerId" => facts.Deal.CustomerId?.ToString("D"),
        "expectedClose" => facts.Deal.ExpectedClose?.ToString("O", CultureInfo.InvariantCulture),
        "region" => facts.Deal.Region,
        "rep" => facts.Deal.Rep,
        "team" => facts.Deal.Team,
        _ => null
    };
}
