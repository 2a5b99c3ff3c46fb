using Crm.Domain.Activities;

namespace Crm.Domain.Opportunities;

// Stored forever as JSON under these names: add, never rename.

/// <summary>What a gate asked for, with what served.</summary>
/// <param name="Stage">Whose gate it is.</param>
/// <param name="InsteadOf">What was asked for and not there, where an approval stands in for it; null where it serves by itself.</param>
public sealed record GatePassed(string Stage, Gate Gate, Evidence Evidence, GateAsk? InsteadOf = null);

/// <summary>Before a stage, behind it, before it is won, or before what was won counts as paid or as delivered.</summary>
public enum Gate { Entry, Exit, Win, Paid, Delivered }

/// <summary>What a gate asks for. All but a condition is something to be done.</summary>
public enum GateAsk { Attachment, Touch, Field, Approval, Condition }
