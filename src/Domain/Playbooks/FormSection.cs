namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>What a form on a web page asks, in which order and words. Forms that are published name it as their layout.</summary>
/// <param name="Key">By which they name it.</param>
/// <param name="Name">What stands above it.</param>
/// <param name="Fields">In their order.</param>
public sealed record FormSection([Text(40)] string Key, [Text(80)] string Name, [Items(60)] IReadOnlyList<FormFieldSection> Fields);

/// <param name="Field">
/// A member that people fill in, such as <c>phone</c>, or a field of leads that the playbook adds, as <c>custom.painPoints</c>.
/// </param>
/// <param name="Label">What stands beside it.</param>
/// <param name="Required">Whether nothing is taken without it.</param>
/// <param name="Hint">What helps to fill it in.</param>
public sealed record FormFieldSection(
    [Text(50)] string Field, [Text(200)] string Label, bool Required = false, [Text(300)] string? Hint = null);
