using Crm.Domain.Playbooks;
using Crm.Domain.Scoring.Leads;
using Crm.Domain.Scoring.Points;

namespace Crm.Domain.Tests.Scoring;

/// <summary>When points that fade come into another band is known before.</summary>
public sealed class BandCrossingTests
{
    private static readonly DateTimeOffset Monday = new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly ScoreBandsSection Bands = new(High: 30, Low: 10);

    [Fact]
    public void Points_that_halve_in_a_week_leave_each_band_when_they_come_below_it()
    {
        var model = Model(Rule("download", 40, halfLifeDays: 7));

        var leavesHigh = Crosses(model, Monday.AddHours(1), Did("download"))!.Value;
        var leavesMiddle = Crosses(model, leavesHigh, Did("download"))!.Value;

        // 40 · 2^(−t/7) is 29.995, and 9.995, which are given as 30 and 10 for the last time, after 2.9064 and 14.0051 days.
        (leavesHigh - Monday).TotalDays.ShouldBe(7 * Math.Log2(40 / 29.995), 0.0001);
        (leavesMiddle - Monday).TotalDays.ShouldBe(7 * Math.Log2(40 / 9.995), 0.0001);
        Crosses(model, leavesMiddle, Did("download")).ShouldBeNull("there is no band below");
    }

    [Fact]
    public void What_counts_against_a_lead_fades_too_and_lifts_it()
    {
        var model = Model(Rule("download", 35, halfLifeDays: null), Rule("mail", -20, halfLifeDays: 3));

        var crosses = Crosses(model, Monday.AddHours(1), Did("download"), Did("mail"))!.Value;

        (crosses - Monday).TotalDays.ShouldBe(3 * Math.Log2(20 / 5.005), 0.01);
        Band(model, crosses, Did("download"), Did("mail")).ShouldBe("high");
    }

    [Fact]
    public void A_cap_holds_points_until_they_are_below_it_and_what_stays_never_crosses()
    {
        var capped = Model(Rule("download", 40, halfLifeDays: 7, cap: 35));
        var stays = Model(Rule("download", 40, halfLifeDays: null));

        (Crosses(capped, Monday.AddHours(1), Did("download"), Did("download"))!.Value - Monday)
            .TotalDays.ShouldBe(7 * Math.Log2(80 / 29.995), 0.01);
        Crosses(stays, Monday.AddHours(1), Did("download")).ShouldBeNull();
    }

    [Fact]
    public void Whatever_rises_and_falls_at_once_the_first_crossing_is_found()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var model = Model(
                Rule("download", random.Next(10, 60), random.Next(1, 20)), Rule("mail", -random.Next(5, 40), random.Next(1, 20)),
                Rule("call", random.Next(5, 30), random.Next(1, 60)));
            Behaviour[] did = [.. Enumerable.Range(0, random.Next(1, 8))
                .Select(n => new Behaviour(((string[])["download", "mail", "call"])[random.Next(3)],
                Monday.AddHours(-random.Next(1, 400))))];
            var (band, crosses) = (Band(model, Monday, did), Crosses(model, Monday, did));

            var first = Enumerable.Range(1, 24 * 120).Select(hour => Monday.AddHours(hour)).Cast<DateTimeOffset?>()
                .FirstOrDefault(at => Band(model, at!.Value, did) != band);

            if (first is { } seen)
            {
                crosses.ShouldNotBeNull();
                crosses.Value.ShouldBeLessThanOrEqualTo(seen.AddSeconds(1));
                crosses.Value.ShouldBeGreaterThan(Monday);
                (Band(model, crosses.Value, did) != band || crosses.Value <= seen).ShouldBeTrue();
            }
        }
    }

    private static DateTimeOffset? Crosses(PointsModel model, DateTimeOffset now, params Behaviour[] did) =>
        BandCrossing.After(now, model, Bands, _ => null, did);

    private static string? Band(PointsModel model, DateTimeOffset at, params Behaviour[] did) =>
        LeadPoints.BandOf(Bands, model.Score(at, _ => null, did).Score);

    private static Behaviour Did(string kind) => new(kind, Monday);

    private static PointsModel Model(params PointsRule[] rules) => new(rules);

    private static PointsRule Rule(string kind, decimal points, decimal? halfLifeDays, decimal? cap = null) =>
        new PointsRule.ForBehaviour(kind, kind, points, kind, cap, halfLifeDays);
}
