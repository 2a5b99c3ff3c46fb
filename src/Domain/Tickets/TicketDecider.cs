namespace Crm.Domain.Tickets;

public interface ITicketCommand;

public sealed record OpenTicket(
    Guid CustomerId,
    string Title,
    Personal? Text = null,
    string? Product = null,
    Guid? OrderId = null,
    string? Agent = null,
    string? System = null,
    string? ExternalId = null) : ITicketCommand;

/// <summary>What is null stays as it is.</summary>
public sealed record ChangeTicket(string? Title = null, string? Product = null, Guid? OrderId = null) : ITicketCommand;

/// <param name="Agent">Null for nobody.</param>
public sealed record AssignTicket(string? Agent = null, string? Reason = null) : ITicketCommand;

/// <param name="AnswerId">Makes it the same answer, however often it is sent.</param>
public sealed record AnswerTicket(Guid AnswerId, Personal Text) : ITicketCommand;
public sealed record SolveTicket(Personal? Note = null) : ITicketCommand;
public sealed record ReopenTicket(string Reason) : ITicketCommand;

public static class TicketDecider
{
    public static readonly Decider<Ticket, ITicketCommand, ITicketEvent> Instance =
        new("ticket", Ticket.None, Decide, Ticket.Evolve, Precede);

    public static IReadOnlyList<ITicketEvent> Decide(Ticket state, ITicketCommand command) => (state, command) switch
    {
        ({ Opened: null }, OpenTicket c) => [Open(c)],
        (_, OpenTicket c) when Same(state.Opened!, Open(c)) => [],
        (_, OpenTicket) => throw Opened(),

        ({ Opened: null }, _) => throw Unknown(),

        (_, ChangeTicket c) => Changed(state, c),
        (_, AssignTicket c) => c.Agent == state.Agent ? [] : [new TicketAssigned(c.Agent, c.Reason)],
        // Said twice: nothing happens.
        (_, AnswerTicket c) when state.Answers.Contains(c.AnswerId) => [],
        ({ IsSolved: true }, SolveTicket) => [],
        ({ IsSolved: false }, ReopenTicket) => [],
        (_, ReopenTicket c) => [new TicketReopened(c.Reason)],

        ({ IsSolved: true }, _) => throw Rejection.WrongState("ticket.solved", "This ticket is solved; reopen it first."),

        (_, AnswerTicket c) => [new TicketAnswered(c.AnswerId, c.Text)],
        (_, SolveTicket c) => [new TicketSolved(c.Note)],
        _ => []
    };

    public static void Precede(Ticket latest, ITicketCommand command)
    {
        if (command is OpenTicket && latest.Opened is not null)
            throw Opened();
        if (command is AnswerTicket answer && latest.Answers.Contains(answer.AnswerId))
            throw Rejection.WrongState("ticket.answer-known", $"Answer {answer.AnswerId} is known, at a later time.");
    }

    public static Rejection Unknown() => Rejection.Unknown("ticket.unknown", "There is no such ticket.");

    private static TicketOpened Open(OpenTicket c) =>
        new(c.CustomerId, c.Title, c.Text, c.Product, c.OrderId, c.Agent, c.System, c.ExternalId);

    // What is sealed is sealed anew each time that it is sent, so it cannot tell whether the same was said.
    private static bool Same(TicketOpened known, TicketOpened said) => known == said with { Text = known.Text };

    // Only what becomes another than it was is a fact.
    private static IReadOnlyList<ITicketEvent> Changed(Ticket state, ChangeTicket c)
    {
        var changed = new TicketChanged(
            Change.Other(c.Title, state.Title), Change.Other(c.Product, state.Product), Change.Other(c.OrderId, state.OrderId));
        return changed == new TicketChanged() ? [] : [changed];
    }

    private static Rejection Opened() => Rejection.WrongState(
        "ticket.opened", "This ticket is open already, with other values, of another customer or at another time.");
}
