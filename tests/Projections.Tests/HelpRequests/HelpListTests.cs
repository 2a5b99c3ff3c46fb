using Crm.Domain;
using Crm.Domain.HelpRequests;
using Crm.Domain.Tasks;
using Crm.Projections.HelpRequests;

namespace Crm.Projections.Tests.HelpRequests;

public sealed class HelpListTests
{
    private static readonly DateTimeOffset Monday = Story<HelpList.Row>.Monday;

    private static readonly HelpAsked Asked = new(
        HelpKind.Price, new(AboutKind.Lead, Guid.Empty), "li", "chen", new Personal("enc:v1:k:t"), Monday.AddHours(4), Monday.AddHours(2),
            "li.na", "east");

    private readonly Story<HelpList.Row> story = new(Catalog.HelpRequests);

    [Fact]
    public void Each_who_had_it_is_told_with_how_long_and_how_it_ended_for_him()
    {
        var row = story.Then(0, Asked).Then(0.2, new HelpEscalated("chen", "zhao", Monday.AddHours(9)))
            .Then(0.3, new HelpAnswered("zhao", new("enc:v1:k:a"))).Row!;

        (row.State, row.Holder, row.AnsweredBy, row.Escalations, row.DueAt, row.SettledAt, row.Kind, row.SubjectKind, row.Answer)
            .ShouldBe(("answered", "zhao", "zhao", 1, null, Monday.AddDays(0.3), "price", "lead", "enc:v1:k:a"));
        row.Involved.ShouldBe(["li", "chen", "zhao"]);
        HelpList.TurnsOf(row.Turns).ShouldBe(
        [
            new("chen", Monday, Monday.AddHours(4), Monday.AddDays(0.2), "escalated"),
            new("zhao", Monday.AddDays(0.2), Monday.AddHours(9), Monday.AddDays(0.3), "answered")
        ]);
        (story.RowAsOf(0.25)!.State, story.RowAsOf(0.25)!.DueAt, story.RowAsOf(0.1)!.DueAt)
            .ShouldBe(("open", Monday.AddHours(9), Monday.AddHours(2)));
    }

    [Fact]
    public void After_a_reminder_the_end_of_the_time_is_due_and_then_nothing()
    {
        story.Then(0, Asked).Then(0.1, new HelpReminded("chen")).Row!.DueAt.ShouldBe(Monday.AddHours(4));
        story.Then(0.2, new HelpLeftUnanswered("chen")).Row!.DueAt.ShouldBeNull();
    }

    [Fact]
    public void The_first_end_stands()
    {
        var row = story.Then(0, Asked).Then(0.1, new HelpWithdrawn()).Then(0.2, new HelpAnswered("chen", new("enc:v1:k:a")))
            .Then(0.3, new HelpHandedOn("chen", "zhao")).Row!;

        (row.State, row.SettledAt, row.AnsweredBy, row.Holder).ShouldBe(("withdrawn", Monday.AddDays(0.1), null, "chen"));
    }
}
