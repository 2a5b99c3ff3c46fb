namespace Crm.Domain.Leads;

// Stored forever under these names: add, never rename.

/// <summary>By whose will somebody has a lead: a rule's, a person's, his own from the pool, since those before him did not follow up, or since whoever had it left.</summary>
public enum AssignedBy { Rule, Hand, Claim, Rounds, Handover }

/// <summary>Why somebody has a lead, and others do not.</summary>
/// <param name="Rule">The key of the rule, where one decided.</param>
/// <param name="Round">How many reps have had it by rules before they followed up, this one counted.</param>
/// <param name="PassedOver">Who else might have got it.</param>
/// <param name="Slots">What it takes of what he may claim: keys that no other lead has while this one does, or on that day.</param>
/// <param name="TaskId">The task that he got with it.</param>
public sealed record AssignmentGround(
    AssignedBy By, string? Rule = null, int Round = 1, IReadOnlyList<PassedOver>? PassedOver = null, IReadOnlyList<string>? Slots = null,
    Guid? TaskId = null);

/// <param name="Why"><c>suspended</c>, <c>had-it</c>, <c>region</c>, <c>industry</c>, <c>product</c>, <c>full</c>, <c>not-at-work</c> or <c>turn</c>.</param>
/// <param name="Detail">A figure or a time, such as <c>40/40</c>.</param>
public sealed record PassedOver(string Rep, string Why, string? Detail = null);

/// <summary>What is expected of whoever has a lead.</summary>
/// <param name="RespondBy">When he has to have followed up for the first time.</param>
/// <param name="RemindAt">When he is reminded of that.</param>
/// <param name="SilentAt">When, without any follow-up, his superior is told.</param>
public sealed record ResponseTerms(DateTimeOffset? RespondBy = null, DateTimeOffset? RemindAt = null, DateTimeOffset? SilentAt = null);

/// <summary>How somebody came to have a lead no more, and it went back to the pool.</summary>
public enum ReturnedBecause { NoResponse, Released }
