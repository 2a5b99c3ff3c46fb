using Crm.EventStore;

namespace Crm.Api;

/// <summary>Somebody else took what was free when the command was decided.</summary>
internal sealed class ClaimOvertaken(ClaimTaken taken) : Exception(taken.Message, taken);
