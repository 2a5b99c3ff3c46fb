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
}
