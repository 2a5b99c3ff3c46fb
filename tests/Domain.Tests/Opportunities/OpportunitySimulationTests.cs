using Crm.Domain.Activities;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Opportunities;

public sealed class OpportunitySimulationTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 2, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid Deal = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Other = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly OpportunityOpened Opened = new("Press line", OpportunityType.New, Money.Of(1, "CNY"), "sales", "Trial");
    private static readonly OpportunityAttachmentAdded Photo = new(Deal, new Personal("enc:v1:k:n"), "image/png", 1, "00", "photo");
    private static readonly OpportunityTouched Meeting = new(Deal, TouchKind.Meeting, Direction.Outbound);

    private static readonly PlaybookDocument Document = new("Sales", [new("sales", "Sales",
        [new("Trial", Exit: [new("photo", "Photo", Attachment: "photo")]), new("Review", Exit: [new("meeting", "Meeting", Touch: new(TouchKind.Meeting))]), new("Quote")])]);

    private readonly OpportunitySimulation simulation = new(
        PlaybookHistory.Evolve(PlaybookHistory.None, new PlaybookPublished(1, Monday, Document)).At(Monday), from: Monday, until: Monday.AddDays(7));

    [Fact]
    public void A_move_that_lacks_what_the_gate_wants_would_have_been_stopped()
    {
        Take(Deal, 1, Opened, Photo, new OpportunityStageEntered("Review"), new OpportunityWon(Money.Of(1, "CNY")));
        Take(Other, 2, Opened, new OpportunityStageEntered("Quote"), Meeting, Photo);

        var result = simulation.End();
        (result.Moves, result.Stopped, result.Opportunities, result.CameLater).ShouldBe((5, 2, 2, 1));
        result.Missing.Select(one => $"{one.Pipeline} {one.Stage} {one.Gate} {one.Key} {one.Times}").ShouldBe(["sales Review Exit meeting 2", "sales Trial Exit photo 1"]);
        result.Examples.Select(one => $"{(one.OpportunityId == Deal ? "first" : "second")} {one.From} {one.To} {string.Join('+', one.Missing)} {one.CameLater}")
            .ShouldBe(["first Review won meeting False", "second Trial Quote photo+meeting True"]);
    }

    [Fact]
    public void Who_came_to_his_stage_before_is_judged_by_what_he_met()
    {
        Take(Deal, -1, Opened);
        Take(Deal, 1, new OpportunityStageEntered("Review"), new OpportunityStageEntered("Quote"));

        simulation.End().Missing.ShouldHaveSingleItem().Key.ShouldBe("meeting", "nobody asked for a photo when it was opened");
    }

    [Fact]
    public void What_files_tell_is_counted_and_not_judged()
    {
        simulation.Take(Deal, Opened, Monday, isOfFile: true);
        simulation.Take(Deal, new OpportunityStageEntered("Quote"), Monday.AddDays(1), isOfFile: true);

        var result = simulation.End();
        (result.Moves, result.Stopped, result.OfFiles).ShouldBe((0, 0, 2));
    }

    [Fact]
    public void It_says_how_often_limits_would_have_been_exceeded_and_stages_have_acted()
    {
        PlaybookDocument document = new("Sales", Pipelines: [new("sales", "Sales",
        [
            new("Trial", Limits: [new("still", "Still", new(Days: 1), LimitOf.Silence)]),
            new("Quote", Limits: [new("pending", "Pending", new(Days: 2))], OnEntry: [new("tell", "Tell", Webhook: new("quoted"))])
        ])]);
        var tried = new OpportunitySimulation(
            PlaybookHistory.Evolve(PlaybookHistory.None, new PlaybookPublished(1, Monday, document)).At(Monday), Monday,
            Monday.AddDays(7), StagePolicy.Of(document, FixedZone.Shanghai));
        tried.Take(Deal, Opened, Monday, isOfFile: false);
        tried.Take(Deal, Meeting, Monday.AddDays(2), isOfFile: false);
        tried.Take(Deal, new OpportunityStageEntered("Quote"), Monday.AddDays(4), isOfFile: false);
        tried.Take(Other, Opened, Monday, isOfFile: true);
        tried.Take(Other, new OpportunityStageEntered("Quote"), Monday.AddDays(1), isOfFile: true);

        var result = tried.End();
        result.Marks.Select(one => $"{one.Stage} {one.Key} {one.Times}").ShouldBe(["Quote pending 1", "Trial still 2"]);
        result.Actions.Select(one => $"{one.Stage} {one.Key} {one.Times}").ShouldBe(["Quote tell 1"]);
    }

    [Fact]
    public void What_happens_afterwards_is_no_part_of_it()
    {
        Take(Deal, 1, Opened);
        Take(Deal, 8, new OpportunityStageEntered("Quote"));

        simulation.End().Stopped.ShouldBe(0);
    }

    private void Take(Guid deal, int day, params IOpportunityEvent[] facts)
    {
        foreach (var fact in facts)
        {
            simulation.Take(deal, fact, Monday.AddDays(day), isOfFile: false);
        }
    }
}
