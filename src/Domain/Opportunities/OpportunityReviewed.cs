namespace Crm.Domain.Opportunities;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.

/// <summary>What somebody learned from a deal that is won or lost; what was said of it before stands no more.</summary>
/// <param name="Outcome">How it had ended.</param>
/// <param name="Answers">In the order of the questions.</param>
/// <param name="Playbook">The number of the playbook whose questions they are.</param>
/// <param name="Industry">The customer's, as it was known then.</param>
public sealed record OpportunityReviewed(
    OpportunityOutcome Outcome, IReadOnlyList<ReviewAnswer> Answers, long? Playbook = null, string? Industry = null) : IOpportunityEvent,
        INaming
{
    IEnumerable<string?> INaming.Names => Answers.Select(answer => answer.Said);
}

/// <param name="Question">As it was asked.</param>
/// <param name="Choices">What was chosen; null where it was answered in free words.</param>
/// <param name="Text">Those words. Nothing of a person is among them: everybody finds them.</param>
public sealed record ReviewAnswer(string Key, string Question, IReadOnlyList<string>? Choices = null, string? Text = null)
{
    /// <summary>The answer in one text.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Said => Choices is null ? Text ?? "" : string.Join("; ", Choices);
}
