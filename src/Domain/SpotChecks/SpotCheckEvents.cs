namespace Crm.Domain.SpotChecks;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface ISpotCheckEvent;

/// <param name="Hash">SHA-256 over seed and lead, in hexadecimal: leads are drawn in the order of their hashes.</param>
public sealed record DrawnLead(Guid LeadId, string Hash);

/// <summary>Some of a day's new leads were drawn, to be called by a manager.</summary>
/// <param name="Day">On which they were captured.</param>
/// <param name="Zone">In which that day began, an IANA name.</param>
/// <param name="Asked">How many were to be drawn.</param>
/// <param name="NewLeads">From how many they were drawn.</param>
/// <param name="AtPosition">Up to where in the log those were known.</param>
/// <param name="Leads">In the order in which they were drawn.</param>
public sealed record SpotCheckDrawn(
    DateOnly Day, string Zone, string Seed, int Asked, int NewLeads, long AtPosition, IReadOnlyList<DrawnLead> Leads) : ISpotCheckEvent;

/// <summary>One of them was called; what was said before of the same lead stands no more.</summary>
/// <param name="Genuine">Whether it is what it says; null where nobody can tell yet.</param>
public sealed record SpotCheckCalled(Guid LeadId, bool Reached, bool? Genuine = null, Personal? Note = null) : ISpotCheckEvent;

/// <summary>All may know what came of it.</summary>
/// <param name="Told">The members who were told, by id.</param>
public sealed record SpotCheckPublished(int Called, int Reached, int Genuine, IReadOnlyList<string> Told) : ISpotCheckEvent;
