using Crm.Api.Access;
using Crm.Api.Http;

namespace Crm.Api;

/// <summary>Figures tell by what they are grouped and filtered: what is hidden from a caller is as if figures had no such part.</summary>
internal static class FigureSight
{
    // Without these there is no figure at all.
    private static readonly string[] Ground =
        ["status", "stage", "lossReason", "disqualifiedBecause", "state", "dueAt", "doneAt", "advancedAt"];

    /// <param name="used">Parameters of the question, and the member that each is about.</param>
    /// <param name="ground">What these figures rest on besides what all do.</param>
    /// <exception cref="Problem">400: a part is hidden. 403: what every figure rests on is hidden.</exception>
    public static void MustSee(Caller by, IReadOnlyList<string> records, IEnumerable<(string Parameter, string Member)> used, params string[] ground)
    {
        if (Ground.Concat(ground).Any(Hides))
        {
            throw new Problem(403, Code.Forbidden, "These figures rest on fields that are hidden from you.");
        }

        var hidden = used.Where(part => Hides(part.Member)).ToList();
        if (hidden.Count > 0)
        {
            throw Problem.Invalid([.. hidden.Select(part => Fault.InQuery(part.Parameter, Code.NotOneOf, $"There is no '{part.Member}' here."))]);
        }

        bool Hides(string member) => records.Any(record => by.Sight.Hides(record, member is "currency" ? "amount" : member));
    }
}
