namespace Crm.Domain.Leads;

/// <summary>What would have become of leads under other rules, beside what did.</summary>
/// <param name="From">From when on the rules on trial decided.</param>
/// <param name="Until">Up to when.</param>
/// <param name="Leads">How many were captured, came back to the pool, or would have been given to somebody in that time.</param>
/// <param name="WereGiven">How many of them somebody got.</param>
/// <param name="WouldBeGiven">How many somebody would have got.</param>
/// <param name="Otherwise">How many another would have got first, or nobody.</param>
/// <param name="CannotTell">Leads that people touched while another of them would have had them: what he would have done the log cannot tell.</param>
/// <param name="Reps">By who got them first.</param>
/// <param name="LeftInPool">Why leads would be in the pool at the end.</param>
/// <param name="Acts">What rules did and would have done: <c>given</c>, <c>given-to-superior</c>, <c>reminded</c>, <c>missed</c>,
/// <c>silent</c>, <c>flagged</c>.</param>
/// <param name="Examples">The first five hundred that another would have got first, or nobody.</param>
public sealed record LeadSimulationResult(
    DateTimeOffset From, DateTimeOffset Until, int Leads, int WereGiven, int WouldBeGiven, int Otherwise, int CannotTell, IReadOnlyList<SimulatedRep> Reps,
    IReadOnlyList<SimulatedReason> LeftInPool, IReadOnlyList<SimulatedCount> Acts, IReadOnlyList<SimulatedLead> Examples);

/// <param name="Got">How many leads he got first.</param>
/// <param name="WouldGet">How many he would have got first.</param>
public sealed record SimulatedRep(string Rep, int Got, int WouldGet);

public sealed record SimulatedReason(string Why, int Leads);

public sealed record SimulatedCount(string Act, int Did, int Would);

/// <param name="Got">Who got it first; null where nobody did.</param>
/// <param name="WouldGet">Who would have got it first; null where nobody would.</param>
/// <param name="Rule">By which rule.</param>
/// <param name="LeftBecause">Why nobody would have.</param>
/// <param name="CannotTell">Somebody touched it while another would have had it.</param>
public sealed record SimulatedLead(Guid LeadId, string? Got, string? WouldGet, string? Rule, string? LeftBecause, bool CannotTell);
