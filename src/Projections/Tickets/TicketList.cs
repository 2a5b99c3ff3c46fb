using Crm.Domain.Tickets;
using Crm.EventModel;

namespace Crm.Projections.Tickets;

/// <summary>What customers want of our service, as it stands, and as it stood at any moment.</summary>
public sealed class TicketList : ReadModel<TicketList.Row>
{
    /// <param name="OpenedAt">Null while there are only facts dated before the opening; such a row is not listed.</param>
    /// <param name="State"><c>open</c>, <c>answered</c> or <c>solved</c>.</param>
    /// <param name="Agent">Who looks after it.</param>
    /// <param name="Text">Sealed, as is the note.</param>
    /// <param name="AnsweredAt">When the customer heard from us first.</param>
    /// <param name="SolvedAt">Null while it is not solved.</param>
    /// <param name="ExternalId">As <c>system:id</c>.</param>
    public sealed record Row(
        Guid TicketId, DateTimeOffset? OpenedAt, Guid? CustomerId, string State, string? Title, string? Product, Guid? OrderId,
        string? Agent, string? Text, int Answers, DateTimeOffset? AnsweredAt, DateTimeOffset? SolvedAt, string? Note, string? ExternalId);

    /// <summary>Members that hold sealed text.</summary>
    public static readonly IReadOnlyList<string> Sealed = [nameof(Row.Text), nameof(Row.Note)];

    public override string Name => "ticket_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(ITicketEvent);

    /// <summary>Those of a customer, and those of an agent.</summary>
    public override IReadOnlyList<string> Indexes => ["customer_id", "agent"];

    public override IReadOnlyList<string> HistoryIndexes => ["customer_id, ticket_id"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var ticket = row ?? new Row(e.StreamId, null, null, "open", null, null, null, null, null, 0, null, null, null, null);
        return e.Data switch
        {
            TicketOpened x => ticket with
            {
                OpenedAt = e.OccurredAt,
                CustomerId = x.CustomerId,
                Title = ticket.Title ?? x.Title,
                Product = ticket.Product ?? x.Product,
                OrderId = ticket.OrderId ?? x.OrderId,
                Agent = ticket.Agent ?? x.Agent,
                Text = x.Text?.Sealed,
                ExternalId = x.System is null ? null : $"{x.System}:{x.ExternalId}"
            },
            TicketChanged x => ticket with
            {
                Title = x.Title ?? ticket.Title,
                Product = x.Product ?? ticket.Product,
                OrderId = x.OrderId ?? ticket.OrderId
            },
            TicketAssigned x => ticket with { Agent = x.Agent },
            TicketAnswered => Settled(ticket with { Answers = ticket.Answers + 1, AnsweredAt = ticket.AnsweredAt ?? e.OccurredAt }),
            TicketSolved x => Settled(ticket with { SolvedAt = e.OccurredAt, Note = x.Note?.Sealed }),
            TicketReopened => Settled(ticket with { SolvedAt = null, Note = null }),
            _ => row
        };
    }

    private static Row Settled(Row row) =>
        row with { State = row.SolvedAt is not null ? "solved" : row.Answers > 0 ? "answered" : "open" };
}
