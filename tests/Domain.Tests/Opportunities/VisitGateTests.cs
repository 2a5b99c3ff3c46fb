using Crm.Domain.Activities;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Opportunities;

public sealed class VisitGateTests() : Spec<Opportunity, IOpportunityCommand, IOpportunityEvent>(OpportunityDecider.Instance)
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid Visited = Guid.Parse("01920000-0000-7000-8000-000000000001");

    private static readonly PlaybookDocument Document = new("Sales",
    [
        new("sales", "Sales", [new("Need", Exit: [new("seen", "Seen on site", Touch: new(TouchKind.Visit, Near: true))]), new("Quote")])
    ]);

    private static readonly Playbook Rules = PlaybookHistory.Evolve(PlaybookHistory.None, new PlaybookPublished(3, Monday, Document))
        .At(Monday);
    private static readonly OpportunityOpened Deal = new("Line", OpportunityType.New, Money.Of(1, "CNY"), "sales", "Need", Playbook: 3);

    [Fact]
    public void A_visit_at_the_address_serves() => Given(Deal, Visit(new("li.na", "phone-7", IsNear: true, DistanceMetres: 80))).When(Quote)
        .Then(new OpportunityStageEntered("Quote", Passed:
        [
            new("Need", Gate.Exit, new("seen", "Seen on site", Touch: new(TouchKind.Visit, Near: true), TouchId: Visited))
        ]));

    [Fact]
    public void One_made_elsewhere_does_not_and_how_far_it_was_is_told()
    {
        var refused = Given(Deal, Visit(new("li.na", "phone-7", DistanceMetres: 1240, Doubts: [new(VisitDoubtOf.TooFar)]))).When(Quote)
            .ThenRejected("opportunity.gate");

        refused.Faults.Single().Message.ShouldEndWith(
            $"There is touch {Visited} (outbound, without an outcome, 1240 m from the address); recorded as is asked for it would serve.");
    }

    [Fact]
    public void One_that_was_typed_does_not_serve_since_nobody_knows_where_it_was() =>
        Given(Deal, Visit(null)).When(Quote).ThenRejected("opportunity.gate").Faults.Single()
            .Message.ShouldContain("nobody knows how far from the address");

    [Fact]
    public void What_is_near_is_told_with_what_speaks_against_it() =>
        StageGates.Ahead(After(Deal, Visit(new("li.na", "phone-7", DistanceMetres: 1240, Doubts: [new(VisitDoubtOf.TooFar)]))), Rules,
            "Quote").Single()
            .Near(After(Deal, Visit(new("li.na", "phone-7", DistanceMetres: 1240, Doubts: [new(VisitDoubtOf.TooFar)])))).Single()
            .ShouldSatisfyAllConditions(near => near.DistanceMetres.ShouldBe(1240), near => near.Doubts.ShouldBe([VisitDoubtOf.TooFar]));

    [Fact]
    public void A_playbook_asks_leads_for_nothing_that_needs_an_address_and_names_ticks_once()
    {
        var document = Document with
        {
            Levels = [new("L1", "Seen", [new("seen", "Seen", Touch: new(Near: true))])],
            Visits = new(Ticks: [new("shelf", "Shelf"), new("shelf", "Shelf again")])
        };

        PlaybookCheck.Of(document, FixedZone.Shanghai, Braces.Balanced).Select(fault => $"{fault.Pointer} {fault.Code}")
            .ShouldBe(["/levels/0/evidence/0/touch/near playbook.evidence-of", "/visits/ticks/1/key playbook.twice"]);
    }

    private static EnterOpportunityStage Quote => new("Quote", Rules);

    private static OpportunityTouched Visit(Visit? visit) => new(Visited, TouchKind.Visit, Direction.Outbound, Visit: visit);
}
