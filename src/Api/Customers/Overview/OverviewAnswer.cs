using Crm.Api.Commitments;
using Crm.Api.Contacts;
using Crm.Api.Http;
using Crm.Api.Opportunities;
using Crm.Api.Orders;
using Crm.Api.Tickets;
using Crm.Domain;

namespace Crm.Api.Customers.Overview;

/// <param name="Touches">How many touches are given, the newest.</param>
public sealed record OverviewQuestion(Times Times, [Between(0, 100)] int Touches = 20);

/// <summary>What there is of one kind, the newest first, at most a hundred.</summary>
/// <param name="Total">How many there are that you see.</param>
/// <param name="All">Where all of them are, as of the same moment.</param>
public sealed record OverviewPart<T>(IReadOnlyList<T> Items, int Total, string All);

/// <summary>Something that happened with the customer: on one of its opportunities, or on a lead that it came from.</summary>
/// <param name="Id">The event.</param>
/// <param name="Record"><c>lead</c> or <c>opportunity</c>.</param>
/// <param name="Kind"><c>call</c>, <c>visit</c> …</param>
/// <param name="IsOurs">Somebody of ours followed up. Otherwise they came to us by themselves.</param>
/// <param name="Seconds">How long a call took; 0 where that is not known.</param>
/// <param name="Rep">Who had the record then.</param>
public sealed record TouchAnswer(Guid Id, DateTimeOffset At, string Record, Guid RecordId, string Kind, bool IsOurs, int Seconds,
    string? Rep);

/// <summary>The newest touches.</summary>
/// <param name="Older">Where those before them are; null where there are none.</param>
public sealed record OverviewTouches(IReadOnlyList<TouchAnswer> Items, string? Older);

/// <summary>From a moment on somebody had an opportunity of the customer.</summary>
/// <param name="Rep">Null for nobody.</param>
public sealed record OwnerAnswer(DateTimeOffset Since, Guid OpportunityId, string? Rep, string? Team);

/// <summary>A file that is attached to the customer, to one of its opportunities, or to a lead that it came from.</summary>
/// <param name="Record"><c>customer</c>, <c>lead</c> or <c>opportunity</c>.</param>
/// <param name="Name">Null where the person whom the record is about has been forgotten.</param>
/// <param name="Content">Where the file itself is.</param>
public sealed record DocumentAnswer(
    Guid Id, string Record, Guid RecordId, string? Name, string MediaType, long Size, string? Label, DateTimeOffset AttachedAt,
    string Content);

/// <summary>All that is known of a customer. What you may not read is null.</summary>
/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="Owners">Who had its opportunities from when on, the newest first; of those that you see.</param>
public sealed record OverviewAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, CustomerAnswer Customer, OverviewPart<ContactAnswer>? Contacts,
    DecisionChainAnswer? DecisionChain, OverviewPart<OpportunityAnswer>? Opportunities, IReadOnlyList<OwnerAnswer>? Owners,
    OverviewPart<OrderAnswer>? Orders, OverviewPart<CommitmentAnswer>? Commitments, OverviewPart<TicketAnswer>? Tickets,
    OverviewTouches? Touches,
    IReadOnlyList<DocumentAnswer>? Documents);
