using Crm.Api.Http;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api;

/// <summary>What the store says, as a caller reads it.</summary>
public sealed class StoreProblems : IProblemSource
{
    public Problem? From(Exception exception) => exception switch
    {
        VersionConflict e => Commands.PreconditionFailed(e.Actual),
        ClaimTaken e => new Problem(409, "claim-taken", $"Another record holds this already: {e.Holder}.", FactClaims.FaultOf(e)),
        KeyReused => new Problem(422, "idempotency-key-reused", "This key was used for another request; a new request needs a new key.",
            Fault.InHeader(Headers.IdempotencyKeyName, "idempotency-key-reused", "Send a key of its own with each request, the same only when repeating it.")),
        StreamArchived => new Problem(409, "archived", "This record is archived and takes no more changes."),
        NpgsqlException { InnerException: TimeoutException } or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => new Problem(503, "too-slow",
            "The database did not answer in time: it is busy or away, or the question is too large. Try again later, or ask for less at once.")
        { RetryAfter = TimeSpan.FromSeconds(5) },
        StoreUnavailable or TimeoutException or NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or System.Net.Sockets.SocketException } =>
            new Problem(503, Code.Unavailable,
                "The database cannot be reached just now. Repeat the request with the same Idempotency-Key; if it was carried out, you get its answer.")
            { RetryAfter = TimeSpan.FromSeconds(2) },
        // The pool gives up a connection in this way when the server goes while it is being opened.
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" } => new Problem(503, Code.Unavailable, "The database is restarting.") { RetryAfter = TimeSpan.FromSeconds(2) },
        _ => null
    };
}
