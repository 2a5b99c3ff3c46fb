namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IPlaybookEvent;

public sealed record PipelineDefined(string Key, string Name, IReadOnlyList<string> Stages) : IPlaybookEvent;
