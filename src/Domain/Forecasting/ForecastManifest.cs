using Crm.Domain.Contacts;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Forecasting;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older manifests stay whole.

/// <summary>All that a run is a function of, beside the facts themselves: whoever has it and the log has the forecast.</summary>
/// <param name="Engine">By which it is computed, with its version: <c>stage-weighted/1</c>.</param>
/// <param name="Today">The day of <paramref name="AsOf"/> in the tenant's zone.</param>
/// <param name="AsOf">Facts that occurred before this.</param>
/// <param name="Position">Facts up to here in the log.</param>
/// <param name="Playbook">The version of the rules that <paramref name="Settings"/> are of; 0 where none were published.</param>
/// <param name="Currency">In which amounts are; opportunities in another are left out, and counted.</param>
/// <param name="Digits">To how many decimals each contribution is rounded, half to even.</param>
/// <param name="Readings">Which readings of data sources it uses; null where it asks none.</param>
public sealed record ForecastManifest(
    string Engine, ForecastScope Scope, ForecastSpan Span, string Zone, string Tzdb, DateOnly Today, DateTimeOffset AsOf, long Position,
    long Playbook, ForecastSettings Settings, string Currency, int Digits, IReadOnlyList<ReadingUse>? Readings = null);

/// <summary>Whose opportunities are forecast; what is left out is any.</summary>
public sealed record ForecastScope(
    string? Pipeline = null, string? Team = null, string? Rep = null, string? Region = null, string? Product = null)
{
    public bool Holds(ForecastDeal deal) => Is(Pipeline, deal.Pipeline) && Is(Team, deal.Team) && Is(Rep, deal.Rep)
        && Is(Region, deal.Region) && Is(Product, deal.Product);

    private static bool Is(string? wanted, string? value) => wanted is null || wanted == value;
}

/// <summary>For which kind of time a forecast is made.</summary>
public enum ForecastPeriod { Weeks, Month, Quarter }

/// <summary>Days that a forecast is made for, and when they begin and end in the tenant's zone: half-open.</summary>
/// <param name="To">The day after the last one.</param>
public sealed record ForecastSpan(ForecastPeriod Period, DateOnly From, DateOnly To, DateTimeOffset Begin, DateTimeOffset End)
{
    /// <summary>The month or the quarter that a day lies in; of weeks, so many from that day on.</summary>
    public static (DateOnly From, DateOnly To) Of(ForecastPeriod period, DateOnly day, int weeks)
    {
        var month = new DateOnly(day.Year, day.Month, 1);
        var quarter = month.AddMonths(-((day.Month - 1) % 3));
        return period switch
        {
            ForecastPeriod.Month => (month, month.AddMonths(1)),
            ForecastPeriod.Quarter => (quarter, quarter.AddMonths(3)),
            _ => (day, day.AddDays(7 * weeks))
        };
    }
}

/// <summary>What a playbook says of forecasts, or what holds where it says nothing.</summary>
/// <param name="CommitPercent">From this chance on an opportunity is in the category <c>commit</c>.</param>
/// <param name="BestPercent">From this chance on it is in <c>best</c>; below, in <c>pipeline</c>.</param>
/// <param name="Pooling">So many decided opportunities weigh as much as what is known of the larger group.</param>
/// <param name="StalePercent">As long as so many of a hundred that were won stayed in a stage at most, an opportunity is fresh
/// there.</param>
/// <param name="StaleDays">As long as that it is fresh where too few were won to tell; null where it always is then.</param>
/// <param name="Factors">What else moves chances, for engines that ask for it; null for nothing.</param>
/// <param name="StrengthPercent">How far all factors together can move the odds; null where there are none.</param>
/// <param name="Chain">The roles that somebody at a customer should have; null where no factor asks for them.</param>
public sealed record ForecastSettings(
    int CommitPercent = 70, int BestPercent = 40, int Pooling = 20, int StalePercent = 90, int? StaleDays = null,
    IReadOnlyList<FactorSection>? Factors = null, int? StrengthPercent = null, IReadOnlyList<BuyingRole>? Chain = null);
