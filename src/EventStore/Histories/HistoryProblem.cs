namespace Crm.EventStore.Histories;

/// <summary>Why a history cannot be written to a folder, or taken from one, in a sentence for a person.</summary>
public sealed class HistoryProblem(string message) : InvalidOperationException(message);
