using Crm.Api.Conversion;
using Crm.Api.Http;
using Crm.Domain;

namespace Crm.Api.Customers.Cadences;

/// <param name="Tier">Its key in the playbook; null for none.</param>
public sealed record SetTierRequest([Text(20)] string? Tier = null, string? Reason = null, DateTimeOffset? OccurredAt = null);

/// <param name="Tier">Only customers of this tier.</param>
/// <param name="Rep">Only those of this rep.</param>
public sealed record OverdueQuestion(Times Times, [Text(20)] string? Tier = null, string? Rep = null);

/// <param name="Rep">Who has the opportunity with it that was opened last.</param>
/// <param name="LastTouchAt">When somebody of ours followed up last, in a way that counts for its tier; null for never.</param>
/// <param name="DueAt">By when somebody should have done so again.</param>
public sealed record OverdueCustomer(
    Guid CustomerId, string? Name, string Tier, DateTimeOffset TierSince, string? Rep, string? Team, DateTimeOffset? LastTouchAt,
        DateTimeOffset DueAt);

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Moment">The moment that is asked about: <c>asOf</c> or <c>knownAt</c>, or else now.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="PlaybookVersion">The playbook that says how often: the one in force at that moment, or the last where it named no tiers
/// yet.</param>
/// <param name="Total">How many there are; at most the first thousand are given.</param>
/// <param name="Items">Those that are longest overdue at the front.</param>
public sealed record OverdueAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, DateTimeOffset Moment, long Position, int ReadModelVersion, long PlaybookVersion,
        int Total,
    IReadOnlyList<OverdueCustomer> Items);

/// <param name="From">When the span begins; left out, ninety days before it ends.</param>
/// <param name="To">When it ends; left out, at the moment that is asked about.</param>
public sealed record CadenceQuestion(Times Times, Moment? From = null, Moment? To = null);

/// <param name="Periods">Of the periods of its customers those in which each was seen, as a share of them.</param>
public sealed record CadenceOfRep(string? Rep, Share Periods);

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="PlaybookVersion">The playbook that says how often.</param>
/// <param name="Periods">Of all.</param>
/// <param name="Reps">Of those of each rep, by whose they are at that moment.</param>
public sealed record CadenceAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, int ReadModelVersion, long PlaybookVersion, DateTimeOffset From,
        DateTimeOffset To,
    Share Periods, IReadOnlyList<CadenceOfRep> Reps);
