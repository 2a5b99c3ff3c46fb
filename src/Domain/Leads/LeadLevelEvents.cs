using Crm.Domain.Activities;

namespace Crm.Domain.Leads;

/// <summary>It has come to a level: what that asks for is there. One that rises by several has a fact for each.</summary>
/// <param name="Level">Its key in the playbook.</param>
/// <param name="Name">As people called it then.</param>
/// <param name="Rank">Its place among the levels, from 1; higher than that of any that it came to before.</param>
/// <param name="Playbook">The version that asked for the evidence.</param>
public sealed record LeadLevelReached(
    string Level, string Name, int Rank, long Playbook, IReadOnlyList<Evidence> Evidence) : ILeadEvent;

/// <summary>It is at a lower level again, or at none.</summary>
/// <param name="From">The level that it was at.</param>
/// <param name="Lost">Levels that it has no more, in their order; the last is <paramref name="From"/>.</param>
/// <param name="Rank">That of the level that it keeps; 0 where it keeps none.</param>
/// <param name="Level">The level that it keeps; null where it keeps none.</param>
/// <param name="Gone">What was there for the lost levels and is not any more; none where a person says so.</param>
/// <param name="Reason">In words, where a person says so.</param>
public sealed record LeadFellBack(
    string From, IReadOnlyList<string> Lost, int Rank, FellBackBecause Because, string? Level = null,
    IReadOnlyList<Evidence>? Gone = null, string? Reason = null) : ILeadEvent;

/// <summary>Evidence was withdrawn, or a person says so.</summary>
public enum FellBackBecause { Evidence, Hand }
