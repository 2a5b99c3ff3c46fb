namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>
/// A field that records have beside those that all have. No place for what is known of a person: rules may ask it, and what they asked
/// stands in the open for ever.
/// </summary>
/// <param name="Record">Of which records.</param>
/// <param name="Key">By which records name it, in <c>custom</c>: <c>painPoints</c>.</param>
/// <param name="Name">What people call it, such as 痛点.</param>
/// <param name="Choices">Of a choice: what can be chosen.</param>
/// <param name="KnownAtCapture">
/// Of a lead: whether it is known when a lead is captured. Models that foretell what becomes of leads read no other.
/// </param>
/// <param name="Required">Whether who enters such a record has to say it.</param>
public sealed record FieldSection(
    FieldRecord Record, [Text(40)] string Key, [Text(80)] string Name, FieldType Type = FieldType.Text,
    [Items(100), Text(80)] IReadOnlyList<string>? Choices = null, bool KnownAtCapture = false, bool Required = false);

/// <summary>What has fields of the playbook's own.</summary>
public enum FieldRecord { Lead, Opportunity, Customer }

/// <summary>What a field holds.</summary>
public enum FieldType { Text, Number, Date, Boolean, Choice }
