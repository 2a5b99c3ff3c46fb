using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.Domain.Scoring.Leads;
using static Crm.Domain.Tests.Playbooks.Documents;

namespace Crm.Domain.Tests.Scoring.Leads;

public sealed class LeadPointsTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private static readonly LeadFact[] Facts =
    [
        new(new LeadCaptured("web", Region: "East"), Monday),
        new(new LeadTouched(Guid.Empty, TouchKind.PageView, Direction.Inbound), Monday.AddDays(1)),
        new(new LeadTouched(Guid.Empty, TouchKind.Mail, Direction.Inbound, Outcome: "opened"), Monday.AddDays(2)),
        new(new LeadTouched(Guid.Empty, TouchKind.Mail, Direction.Outbound, Outcome: "opened"), Monday.AddDays(3)),
        new(new LeadAbsorbed(Guid.Empty, Touches: 1), Monday.AddDays(4))
    ];

    [Fact]
    public void A_lead_does_what_comes_from_it() =>
        LeadBehaviour.Of(Facts).Select(behaviour => behaviour.Kind).ShouldBe(["capture", "page-view", "mail", "mail:opened", "capture"]);

    [Fact]
    public void Rules_of_a_playbook_give_points_for_fields_and_for_behaviour()
    {
        var model = LeadPoints.Of(WithPoints(
            new("east", "East", 20, When("region", "eq", "East")), new("again", "Again", 10, Behaviour: "capture", Cap: 15),
            new("opened", "Opened", 8, Behaviour: "mail:opened", HalfLifeDays: 2), new("odd", "Odd", 50, When("regoin", "eq", "East"))))!;

        var lead = Facts.Select(fact => fact.Event).Aggregate(Lead.None, Lead.Evolve);

        var score = model.Score(Monday.AddDays(6), LeadFields.RowOf(lead), LeadBehaviour.Of(Facts));

        score.Reasons.Select(reason => (reason.Key, reason.Points)).ShouldBe([("east", 20m), ("again", 15m), ("opened", 2m)]);
        score.Score.ShouldBe(37m);
    }

    [Theory]
    [InlineData(60, "high")]
    [InlineData(59.99, "middle")]
    [InlineData(20, "middle")]
    [InlineData(19.99, "low")]
    public void Bands_begin_where_they_say(double points, string band) =>
        LeadPoints.BandOf(new(High: 60, Low: 20), (decimal)points).ShouldBe(band);

    [Fact]
    public void Without_bands_there_is_none() => LeadPoints.BandOf(null, 70).ShouldBeNull();
}
