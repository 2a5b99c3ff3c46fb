using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Tickets;
using Crm.EventStore;
using Crm.Projections;
using Crm.Projections.Tickets;

namespace Crm.Api.Tickets;

/// <summary>An id in another system stands for one ticket of a tenant at most; a claim keeps it so.</summary>
public static class TicketIds
{
    public static string Kind(string system) => $"ticket.external:{system}";

    public static IEnumerable<Claim> ClaimedBy(object fact, Guid ticket) =>
        fact is TicketOpened { System: { } system, ExternalId: { } id } ? [new Claim(Kind(system), id, ticket)] : [];
}

/// <param name="Title">What it is about, in a line; nothing of a person.</param>
/// <param name="Text">What was said; kept sealed, as notes are.</param>
/// <param name="OrderId">The order of this customer that it is about.</param>
/// <param name="Agent">Who looks after it.</param>
public sealed record OpenTicketRequest(
    Guid CustomerId, string Title, [Text(4000)] string? Text = null, string? Product = null, Guid? OrderId = null, string? Agent = null,
    DateTimeOffset? OccurredAt = null);

/// <inheritdoc cref="OpenTicketRequest"/>
/// <param name="CustomerId">It stays the customer's whose it was at first.</param>
/// <param name="Text">What was said when it was opened; later it stays as it is.</param>
public sealed record UpsertTicketRequest(
    Guid CustomerId, string Title, [Text(4000)] string? Text = null, string? Product = null, Guid? OrderId = null, string? Agent = null,
    DateTimeOffset? OccurredAt = null);

/// <param name="Agent">Left out, nobody looks after it.</param>
public sealed record AssignTicketRequest(string? Agent = null, string? Reason = null, DateTimeOffset? OccurredAt = null);

/// <param name="Text">Kept sealed, as notes are.</param>
/// <param name="Id">Makes it the same answer, however often it is sent; left out, the idempotency key does.</param>
public sealed record AnswerTicketRequest([Text(4000)] string Text, Guid? Id = null, DateTimeOffset? OccurredAt = null);

/// <param name="Note">How; kept sealed, as notes are.</param>
public sealed record SolveTicketRequest([Text(4000)] string? Note = null, DateTimeOffset? OccurredAt = null);

public sealed record ReopenTicketRequest(string Reason, DateTimeOffset? OccurredAt = null);

public sealed record TicketQuestion(
    Times Times, ListWords Words, Guid? CustomerId = null, Guid? OrderId = null, TicketState? State = null, string? Product = null,
    string? Agent = null, string? ExternalId = null) : IListQuestion
{
    public Asked Asked => Asked.Of(
        Times, Words, ("customerId", CustomerId?.ToString()), ("orderId", OrderId?.ToString()),
        ("state", State is { } state ? ChoiceShape.Spell(state.ToString()) : null), ("product", Product), ("agent", Agent),
        ("externalId", ExternalId));
}

/// <param name="State"><c>open</c>, <c>answered</c> or <c>solved</c>.</param>
/// <param name="Agent">Who looks after it; null for nobody.</param>
/// <param name="Text">Null where there is none, or where it was forgotten.</param>
/// <param name="Answers">How often the customer heard from us.</param>
/// <param name="AnsweredAt">When that was for the first time.</param>
/// <param name="Note">How it was solved.</param>
/// <param name="ExternalId">As <c>system:id</c>.</param>
[Sparse]
public sealed record TicketAnswer(
    Guid Id, DateTimeOffset OpenedAt, Guid CustomerId, string State, string Title, string? Product, Guid? OrderId, string? Agent,
    string? Text, int Answers, DateTimeOffset? AnsweredAt, DateTimeOffset? SolvedAt, string? Note, string? ExternalId)
{
    public static readonly RecordList<TicketList.Row, TicketAnswer> List =
        new("ticket", Catalog.Tickets, "openedAt", Of, TicketList.Sealed);

    private static async Task<TicketAnswer> Of(TicketList.Row r, Unsealer unsealer, string tenant, CancellationToken ct) => new(
        r.TicketId, r.OpenedAt!.Value, r.CustomerId!.Value, r.State, r.Title!, r.Product, r.OrderId, r.Agent,
        await unsealer.Open(tenant, r.Text, ct), r.Answers, r.AnsweredAt, r.SolvedAt, await unsealer.Open(tenant, r.Note, ct),
        r.ExternalId);
}
