namespace Crm.Domain.Playbooks;

/// <summary>To whom reps report.</summary>
public static class Superiors
{
    /// <summary>Those above a rep, the nearest first. Where the superiors go round in a ring it ends with whom it began.</summary>
    public static IReadOnlyList<string> Above(IReadOnlyList<RepSection> reps, string rep)
    {
        var superiors = reps.DistinctBy(one => one.Rep).ToDictionary(one => one.Rep, one => one.Superior, StringComparer.Ordinal);
        var above = new List<string>();
        for (var next = superiors.GetValueOrDefault(rep); next is not null && !above.Contains(next); next = superiors.GetValueOrDefault(next))
        {
            above.Add(next);
        }

        return above;
    }
}
