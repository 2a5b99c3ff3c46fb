namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>How much it counts in the appraisal that reps do in time what the process asks of them.</summary>
/// <param name="Weight">In percent.</param>
/// <param name="Parts">What is counted; left out, all there is.</param>
public sealed record ComplianceSection([Between(0, 100)] int Weight = ComplianceSection.UsualWeight,
    [Items(5)] IReadOnlyList<RequiredPart>? Parts = null)
{
    public const int UsualWeight = 15;

    internal static IEnumerable<PlaybookFault> Faults(ComplianceSection? section)
    {
        if (section?.Parts is { Count: 0 })
        {
            yield return new("/compliance/parts", "playbook.compliance-empty",
                "Name a part that is counted, or leave parts out to count all.");
        }

        foreach (var twice in (section?.Parts ?? []).Index().GroupBy(part => part.Item).Where(same => same.Count() > 1))
        {
            yield return new($"/compliance/parts/{twice.Last().Index}", "playbook.twice", $"'{twice.Key}' is there twice.");
        }
    }
}

/// <summary>What is required of a rep by a certain time: the first response to a lead, a task, a promise to a customer, what gates of
/// stages ask for, a follow-up as often as a customer's tier wants it.</summary>
public enum RequiredPart { FirstResponses, Tasks, Commitments, Gates, Cadence }
