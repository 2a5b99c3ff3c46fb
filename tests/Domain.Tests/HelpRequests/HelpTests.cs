using Crm.Domain.Access;
using Crm.Domain.HelpRequests;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.HelpRequests;

/// <summary>li sells; chen is his superior, and zhao is chen's.</summary>
public sealed class HelpTests() : Spec<HelpRequest, IHelpCommand, IHelpEvent>(HelpDecider.Instance)
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);
    private static readonly About Deal = new(AboutKind.Opportunity, Guid.Parse("01920000-0000-7000-8000-000000000001"));
    private static readonly Personal Text = new("enc:v1:k:t");

    private static readonly PlaybookDocument Document = new(
        "Field", Reps: [new("li", "chen"), new("chen", "zhao"), new("zhao")],
            Help: new(AnswerWithinMinutes: 240, RemindMinutes: 120, Escalations: 1));

    private static readonly HelpAsked Asked = new(
        HelpKind.Terms, Deal, "li", "chen", Text, Nine.AddHours(4), Nine.AddHours(2), "li", FoundBy: HelpFoundBy.Superior);

    private static readonly HelpEscalated ToZhao = new("chen", "zhao", Nine.AddHours(8), Nine.AddHours(6), HelpFoundBy.Superior);

    [Fact]
    public void The_superior_is_asked_and_when_he_is_to_answer_stands_in_the_fact() =>
        Given().When(new AskHelp(HelpKind.Terms, Deal, "li", Text, At(0), Rep: "li")).Then(Asked);

    [Fact]
    public void Somebody_named_is_asked_instead_where_he_may_answer()
    {
        Given().When(new AskHelp(HelpKind.Terms, Deal, "li", Text, At(0), To: "zhao", Rep: "li"))
            .Then(Asked with { To = "zhao", FoundBy = HelpFoundBy.Named });
        Given().When(new AskHelp(HelpKind.Terms, Deal, "li", Text, At(0), To: "nobody")).ThenRejected("help-request.member", "to");
        Given().When(new AskHelp(HelpKind.Terms, Deal, "li", Text, At(0), To: "li")).ThenRejected("help-request.member", "to");
    }

    [Fact]
    public void Who_has_nobody_above_him_asks_an_admin_or_names_somebody()
    {
        Given().When(new AskHelp(HelpKind.Terms, Deal, "zhao", Text, At(0))).ThenRejected("help-request.nobody", "to");
        Given().When(new AskHelp(HelpKind.Terms, Deal, "zhao", Text, At(0, admin: true)))
            .Then(Asked with { By = "zhao", To = "boss", Rep = null, FoundBy = HelpFoundBy.Admin });
    }

    [Fact]
    public void Where_the_playbook_knows_nobody_above_the_manager_of_the_team_is_asked_then_of_the_team_above()
    {
        var organisation = ((IAccessEvent[])
        [
            new TeamAdded("china", "China"), new TeamAdded("east", "East", "china"),
            new MemberAdded("li", MemberKind.Person, "rep", Team: "east"), new MemberAdded("ma", MemberKind.Person, "rep", Team: "east"),
            new MemberAdded("qian", MemberKind.Person, "manager", Team: "east"),
            new MemberAdded("an", MemberKind.Person, "analyst", Team: "east"),
            new MemberAdded("sun", MemberKind.Person, "manager", Team: "china"), new MemberAdded("boss", MemberKind.Person, "admin")
        ]).Aggregate(Organisation.None, Organisation.Evolve);
        var staff = new HelpStaff(organisation, []);

        staff.Next("li", "li").ShouldBe(("qian", HelpFoundBy.TeamManager));
        staff.Next("qian", "li").ShouldBe(("sun", HelpFoundBy.TeamManager));
        staff.Next("sun", "li").ShouldBe(("boss", HelpFoundBy.Admin));
        (staff with { Reps = [new("li", "ma"), new("ma")] }).Next("li", "li").ShouldBe(("ma", HelpFoundBy.Superior));
    }

    [Fact]
    public void Facts_name_the_playbook_that_they_were_judged_by() =>
        Given().When(new AskHelp(HelpKind.Terms, Deal, "li", Text, At(0) with { Version = 7 }, Rep: "li"))
            .Then(Asked with { PlaybookVersion = 7 });

    [Fact]
    public void Nothing_is_due_where_the_playbook_says_nothing() =>
        Given().When(new AskHelp(HelpKind.Terms, Deal, "li", Text, At(0, Document with { Help = null }), Rep: "li"))
            .Then(Asked with { DueAt = null, RemindAt = null });

    [Fact]
    public void Whoever_is_asked_answers_and_those_above_him_may()
    {
        Given(Asked).When(new AnswerHelp("chen", Text, At(1))).Then(new HelpAnswered("chen", Text));
        Given(Asked).When(new AnswerHelp("zhao", Text, At(1))).Then(new HelpAnswered("zhao", Text));
        Given(Asked, ToZhao).When(new AnswerHelp("chen", Text, At(5))).Then(new HelpAnswered("chen", Text));
    }

    [Fact]
    public void Nobody_answers_himself_and_nobody_whom_it_does_not_concern()
    {
        Given(Asked).When(new AnswerHelp("li", Text, At(1))).ThenRejected("help-request.not-asked");
        Given(Asked with { By = "chen", To = "zhao" }).When(new AnswerHelp("li", Text, At(1))).ThenRejected("help-request.not-asked");
    }

    [Fact]
    public void It_is_handed_on_and_the_time_begins_anew()
    {
        Given(Asked).When(new HandOnHelp("chen", "zhao", At(1), "hers"))
            .Then(new HelpHandedOn("chen", "zhao", "chen", "hers", Nine.AddHours(5), Nine.AddHours(3), HelpFoundBy.Named));
        Given(Asked).When(new HandOnHelp("li", "zhao", At(1)))
            .Then(new HelpHandedOn("chen", "zhao", "li", null, Nine.AddHours(5), Nine.AddHours(3), HelpFoundBy.Named));
        Given(Asked).When(new HandOnHelp("chen", "chen", At(1))).ThenNothing();
        Given(Asked).When(new HandOnHelp("chen", "li", At(1))).ThenRejected("help-request.member", "to");
    }

    [Fact]
    public void Only_whoever_asked_withdraws_and_what_is_settled_stays_so()
    {
        Given(Asked).When(new WithdrawHelp("li", At(1), "they pay")).Then(new HelpWithdrawn("they pay"));
        Given(Asked).When(new WithdrawHelp("chen", At(1))).ThenRejected("help-request.not-asker");
        Given(Asked, new HelpWithdrawn()).When(new AnswerHelp("chen", Text, At(1))).ThenRejected("help-request.settled");
        Given(Asked, new HelpAnswered("chen", Text)).When(new WithdrawHelp("li", At(1))).ThenRejected("help-request.settled");
        Given(Asked, new HelpAnswered("chen", Text)).When(new AnswerHelp("chen", Text, At(1))).ThenNothing();
    }

    [Fact]
    public void He_is_reminded_and_then_it_goes_further_up_as_often_as_the_playbook_says()
    {
        Given(Asked).When(new RingHelp(At(1.9))).ThenNothing();
        Given(Asked).When(new RingHelp(At(2))).Then(new HelpReminded("chen"));
        Given(Asked, new HelpReminded("chen")).When(new RingHelp(At(3))).ThenNothing();
        Given(Asked, new HelpReminded("chen")).When(new RingHelp(At(4))).Then(ToZhao);
        Given(Asked, ToZhao).When(new RingHelp(At(8))).Then(new HelpLeftUnanswered("zhao"));
        Given(Asked, ToZhao, new HelpLeftUnanswered("zhao")).When(new RingHelp(At(20))).ThenNothing();
        Given(Asked, new HelpAnswered("chen", Text)).When(new RingHelp(At(20))).ThenNothing();
    }

    [Fact]
    public void Where_he_left_the_next_is_asked_at_once() =>
        Given(Asked).When(new RingHelp(At(1, left: "chen")))
            .Then(new HelpHandedOn("chen", "zhao", null, null, Nine.AddHours(5), Nine.AddHours(3), HelpFoundBy.Superior));

    [Fact]
    public void Each_step_is_heard_by_whom_it_concerns()
    {
        Told(HelpRequest.None, Asked).ShouldBe(["chen help-asked"]);
        Told(After(Asked), ToZhao).ShouldBe(["zhao help-escalated"]);
        Told(After(Asked), new HelpReminded("chen")).ShouldBe(["chen help-reminder"]);
        Told(After(Asked), new HelpAnswered("chen", Text)).ShouldBe(["li help-answered"]);
        Told(After(Asked), new HelpLeftUnanswered("chen")).ShouldBe(["li help-unanswered"]);
        Told(After(Asked), new HelpWithdrawn()).ShouldBeEmpty();
    }

    [Fact]
    public void A_playbook_counts_by_a_calendar_that_there_is_and_reminds_before_it_is_due() =>
        PlaybookCheck.Of(Document with { Help = new(60, 60, "office") }, FixedZone.Shanghai, Playbooks.Braces.Balanced)
            .Select(fault => $"{fault.Pointer} {fault.Code}")
                .ShouldBe(["/help/calendar playbook.calendar-unknown", "/help/remindMinutes playbook.reminder-late"]);

    [Fact]
    public void Hours_of_work_are_counted_over_nights_and_weekends()
    {
        var office = new CalendarSection("office", "Asia/Shanghai", [DayOfWeek.Monday, DayOfWeek.Friday],
            [new("09:00", "12:00"), new("13:00", "18:00")]);
        var policy = HelpPolicy.Of(Document with { Calendars = [office], Help = new(Calendar: "office") }, FixedZone.Shanghai);
        var friday = Nine.AddDays(-3);                                         // Nine is 09:00 in Shanghai, on a Monday

        policy.Worked(friday.AddHours(8), Nine.AddHours(1.5)).ShouldBe(TimeSpan.FromHours(2.5));
        policy.Worked(Nine.AddHours(3.5), Nine.AddHours(4)).ShouldBe(TimeSpan.FromHours(0));
        policy.Worked(Nine, Nine.AddDays(4)).ShouldBe(TimeSpan.FromHours(8));
        policy.DueAt(friday.AddHours(8)).ShouldBe(Nine.AddHours(3));
        HelpPolicy.Of(Document, FixedZone.Shanghai).Worked(Nine, Nine.AddHours(1)).ShouldBeNull();
    }

    [Theory]
    [InlineData(new double[0], null, null)]
    [InlineData(new[] { 3.0 }, 3.0, 3.0)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 10.0 }, 3.0, 8.2)]
    public void Quantiles_lie_between_neighbours(double[] hours, double? median, double? p90) =>
        AnswerTimes.Of(hours.Select(TimeSpan.FromHours)).ShouldBe(new(hours.Length, median, p90));

    private static IEnumerable<string> Told(HelpRequest before, IHelpEvent fact) => TellOfHelp.React(before, [fact])
        .Select(notice => $"{notice.To} {notice.Kind}");

    private static HelpTerms At(double hours, PlaybookDocument? document = null, bool admin = false, string? left = null)
    {
        var organisation = ((string[])["li", "chen", "zhao"]).Aggregate(
            Organisation.None, (known, member) => Organisation.Evolve(known,
                new MemberAdded(member, MemberKind.Person, "rep", new("enc:v1:k:n"), Team: null, Rep: member)));
        organisation = admin ? Organisation.Evolve(organisation, new MemberAdded("boss", MemberKind.Person, "admin", new("enc:v1:k:n")))
            : organisation;
        organisation = left is null ? organisation : Organisation.Evolve(organisation, new MemberSuspended(left));
        document ??= Document;
        return new(HelpPolicy.Of(document, FixedZone.Shanghai), new(organisation, document.Reps!), Nine.AddHours(hours));
    }
}
