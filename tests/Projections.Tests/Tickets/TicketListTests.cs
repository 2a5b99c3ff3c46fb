using Crm.Domain;
using Crm.Domain.Tickets;
using Crm.Projections.Tickets;

namespace Crm.Projections.Tests.Tickets;

public sealed class TicketListTests
{
    private static readonly Personal Said = new("enc:v1:k1:dGV4dA==");

    [Fact]
    public void A_ticket_is_listed_as_far_as_it_is()
    {
        var story = new Story<TicketList.Row>(Catalog.Tickets)
            .Then(0, new TicketOpened(Guid.Empty, "Hot", Said, System: "zendesk", ExternalId: "8812"))
            .Then(1, new TicketAnswered(Guid.NewGuid(), Said)).Then(2, new TicketSolved(Said)).Then(3, new TicketReopened("again"))
            .Then(4, new TicketAnswered(Guid.NewGuid(), Said));

        ((double[])[1, 2, 3, 4]).Select(day => story.RowAsOf(day)!.State).ShouldBe(["open", "answered", "solved", "answered"]);
        (story.Row!.Answers, story.Row.AnsweredAt, story.Row.SolvedAt, story.Row.ExternalId)
            .ShouldBe((2, Story<TicketList.Row>.Monday.AddDays(1), null, "zendesk:8812"));
    }

    [Fact]
    public void What_was_said_of_it_before_it_was_opened_stands() =>
        new Story<TicketList.Row>(Catalog.Tickets).Then(1, new TicketOpened(Guid.Empty, "Hot", Agent: "sam"))
            .Then(0, new TicketAssigned("kim"))
            .Row!.Agent.ShouldBe("kim");
}
