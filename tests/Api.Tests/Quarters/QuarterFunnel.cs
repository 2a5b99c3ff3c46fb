using System.Globalization;
using System.Text.Json;

namespace Crm.Api.Tests.Quarters;

/// <summary>A stage's figures, as they are reckoned by hand and as the product says them.</summary>
internal static class QuarterFunnel
{
    /// <summary>What became of the deals that were opened in a time.</summary>
    public static IEnumerable<string> Of(PlainQuarter quarter, DateTimeOffset from, DateTimeOffset to, string? region = null)
    {
        var deals = quarter.Deals.Where(deal => deal.Opened >= from && deal.Opened < to && (region is null || deal.Region == region)).ToList();
        for (var i = 0; i < quarter.Road.Stages.Length; i++)
        {
            var there = deals.Where(deal => deal.Entered.Count > i).ToList();
            var lost = there.Count(deal => deal.Entered.Count == i + 1 && deal.Ended is not null && !deal.IsWon);
            var open = there.Count(deal => deal.LeftAt(i) is null);
            var stays = there.Where(deal => deal.LeftAt(i) is not null)
                .Select(deal => (decimal)(deal.LeftAt(i)!.Value - deal.Entered[i]).Ticks / TimeSpan.TicksPerDay).ToList();
            yield return Line(
                quarter.Road.Stages[i].Name, there.Count, there.Count - lost - open, lost, open,
                stays.Count == 0 ? null : decimal.Round(stays.Average(), 4));
        }
    }

    public static string Line(JsonElement stage) => Line(
        stage.GetProperty("name").GetString()!, stage.GetProperty("entered").GetInt32(), stage.GetProperty("converted").GetInt32(),
        stage.GetProperty("lost").GetInt32(), stage.GetProperty("open").GetInt32(),
        stage.GetProperty("stay") is { ValueKind: JsonValueKind.Object } stay ? stay.GetProperty("mean").GetDecimal() : null);

    private static string Line(string name, int entered, int converted, int lost, int open, decimal? stay) => string.Create(
        CultureInfo.InvariantCulture, $"{name}: {entered} came, {converted} went on, {lost} lost, {open} open, {stay:0.####} days");
}
