using Crm.Domain.Tasks;

namespace Crm.Domain.HelpRequests;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IHelpEvent;

/// <summary>What somebody in the field needs of those above him.</summary>
public enum HelpKind { Terms, Price, Resources, Other }

/// <summary>How whoever is asked was found: somebody named him; he is above by the playbook; he manages the team; or he is an
/// admin.</summary>
public enum HelpFoundBy { Named, Superior, TeamManager, Admin }

/// <summary>Somebody in the field cannot go on by himself.</summary>
/// <param name="Subject">The record that it is about.</param>
/// <param name="By">The member who asks.</param>
/// <param name="To">The member who is asked.</param>
/// <param name="DueAt">By when he is to answer; null where he has as long as he likes.</param>
/// <param name="RemindAt">When he is reminded; null where he is not.</param>
/// <param name="Rep">What records call whoever asks.</param>
/// <param name="Team">His team.</param>
/// <param name="FoundBy">How whoever is asked was found; null where it was not said.</param>
/// <param name="PlaybookVersion">The playbook that it was judged by; null where it was not said.</param>
public sealed record HelpAsked(
    HelpKind Kind,
    About Subject,
    string By,
    string To,
    Personal Text,
    DateTimeOffset? DueAt = null,
    DateTimeOffset? RemindAt = null,
    string? Rep = null,
    string? Team = null,
    HelpFoundBy? FoundBy = null,
    long? PlaybookVersion = null) : IHelpEvent;

/// <summary>Another is asked instead.</summary>
/// <param name="By">Who says so; null where whoever was asked left, and it went by itself.</param>
public sealed record HelpHandedOn(
    string From, string To, string? By = null, string? Reason = null, DateTimeOffset? DueAt = null, DateTimeOffset? RemindAt = null,
    HelpFoundBy? FoundBy = null, long? PlaybookVersion = null) : IHelpEvent;

/// <summary>Nobody answered in time, and one further up is asked.</summary>
public sealed record HelpEscalated(
    string From, string To, DateTimeOffset? DueAt = null, DateTimeOffset? RemindAt = null, HelpFoundBy? FoundBy = null,
    long? PlaybookVersion = null) : IHelpEvent;

/// <summary>Whoever is asked was reminded.</summary>
public sealed record HelpReminded(string Member) : IHelpEvent;

/// <summary>Nobody answered in time, and nobody is left to be asked instead.</summary>
/// <param name="Member">With whom it stays.</param>
public sealed record HelpLeftUnanswered(string Member) : IHelpEvent;

public sealed record HelpAnswered(string By, Personal Text) : IHelpEvent;

/// <summary>Whoever asked does not need it any more.</summary>
public sealed record HelpWithdrawn(string? Reason = null) : IHelpEvent;
