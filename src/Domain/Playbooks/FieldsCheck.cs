using System.Text.RegularExpressions;

namespace Crm.Domain.Playbooks;

/// <summary>What stands against the fields that a playbook adds to records.</summary>
internal static partial class FieldsCheck
{
    private const int MostOfARecord = 100;

    // Whoever reads a form or a file has all of a record's members before him, and none may mean two things.
    private static readonly IReadOnlyList<string> OfAll =
        ["id", "custom", "status", "rep", "team", "region", "flag", "externalId", "occurredAt", "version", "position"];

    private static readonly Dictionary<FieldRecord, string[]> Members = new()
    {
        [FieldRecord.Lead] =
        [
            "source", "company", "contact", "email", "phone", "role", "industry", "employees", "sizeBand", "campaign", "product", "message",
            "captures", "touches", "hasEmail", "hasPhone", "hasContact", "customerId", "opportunityId", "level", "points"
        ],
        [FieldRecord.Opportunity] =
        [
            "name", "type", "amount", "currency", "pipeline", "stage", "source", "customerId", "leadId", "product", "expectedClose",
            "competitor", "lossReason"
        ],
        [FieldRecord.Customer] =
        [
            "name", "industry", "country", "employees", "website", "parentId", "leadId", "externalIds", "tags", "tier", "tierSince",
            "tierByRule", "lifecycle", "lifecycleSince"
        ]
    };

    public static IEnumerable<PlaybookFault> Of(IReadOnlyList<FieldSection> fields) =>
    [
        .. fields.Select((field, i) => (Field: field, At: $"/fields/{i}")).GroupBy(one => one.Field.Record)
            .SelectMany(record => Of([.. record])),
        .. fields.SelectMany((field, i) => Of($"/fields/{i}", field))
    ];

    private static IEnumerable<PlaybookFault> Of(IReadOnlyList<(FieldSection Field, string At)> fields)
    {
        foreach (var twice in fields.GroupBy(one => one.Field.Key, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            yield return new($"{twice.Last().At}/key", "playbook.twice", $"'{twice.Key}' is there twice.");
        }

        if (fields.Count > MostOfARecord)
        {
            yield return new(
                fields[MostOfARecord].At, "playbook.field-count", $"Records of a kind have at most {MostOfARecord} fields of their own.");
        }
    }

    private static IEnumerable<PlaybookFault> Of(string at, FieldSection field)
    {
        if (!Key().IsMatch(field.Key))
        {
            yield return new(
                $"{at}/key", "playbook.field-key", $"'{field.Key}' is no key: a small letter, then letters and digits, as painPoints.");
        }
        else if (OfAll.Contains(field.Key) || Members[field.Record].Contains(field.Key))
        {
            yield return new($"{at}/key", "playbook.field-key", $"'{field.Key}' is a field that all such records have; take another key.");
        }

        if (Choices(field) is { } wrong)
        {
            yield return new($"{at}/choices", "playbook.field-choices", wrong);
        }

        if (field is { KnownAtCapture: true, Record: not FieldRecord.Lead })
        {
            yield return new($"{at}/knownAtCapture", "playbook.field-capture", "Only leads are captured.");
        }
    }

    private static string? Choices(FieldSection field) => (field.Type, field.Choices) switch
    {
        (FieldType.Choice, null or []) => "A choice names what can be chosen.",
        (FieldType.Choice, { } choices) => choices.Any(choice => choice.Trim() != choice || choice is "" || choice.Any(char.IsControl))
            ? "Each choice is text in one line, without white space around it."
            : choices.Distinct(StringComparer.Ordinal).Count() < choices.Count ? "Each choice is there once." : null,
        (_, { Count: > 0 }) => "Only a field of the type choice has choices.",
        _ => null
    };

    [GeneratedRegex(@"\A[a-z][a-zA-Z0-9]{0,39}\z")]
    private static partial Regex Key();
}
