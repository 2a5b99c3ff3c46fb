using Crm.Domain.Access;

namespace Crm.Domain.Tests.Access;

public sealed class AccessTests() : Spec<Organisation, IAccessCommand, IAccessEvent>(AccessDecider.Instance)
{
    private static readonly Rights All = Rights.Everything;
    private static readonly Rights Manager = BuiltInRoles.All["manager"] with { Functions = BuiltInRoles.All["manager"].Functions.Add(Functions.MembersManage) };
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private static readonly MemberAdded Boss = new("boss", MemberKind.Person, "admin");
    private static readonly MemberAdded Rep = new("m-17", MemberKind.Person, "rep", Team: "east", Rep: "王伟");
    private static readonly TeamAdded China = new("china", "China");
    private static readonly TeamAdded East = new("east", "East", "china");
    private static readonly ApiKeyIssued Key = new("k1", "m-17", "laptop", "00", ExpiresAt: Monday.AddDays(90));

    [Fact]
    public void A_member_is_added_with_a_role_and_a_team() =>
        Given(China, East).When(new AddMember("m-17", MemberKind.Person, "rep", null, "east", "王伟", All)).Then(Rep);

    [Theory]
    [InlineData("M-17")]
    [InlineData("王伟")]
    [InlineData("-m")]
    public void An_id_is_plain_text_that_any_system_can_hold(string id) =>
        Given().When(new AddMember(id, MemberKind.Person, "rep", null, null, null, All)).ThenRejected("access.id", "id");

    [Fact]
    public void There_is_no_member_without_a_role() =>
        Given().When(new AddMember("m-17", MemberKind.Person, "king", null, null, null, All)).ThenRejected("access.role-unknown", "role");

    [Fact]
    public void Nobody_gives_a_role_that_is_more_than_his_own() =>
        Given(Boss, Rep).When(new GiveRole("m-17", "admin", Manager)).ThenRejected("access.beyond-own");

    [Fact]
    public void Nobody_issues_himself_the_key_of_somebody_with_more_rights() =>
        Given(Boss).When(new IssueApiKey("k2", "boss", "mine", "00", null, null, Manager)).ThenRejected("access.beyond-own");

    [Fact]
    public void Who_is_suspended_gets_no_key()
    {
        Given(Boss, Rep, new MemberSuspended("m-17")).When(new IssueApiKey("k2", "m-17", "mine", "00", null, null, All)).ThenRejected("access.member-suspended");
        Given(Boss, Rep, Key, new MemberSuspended("m-17")).When(new RotateApiKey("k1", "k2", "00", Monday, Monday, All)).ThenRejected("access.member-suspended");
    }

    [Fact]
    public void Nobody_links_his_login_to_somebody_with_more_rights() =>
        Given(Boss).When(new LinkLogin("boss", "https://issuer", "me", Manager)).ThenRejected("access.beyond-own");

    [Fact]
    public void Nobody_uncovers_a_field_that_is_hidden_from_himself() =>
        Given(Boss)
            .When(new DefineRole("clerk", [Functions.LeadsRead], RecordScope.Own, [], Manager with { HiddenFields = ["lead.phone"] }))
            .ThenRejected("access.beyond-own");

    [Fact]
    public void The_last_who_can_manage_access_stays() =>
        Given(Boss, Rep).When(new SuspendMember("boss", null, All)).ThenRejected("access.last-admin");

    [Fact]
    public void The_last_who_can_manage_access_keeps_the_role() =>
        Given(Boss, Rep).When(new GiveRole("boss", "rep", All)).ThenRejected("access.last-admin");

    [Fact]
    public void With_another_admin_the_first_may_go() =>
        Given(Boss, Rep, new MemberRoleGiven("m-17", "admin")).When(new SuspendMember("boss", "left", All)).Then(new MemberSuspended("boss", "left"));

    [Fact]
    public void A_role_of_every_tenant_is_not_defined_anew() =>
        Given(Boss).When(new DefineRole("rep", Functions.All, RecordScope.All, [], All)).ThenRejected("access.role-built-in", "id");

    [Fact]
    public void A_team_is_not_put_below_itself() =>
        Given(China, East).When(new MoveTeam("china", "east")).ThenRejected("access.team-tree", "parent");

    [Fact]
    public void A_team_takes_all_below_it_along_and_no_tree_becomes_deeper_than_ten()
    {
        TeamAdded[] chain = [.. Enumerable.Range(0, 10).Select(i => new TeamAdded($"a{i}", "A", i == 0 ? null : $"a{i - 1}"))];
        TeamAdded[] pair = [new("b0", "B"), new("b1", "B", "b0")];

        Given([.. chain, .. pair]).When(new MoveTeam("b0", "a8")).ThenRejected("access.team-tree", "parent");
        Given([.. chain, .. pair]).When(new MoveTeam("b0", "a7")).Then(new TeamMoved("b0", "a7"));
    }

    [Fact]
    public void Who_manages_members_sees_all_records() =>
        Given(Boss).When(new DefineRole("chief", [Functions.MembersManage], RecordScope.Subtree, [], All)).ThenRejected("access.manage-scope", "scope");

    [Fact]
    public void Nobody_is_called_as_the_program_is() =>
        Given(Boss).When(new AddMember("operator", MemberKind.Person, "rep", null, null, null, All)).ThenRejected("access.id", "id");

    [Fact]
    public void A_rotated_key_has_a_successor_with_all_it_may_do_and_opens_for_a_while() =>
        Given(Boss, Rep, Key)
            .When(new RotateApiKey("k1", "k2", "11", Monday.AddHours(24), Monday, All))
            .Events.ShouldBe([Key with { Key = "k2", Hash = "11" }, new ApiKeyRotated("k1", "k2", Monday.AddHours(24))]);

    [Fact]
    public void Rotation_does_not_make_a_key_live_longer() =>
        After(Rep, Key, new ApiKeyRotated("k1", "k2", Monday.AddDays(365))).Keys["k1"].Until.ShouldBe(Key.ExpiresAt);

    [Fact]
    public void A_revoked_key_opens_nothing() =>
        After(Rep, Key, new ApiKeyRevoked("k1")).Keys["k1"].OpensAt(Monday).ShouldBeFalse();

    [Fact]
    public void A_members_calendar_is_at_one_address_at_most()
    {
        var (first, second) = (new CalendarAddressIssued("a1", "m-17", "00"), new CalendarAddressIssued("a2", "m-17", "11"));

        Given(Rep, first).When(new IssueCalendarAddress("a2", "m-17", "11")).Then(second);
        After(Rep, first, new CalendarAddressIssued("b1", "boss", "00"), second).Calendars.Values.Select(c => c.Address)
            .ShouldBe(["b1", "a2"]);
        After(Rep, first, second).CalendarAt("a1").ShouldBeNull();
    }

    [Fact]
    public void Whoever_is_not_in_has_no_calendar()
    {
        Given(Boss).When(new IssueCalendarAddress("a1", "m-17", "00")).ThenRejected("access.member-unknown");
        Given(Boss, Rep, new MemberSuspended("m-17")).When(new IssueCalendarAddress("a1", "m-17", "00"))
            .ThenRejected("access.member-unknown");
    }

    [Fact]
    public void A_calendars_address_is_revoked_by_its_member()
    {
        var address = new CalendarAddressIssued("a1", "m-17", "00");

        Given(Rep, address).When(new RevokeCalendarAddress("m-17", "lost")).Then(new CalendarAddressRevoked("a1", "lost"));
        Given(Boss, Rep, address).When(new RevokeCalendarAddress("boss", "lost")).ThenNothing();
        After(Rep, address, new CalendarAddressRevoked("a1")).Calendars.ShouldBeEmpty();
    }

    [Fact]
    public void A_login_belongs_to_one_member() =>
        Given(Boss, Rep, new LoginLinked("boss", "https://issuer", "1")).When(new LinkLogin("m-17", "https://issuer", "1", All)).ThenRejected("access.login-linked");

    [Theory]
    [InlineData(RecordScope.Own, "王伟", "")]
    [InlineData(RecordScope.Team, "王伟,李娜", "east")]
    [InlineData(RecordScope.All, null, null)]
    public void A_scope_says_whose_records_are_seen(RecordScope scope, string? reps, string? teams)
    {
        var organisation = After(China, East, Rep, new MemberAdded("m-18", MemberKind.Person, "rep", Team: "east", Rep: "李娜"), new MemberAdded("m-19", MemberKind.Person, "rep"));

        var owners = organisation.OwnersFor("m-17", scope);

        (owners is var (own, _) ? string.Join(',', own) : null).ShouldBe(reps);
        (owners is var (_, all) ? string.Join(',', all) : null).ShouldBe(teams);
    }

    [Fact]
    public void A_manager_sees_the_teams_below_his_own() =>
        After(China, East, Rep, new MemberAdded("li", MemberKind.Person, "manager", Team: "china"))
            .OwnersFor("li", RecordScope.Subtree)!.Value.Teams.ShouldBe(["china", "east"]);
}
