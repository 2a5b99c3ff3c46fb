using Crm.Domain.Calendars;
using Crm.Domain.Notifications;
using Crm.Domain.Tasks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Notifications;

/// <summary>By which channels a member hears of an alert, and when.</summary>
public class NotifyMemberTests
{
    private static readonly Guid Mail = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Group = new("00000000-0000-0000-0000-000000000002");
    private static readonly IZone Shanghai = FixedZone.Shanghai;

    // 10:00 in Shanghai.
    private static readonly DateTimeOffset Morning = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Who_has_said_nothing_hears_by_his_inbox_alone() =>
        NotifyMember.React(Alert(), Morning, wanted: null, Shanghai).ShouldBeEmpty();

    [Fact]
    public void Each_channel_goes_by_the_first_of_its_routes_that_fits()
    {
        var wanted = Wanted(
            new NotificationRoute(Mail, AlertSeverity.Critical), new NotificationRoute(Mail, Kinds: ["lead-given"], DigestAt: "18:00"),
            new NotificationRoute(Group));

        NotifyMember.React(Alert(AlertSeverity.Critical), Morning, wanted, Shanghai)
            .ShouldBe([new Notice(Mail, Morning, IsDigest: false), new Notice(Group, Morning, IsDigest: false)]);
        NotifyMember.React(Alert(AlertSeverity.Info), Morning, wanted, Shanghai)
            .ShouldBe([new Notice(Mail, Morning.AddHours(8), IsDigest: true), new Notice(Group, Morning, IsDigest: false)]);
        NotifyMember.React(Alert(AlertSeverity.Warning) with { Kind = "other" }, Morning, wanted, Shanghai)
            .ShouldBe([new Notice(Group, Morning, IsDigest: false)]);
    }

    [Fact]
    public void What_is_raised_at_the_very_moment_of_a_digest_waits_for_the_next() =>
        NotifyMember.React(Alert(), Morning, Wanted(new NotificationRoute(Mail, DigestAt: "10:00")), Shanghai)
            .ShouldBe([new Notice(Mail, Morning.AddDays(1), IsDigest: true)]);

    [Theory]
    [InlineData("09:00", "10:00", 0)]         // they end just now
    [InlineData("09:00", "11:30", 90)]
    [InlineData("10:00", "11:00", 60)]        // they begin just now
    [InlineData("22:00", "11:00", 60)]        // over midnight, after it
    [InlineData("09:30", "07:00", 1260)]      // over midnight, before it
    [InlineData("10:01", "09:00", 0)]
    public void What_comes_in_quiet_hours_waits_for_their_end(string from, string to, int minutes)
    {
        var wanted = Wanted(new NotificationRoute(Mail)) with { QuietHours = new QuietHours(from, to) };

        NotifyMember.React(Alert(), Morning, wanted, Shanghai).ShouldBe([new Notice(Mail, Morning.AddMinutes(minutes), IsDigest: false)]);
    }

    [Fact]
    public void What_is_critical_does_not_wait_unless_it_is_to()
    {
        var wanted = Wanted(new NotificationRoute(Mail)) with { QuietHours = new QuietHours("09:00", "12:00") };

        NotifyMember.React(Alert(AlertSeverity.Critical), Morning, wanted, Shanghai).Single().DueAt.ShouldBe(Morning);
        NotifyMember.React(Alert(AlertSeverity.Critical), Morning,
            wanted with { QuietHours = wanted.QuietHours! with { HoldsCritical = true } }, Shanghai)
            .Single().DueAt.ShouldBe(Morning.AddHours(2));
    }

    [Fact]
    public void A_digest_in_quiet_hours_waits_for_their_end() =>
        NotifyMember.React(Alert(), Morning,
            Wanted(new NotificationRoute(Mail, DigestAt: "23:00")) with { QuietHours = new QuietHours("22:00", "08:00") }, Shanghai)
            .ShouldBe([new Notice(Mail, Morning.AddHours(22), IsDigest: true)]);

    private static NotificationsChosen Wanted(params NotificationRoute[] routes) => new("ann", "en", routes);

    private static AlertRaised Alert(AlertSeverity severity = AlertSeverity.Info) =>
        new("ann", "lead-given", severity, new AlertCause("look-after-leads", Guid.Empty));
}
