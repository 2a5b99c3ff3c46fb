using Crm.Domain.MetricAlerts;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Domain.Tests.MetricAlerts;

public sealed class MetricAlertTests() : Spec<MetricAlert, IMetricAlertCommand, IMetricAlertEvent>(MetricAlertDecider.Instance)
{
    private static readonly MetricRuleSection Rule = new("east", "No win in the east", AlertSeverity.Critical, Members: ["ann"], NothingNew: new NothingNewSection(Region: "East"));
    private static readonly DateOnly Monday = new(2026, 3, 16);

    [Fact]
    public void A_figure_that_is_bad_is_told_of_on_that_day() => Given().When(Asked(Monday, isBad: true)).Then(Raised(Monday));

    [Fact]
    public void One_that_stays_bad_is_told_of_once() => Given(Raised(Monday)).When(Asked(Monday.AddDays(1), isBad: true)).ThenNothing();

    [Fact]
    public void One_that_is_well_again_recovers() => Given(Raised(Monday)).When(Asked(Monday.AddDays(1), isBad: false)).Then(Recovered(Monday.AddDays(1)));

    [Fact]
    public void After_that_it_is_told_of_again() =>
        Given(Raised(Monday), Recovered(Monday.AddDays(1))).When(Asked(Monday.AddDays(2), isBad: true)).Then(Raised(Monday.AddDays(2)));

    [Fact]
    public void What_was_asked_for_a_day_is_not_asked_for_it_again() => Given(Raised(Monday)).When(Asked(Monday, isBad: false)).ThenNothing();

    [Fact]
    public void One_that_is_well_and_was_is_nothing_to_tell() => Given().When(Asked(Monday, isBad: false)).ThenNothing();

    [Theory]
    [InlineData(36, 36, 36, true)]
    [InlineData(36, 35, 36, false)]
    public void Shares_are_bad_when_each_of_them_is_above_and_not_when_one_is_at_the_threshold(int first, int second, int third, bool isBad) =>
        MetricMath.AllAbove([first / 100m, second / 100m, third / 100m], 0.35m).ShouldBe(isBad);

    [Fact]
    public void A_month_in_which_nothing_came_to_an_end_breaks_the_run() => MetricMath.AllAbove([0.5m, MetricMath.Share(0, 0), 0.5m], 0.35m).ShouldBeFalse();

    [Fact]
    public void From_a_half_to_thirty_five_of_a_hundred_a_rate_has_lost_three_tenths() => MetricMath.Drop(0.35m, 0.5m).ShouldBe(0.3m);

    [Fact]
    public void A_quarter_begins_in_January_April_July_and_October() =>
        ((DateOnly[])[new(2026, 3, 31), new(2026, 4, 1), new(2026, 12, 31)]).Select(MetricMath.QuarterOf).ShouldBe([new(2026, 1, 1), new(2026, 4, 1), new(2026, 10, 1)]);

    private static WatchMetric Asked(DateOnly day, bool isBad) => new(Rule, new MetricReading(day, isBad, isBad ? 0 : 1, 14, From, From.AddDays(14), 7), ["ann"]);

    private static MetricAlertRaised Raised(DateOnly day) => new("east", "No win in the east", AlertSeverity.Critical, day, 0, 14, From, From.AddDays(14), 7, ["ann"]);

    private static MetricRecovered Recovered(DateOnly day) => new("east", "No win in the east", day, 1, 14, From, From.AddDays(14), 7);

    private static DateTimeOffset From { get; } = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
}
