using Crm.Domain.Activities;

namespace Crm.Domain.Opportunities;

// Stored forever as JSON under these names: add, never rename.

/// <summary>What a gate asked for, with what served.</summary>
/// <param name="Stage">Whose gate it is.</param>
public sealed record GatePassed(string Stage, Gate Gate, Evidence Evidence);

/// <summary>Before a stage, behind it, before it is won, or before what was won counts as paid or as delivered.</summary>
public enum Gate { Entry, Exit, Win, Paid, Delivered }
