namespace Crm.Domain.Tickets;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface ITicketEvent;

/// <summary>A customer wants something of our service.</summary>
/// <param name="Title">What it is about, in a line; nothing of a person.</param>
/// <param name="Text">What was said.</param>
/// <param name="OrderId">The order of this customer that it is about.</param>
/// <param name="Agent">Who looks after it; null for nobody yet.</param>
/// <param name="System">Where it came from, with its id there; null where it came from nowhere else.</param>
public sealed record TicketOpened(
    Guid CustomerId,
    string Title,
    Personal? Text = null,
    string? Product = null,
    Guid? OrderId = null,
    string? Agent = null,
    string? System = null,
    string? ExternalId = null) : ITicketEvent;

/// <summary>What is given is so from now on.</summary>
public sealed record TicketChanged(string? Title = null, string? Product = null, Guid? OrderId = null) : ITicketEvent;

/// <param name="Agent">Null for nobody.</param>
public sealed record TicketAssigned(string? Agent = null, string? Reason = null) : ITicketEvent;

/// <summary>The customer has heard from us.</summary>
public sealed record TicketAnswered(Guid AnswerId, Personal Text) : ITicketEvent;

public sealed record TicketSolved(Personal? Note = null) : ITicketEvent;
public sealed record TicketReopened(string Reason) : ITicketEvent;
