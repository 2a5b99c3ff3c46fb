namespace Crm.Domain.Commitments;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface ICommitmentEvent;

/// <summary>Somebody promised a customer something by a certain time.</summary>
/// <param name="Kind">A key such as <c>delivery</c>, by which alike promises are found and held against each other.</param>
/// <param name="DueAt">By when.</param>
/// <param name="Rep">Who promised it.</param>
/// <param name="Product">What it is about; promises that name none are held against no other.</param>
/// <param name="Quantity">How much of the product, in the unit in which its delivery is planned.</param>
/// <param name="Terms">What was promised in words that can be compared, such as <c>8% off</c>; nothing of a person is among them.</param>
/// <param name="Text">What else there is to know about it.</param>
/// <param name="Beside">Other promises, by id, beside which this one stands: all of them are meant.</param>
public sealed record CommitmentMade(
    Guid CustomerId,
    string Kind,
    DateTimeOffset DueAt,
    string Rep,
    Guid? OpportunityId = null,
    string? Product = null,
    decimal? Quantity = null,
    string? Terms = null,
    Personal? Text = null,
    IReadOnlyList<Guid>? Beside = null) : ICommitmentEvent;

/// <summary>It is due at another time from now on.</summary>
public sealed record CommitmentMoved(DateTimeOffset DueAt, string? Reason = null) : ICommitmentEvent;

/// <summary>It stands beside another promise after all: both are meant.</summary>
public sealed record CommitmentReconciled(Guid With, string Reason) : ICommitmentEvent;

public sealed record CommitmentKept(Personal? Note = null) : ICommitmentEvent;
public sealed record CommitmentBroken(string Reason) : ICommitmentEvent;

/// <summary>Another answers for it from now on.</summary>
public sealed record CommitmentHandedOver(string Rep, string? Reason = null) : ICommitmentEvent;

/// <summary>The customer was told that it does not hold any more, or it never should have been given.</summary>
public sealed record CommitmentWithdrawn(string Reason) : ICommitmentEvent;
