namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>Which changes of an opportunity's amount wait until others have looked at them.</summary>
/// <param name="Flow">The key of the approval that they wait for.</param>
/// <param name="Percent">A change beyond so much of the amount that was last looked at waits, up and down.</param>
public sealed record AmountBreakerSection([Text(40)] string Flow, [Between(1, 1000)] int Percent = 30);
