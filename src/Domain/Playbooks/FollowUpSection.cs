namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>When an open opportunity lies still, and what whoever has it is to do then.</summary>
/// <param name="Title">Of his task, such as 按跟进策略包重新联系.</param>
/// <param name="IdleDays">After more than so many times 24 hours without a touch or another stage it lies still.</param>
/// <param name="DueDays">Within how many days he is to follow up then.</param>
public sealed record FollowUpSection([Text(200)] string Title, [Between(1, 365)] int IdleDays = 14, [Between(1, 60)] int DueDays = 1);
