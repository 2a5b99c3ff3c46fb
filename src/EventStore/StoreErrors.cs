namespace Crm.EventStore;

/// <summary>A stream is not at the version that was decided on; read it again and decide again.</summary>
public sealed class VersionConflict(Guid stream, long actual)
    : Exception($"Stream {stream} is at version {actual}.")
{
    public Guid Stream => stream;

    public long Actual => actual;
}

/// <summary>Another stream of the tenant holds what was to be claimed.</summary>
public sealed class ClaimTaken(string kind, Guid holder) : Exception($"{kind} is held by {holder}.")
{
    public string Kind => kind;

    public Guid Holder => holder;
}

/// <summary>The idempotency key was used for another request.</summary>
public sealed class KeyReused() : Exception("The idempotency key was used for another request.");

/// <summary>The stream is archived and takes no more events.</summary>
public sealed class StreamArchived(Guid stream) : Exception($"Stream {stream} is archived.");

/// <summary>PostgreSQL cannot be reached, or is too busy; whether the request was carried out is not known. Repeat it with the same key.</summary>
public sealed class StoreUnavailable(string message, Exception? inner = null) : Exception(message, inner);
