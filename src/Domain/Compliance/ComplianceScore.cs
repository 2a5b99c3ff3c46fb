using Crm.Domain.Playbooks;

namespace Crm.Domain.Compliance;

/// <summary>How much of what was required by a certain time was done by then.</summary>
/// <param name="InTime">Done when it was due, or before.</param>
/// <param name="Required">All that was due.</param>
public sealed record RequiredActions(RequiredPart Part, long InTime, long Required);

/// <summary>
/// The part of all required actions that were done in time, from 0 to 100. Each action counts alike, whichever part it is of: who had one
/// promise and
/// ninety-nine tasks is not judged by the promise as much as by the tasks.
/// </summary>
/// <param name="Points">What that comes to in the appraisal: the score, by the weight.</param>
public sealed record ComplianceScore(decimal? Score, decimal? Points, IReadOnlyList<RequiredActions> Parts)
{
    /// <summary>100 × in time / required, and that × weight / 100, each to two places, half to even; null where nothing was
    /// required.</summary>
    /// <param name="weight">In percent.</param>
    public static ComplianceScore Of(IReadOnlyList<RequiredActions> parts, int weight)
    {
        var (inTime, required) = (parts.Sum(part => part.InTime), parts.Sum(part => part.Required));
        return required == 0 ? new(null, null, parts) : new(
            decimal.Round(100m * inTime / required, 2, MidpointRounding.ToEven),
            decimal.Round((decimal)weight * inTime / required, 2, MidpointRounding.ToEven), parts);
    }
}
