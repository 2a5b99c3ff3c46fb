using System.Collections.Immutable;

namespace Crm.Domain.Tickets;

public enum TicketState { Open, Answered, Solved }

/// <summary>What a customer wants of our service. How it was opened is the ground that later facts lie upon, even those dated before
/// it.</summary>
public sealed record Ticket
{
    public static readonly Ticket None = new();

    public TicketOpened? Opened { get; private init; }

    public string? Title { get; private init; }

    public string? Product { get; private init; }

    public Guid? OrderId { get; private init; }

    public string? Agent { get; private init; }

    /// <summary>What the customer heard from us.</summary>
    public ImmutableHashSet<Guid> Answers { get; private init; } = [];

    public bool IsSolved { get; private init; }

    public TicketState State => IsSolved ? TicketState.Solved : Answers.Count > 0 ? TicketState.Answered : TicketState.Open;

    public static Ticket Evolve(Ticket state, ITicketEvent @event) => @event switch
    {
        TicketOpened e => state with
        {
            Opened = e,
            Title = state.Title ?? e.Title,
            Product = state.Product ?? e.Product,
            OrderId = state.OrderId ?? e.OrderId,
            Agent = state.Agent ?? e.Agent
        },
        TicketChanged e => state with
        {
            Title = e.Title ?? state.Title,
            Product = e.Product ?? state.Product,
            OrderId = e.OrderId ?? state.OrderId
        },
        TicketAssigned e => state with { Agent = e.Agent },
        TicketAnswered e => state with { Answers = state.Answers.Add(e.AnswerId) },
        TicketSolved => state with { IsSolved = true },
        TicketReopened => state with { IsSolved = false },
        _ => state
    };
}
