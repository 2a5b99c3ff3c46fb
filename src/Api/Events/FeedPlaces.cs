using Crm.Api.Http;
using Crm.EventStore;

namespace Crm.Api.Events;

/// <summary>Where readers go on from: a token that they were given, the beginning, or now.</summary>
public sealed class FeedPlaces(Store store)
{
    /// <summary>Stands for now.</summary>
    public const string Head = "head";

    public PositionToken Token(long position) => new(store.Epoch, position);

    /// <param name="given">Null for the beginning.</param>
    /// <param name="fault">Says where the token stands.</param>
    /// <exception cref="Problem">400: it is no token, or of a position that the store has not come to. 410: it is of another life of the store.</exception>
    public async Task<long> Of(string? given, Func<string, string, Fault> fault, CancellationToken ct)
    {
        if (given is null)
        {
            return 0;
        }

        var (head, _) = await store.Head(ct);
        if (given == Head)
        {
            return head;
        }

        if (PositionToken.Parse(given) is not { } token)
        {
            throw Problem.Invalid([fault(Code.BadPosition, $"Send a token as it was given, {Head} for now, or none for the beginning.")]);
        }

        if (token.Epoch != store.Epoch)
        {
            throw new Problem(410, Code.ForeignEpoch,
                "This token is of another life of the store, before a restore, and what came after it may be gone. Begin anew without a token and pass over "
                + $"the ids that you hold already, or read the records themselves and go on from {Head}.",
                fault(Code.ForeignEpoch, $"The epoch is {store.Epoch} now."));
        }

        return token.Position <= head
            ? token.Position
            : throw Problem.Invalid([fault(Code.BadPosition, $"The store has come to {head} so far; send a token as it was given.")]);
    }
}
