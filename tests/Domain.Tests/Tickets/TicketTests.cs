using Crm.Domain.Tickets;

namespace Crm.Domain.Tests.Tickets;

public sealed class TicketTests() : Spec<Ticket, ITicketCommand, ITicketEvent>(TicketDecider.Instance)
{
    private static readonly Guid Acme = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Order = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly Guid Answer = Guid.Parse("01920000-0000-7000-8000-000000000003");
    private static readonly Personal Said = new("enc:v1:k1:dGV4dA==");
    private static readonly TicketOpened Opened = new(Acme, "Spindle runs hot", Said, "CK6140", Order, "sam");

    [Fact]
    public void A_ticket_is_opened_for_a_customer_and_an_order_of_its() =>
        Given().When(new OpenTicket(Acme, "Spindle runs hot", Said, "CK6140", Order, "sam")).Then(Opened);

    [Fact]
    public void Another_ticket_is_not_opened_in_its_place() =>
        Given(Opened).When(new OpenTicket(Acme, "Something else")).ThenRejected("ticket.opened").Kind.ShouldBe(RejectionKind.WrongState);

    [Fact]
    public void An_answer_is_taken_once() =>
        Given(Opened, new TicketAnswered(Answer, Said)).When(new AnswerTicket(Answer, Said)).ThenNothing();

    [Fact]
    public void An_answer_is_not_told_again_of_an_earlier_time() =>
        Given(Opened).AndSince(new TicketAnswered(Answer, Said)).When(new AnswerTicket(Answer, Said)).ThenRejected("ticket.answer-known")
            .Kind.ShouldBe(RejectionKind.WrongState);

    [Fact]
    public void What_is_solved_is_not_answered_until_it_is_reopened()
    {
        Given(Opened, new TicketSolved()).When(new AnswerTicket(Answer, Said)).ThenRejected("ticket.solved");
        Given(Opened, new TicketSolved(), new TicketReopened("hot again")).When(new AnswerTicket(Answer, Said))
            .Then(new TicketAnswered(Answer, Said));
        Given(Opened).When(new ReopenTicket("why not")).ThenNothing();
    }

    [Fact]
    public void Only_what_becomes_another_is_a_fact()
    {
        Given(Opened).When(new ChangeTicket("Spindle runs hot", "CK6150")).Then(new TicketChanged(Product: "CK6150"));
        Given(Opened).When(new ChangeTicket("Spindle runs hot")).ThenNothing();
        Given(Opened).When(new AssignTicket("sam")).ThenNothing();
        Given(Opened).When(new AssignTicket()).Then(new TicketAssigned());
    }

    [Fact]
    public void How_far_it_is_follows_from_what_happened() =>
        (After(Opened).State, After(Opened, new TicketAnswered(Answer, Said)).State, After(Opened, new TicketSolved()).State,
            After(new TicketAnswered(Answer, Said), Opened).State)
            .ShouldBe((TicketState.Open, TicketState.Answered, TicketState.Solved, TicketState.Answered));

    [Fact]
    public void Nobody_solves_what_was_never_opened() =>
        Given().When(new SolveTicket()).ThenRejected("ticket.unknown").Kind.ShouldBe(RejectionKind.Unknown);
}
