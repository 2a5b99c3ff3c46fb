using Crm.Api.Http;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api;

internal static class PassingTrouble
{
    /// <summary>Trouble of the database's, or the end of a term: whoever follows the log begins anew, and nothing has failed.</summary>
    public static bool IsPassing(this Exception error) =>
        error is NpgsqlException or TimeoutException or StoreUnavailable or OperationCanceledException or IOException
            or Problem { Status: StatusCodes.Status503ServiceUnavailable };
}
