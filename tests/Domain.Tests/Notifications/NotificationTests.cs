using Crm.Domain.Notifications;
using Crm.Domain.Tasks;

namespace Crm.Domain.Tests.Notifications;

/// <summary>What a member may want, and what channels there are.</summary>
public class NotificationTests
{
    private static readonly Guid ById = new("00000000-0000-0000-0000-000000000001");
    private static readonly NotificationsChosen Wanted =
        new("ann", "zh-CN", [new NotificationRoute(ById, Kinds: ["lead-given"], DigestAt: "08:30")], new QuietHours("22:00", "08:00"));

    [Fact]
    public void The_same_said_twice_is_no_fact() =>
        Decide(Wanted, Wanted with { Routes = [Wanted.Routes[0] with { Kinds = ["lead-given"] }] }).ShouldBeEmpty();

    [Theory]
    [InlineData(AlertSeverity.Warning, "lead-given")]
    [InlineData(AlertSeverity.Info, "lead-silent")]
    [InlineData(AlertSeverity.Info, null)]
    public void Anything_else_takes_the_place_of_what_was(AlertSeverity least, string? kind)
    {
        var other = Wanted with { Routes = [Wanted.Routes[0] with { Least = least, Kinds = kind is null ? null : [kind] }] };

        Decide(Wanted, other).ShouldBe([other]);
    }

    [Fact]
    public void All_that_cannot_be_followed_is_named()
    {
        var wrong = Wanted with
        {
            Routes = [Wanted.Routes[0], new NotificationRoute(ById, DigestAt: "8.30"), new NotificationRoute(ById, Mention: "a\"b")],
            QuietHours = new QuietHours("25:00", "nine")
        };

        Should.Throw<Rejection>(() => Decide(null, wrong)).Faults.Select(fault => (fault.Pointer, fault.Code)).ShouldBe(
        [
            ("/routes/1/digestAt", "notifications.time"), ("/routes/2/mention", "notifications.mention"),
            ("/quietHours/from", "notifications.time"), ("/quietHours/to", "notifications.time")
        ]);
        Should.Throw<Rejection>(() => Decide(null, Wanted with { QuietHours = new QuietHours("08:00", "08:00") })).Faults.Single()
            .Code.ShouldBe("notifications.always-quiet");
    }

    [Theory]
    [InlineData("all")]
    [InlineData("@all")]
    [InlineData("ALL")]
    public void Nobody_has_the_whole_group_called_for_what_is_his(string everybody) =>
        Should.Throw<Rejection>(() => Decide(null, Wanted with { Routes = [new NotificationRoute(ById, Mention: everybody)] }))
            .Faults.Single().Code.ShouldBe("notifications.mention");

    [Fact]
    public void A_channel_that_was_removed_is_none_any_more()
    {
        var gone = Channel.None;
        gone = Spec(gone, new AddChannel(ChannelKind.Mail, "house", "mail.example.com:587", Guid.Empty, "crm@example.com", 60));
        Should.Throw<Rejection>(() => ChannelDecider.Decide(gone, new ChangeChannel(ChannelKind.Feishu, "house", "f", ById, null, 60)))
            .Code.ShouldBe("channel.kind");
        gone = Spec(gone, new RemoveChannel());

        ChannelDecider.Decide(gone, new RemoveChannel()).ShouldBeEmpty();
        Should.Throw<Rejection>(() => ChannelDecider.Decide(gone, new ChangeChannel(ChannelKind.Mail, "house", "m", ById, null, 60)))
            .Code.ShouldBe("channel.unknown");

        static Channel Spec(Channel state, IChannelCommand command) =>
            ChannelDecider.Decide(state, command).Aggregate(state, Channel.Evolve);
    }

    private static IReadOnlyList<INotificationEvent> Decide(NotificationsChosen? known, NotificationsChosen wanted) =>
        NotificationDecider.Decide(
        known is null ? MemberNotifications.None : MemberNotifications.Evolve(MemberNotifications.None, known),
        new ChooseNotifications(wanted));
}
