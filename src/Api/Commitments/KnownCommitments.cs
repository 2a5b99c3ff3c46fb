using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Commitments;

namespace Crm.Api.Commitments;

/// <summary>Keeps promises to those who may settle them, and from standing beside what is none.</summary>
public sealed class KnownCommitments(Commands commands)
{
    /// <summary>How a promise was made, of one that is the caller's, or of somebody's whose records he sees.</summary>
    /// <exception cref="Problem">403: it is somebody else's.</exception>
    /// <exception cref="Rejection"><c>commitment.unknown</c>.</exception>
    public async Task<CommitmentMade> MustBeWithin(Caller by, Guid commitment, CancellationToken ct)
    {
        var state = (await commands.Latest(CommitmentDecider.Instance, by.Tenant, commitment, ct)).State;
        var made = state.Made ?? throw CommitmentDecider.Unknown();
        return by.Sight.Owners?.Own(state.Rep, team: null) != false
            ? made
            : throw new Problem(403, Code.Forbidden, $"For this promise answers {state.Rep}, whose records you do not see.");
    }

    /// <param name="member">The member of the request that names the promises.</param>
    /// <exception cref="Rejection"><c>commitment.other-customer</c>: one of them is none to this customer.</exception>
    public async Task MustBeOf(string tenant, Guid customer, IEnumerable<Guid> commitments, string member, CancellationToken ct)
    {
        foreach (var commitment in commitments)
        {
            if ((await Made(tenant, commitment, ct))?.CustomerId != customer)
            {
                throw Rejection.BrokenRule("commitment.other-customer", $"{commitment} is no promise to this customer.", member);
            }
        }
    }

    private async Task<CommitmentMade?> Made(string tenant, Guid commitment, CancellationToken ct) =>
        (await commands.Latest(CommitmentDecider.Instance, tenant, commitment, ct)).State.Made;
}
