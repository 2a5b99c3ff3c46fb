using Crm.Domain;
using Crm.Domain.Scoring;

namespace Crm.Api.Scoring;

/// <summary>Puts models that are there into use, and out of it.</summary>
public sealed class ModelUses(ScoreModels models, Writes writes)
{
    /// <exception cref="Rejection">There is no such model, or it cannot be used from then on.</exception>
    public async Task<IResult> Send(Guid model, IScoringCommand command, Call call, CancellationToken ct)
    {
        await models.One(call.By.Tenant, model, ct);
        return await writes.Send(ScoringDecider.Instance, ScoreModels.UseOf(call.By.Tenant), command, call, ct);
    }
}
