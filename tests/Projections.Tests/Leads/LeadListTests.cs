using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Projections.Leads;

namespace Crm.Projections.Tests.Leads;

public sealed class LeadListTests
{
    private static readonly LeadCaptured Captured = new("web", Company: "华为", Contact: new Personal("enc:v1:k:c"), Region: "East");

    private readonly Story<LeadList.Row> story = new(Catalog.Leads);

    [Fact]
    public void What_is_known_of_a_person_stays_sealed() => story.Then(0, Captured).Row!.Contact.ShouldBe("enc:v1:k:c");

    [Theory]
    [InlineData(1, "new")]
    [InlineData(2, "assigned")]
    [InlineData(3, "disqualified")]
    [InlineData(4, "assigned")]
    [InlineData(5, "qualified")]
    public void A_lead_has_one_status_at_a_time(double day, string status)
    {
        var (customer, opportunity) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        story.Then(0, Captured).Then(1, new LeadAssigned("li.na")).Then(2, new LeadDisqualified("no budget"))
            .Then(3, new LeadRevived()).Then(4, new LeadQualified(customer, opportunity));

        story.RowAsOf(day)!.Status.ShouldBe(status);
    }

    [Fact]
    public void A_revived_lead_that_nobody_has_is_new() =>
        story.Then(0, Captured).Then(1, new LeadDisqualified("no budget")).Then(2, new LeadRevived()).Row!.Status.ShouldBe("new");

    [Theory]
    [InlineData(1, null, null, null)]
    [InlineData(2, "L1", 1, 1d)]
    [InlineData(3, "L3", 3, 2d)]
    [InlineData(6, "L1", 1, 5d)]
    [InlineData(7, null, null, 6d)]
    public void A_lead_is_at_its_highest_level_since_it_came_to_it(double day, string? level, int? rank, double? since)
    {
        LeadLevelReached l1 = new("L1", "Known", 1, 1, []), l2 = new("L2", "Screened", 2, 1, []), l3 = new("L3", "Confirmed", 3, 1, []);
        story.Then(0, Captured).Then(1, l1).Then(2, l2).Then(2, l3).Then(4, l2)
            .Then(5, new LeadFellBack("L3", ["L2", "L3"], 1, FellBackBecause.Evidence, "L1")).Then(6, new LeadFellBack("L1", ["L1"], 0, FellBackBecause.Hand));

        var row = story.RowAsOf(day)!;
        (row.Level, row.LevelRank, row.LevelSince).ShouldBe((level, rank, since is { } then ? Story<LeadList.Row>.Monday.AddDays(then) : null));
    }
}
