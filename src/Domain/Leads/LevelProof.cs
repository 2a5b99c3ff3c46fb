using Crm.Domain.Activities;
using Crm.Domain.Playbooks;
using Crm.Domain.Scoring.Leads;

namespace Crm.Domain.Leads;

/// <summary>Whether a lead has what a level asks for.</summary>
public static class LevelProof
{
    private const int MostNear = 5;

    public static LevelEvidence AskedFor(this EvidenceSection asked) => new(asked.Key, asked.Name, asked.Attachment, asked.Field,
        asked.Touch is { } touch ? new(touch.Kind, touch.Direction, touch.Outcome) : null);

    /// <summary>The same with what serves as it now: what did before, or else the first by its id. Null where nothing serves.</summary>
    public static LevelEvidence? FoundIn(this LevelEvidence asked, Lead lead) => asked switch
    {
        { Attachment: { } label } =>
            First(lead.Attachments.Held.Where(held => held.Value.Label == label), asked.AttachmentId) is { } id ? asked with { AttachmentId = id } : null,
        { Touch: { } touch } =>
            First(lead.Touches.Where(made => touch.IsMetBy(made.Value)), asked.TouchId) is { } id ? asked with { TouchId = id } : null,
        _ => LeadFields.IsKnown(lead, asked.Field ?? "") ? asked : null
    };

    /// <summary>
    /// What is of its sort and does not serve as it stands: files under another label, touches of the kind that went or came otherwise. The
    /// last few by their ids.
    /// </summary>
    public static IReadOnlyList<NearEvidence> NearIn(this LevelEvidence asked, Lead lead) => [.. (asked switch
    {
        { Attachment: not null } => lead.Attachments.Held.Values.Select(held => new NearEvidence(held.AttachmentId, held.Label)),
        { Touch: { } touch } => lead.Touches.Where(made => touch.Kind is null || made.Value.Kind == touch.Kind).Select(made =>
            new NearEvidence(TouchId: made.Key, Kind: made.Value.Kind, Direction: made.Value.Direction, Outcome: made.Value.Outcome)),
        _ => []
    }).OrderByDescending(near => near.Id).Take(MostNear)];

    /// <summary>What would serve, in words.</summary>
    public static string Serves(this LevelEvidence asked) => asked switch
    {
        { Attachment: { } label } => $"an attachment labelled '{label}'",
        { Touch: { } touch } => string.Concat(
            "a touch",
            touch.Kind is { } kind ? $" of the kind {LeadBehaviour.KindOf(kind)}" : "",
            touch.Direction is { } direction ? $", {Word(direction)}" : "",
            touch.Outcome is { } outcome ? $", that came to '{outcome}'" : ""),
        _ => $"that {asked.Field} is known"
    };

    /// <summary>As answers spell it.</summary>
    internal static string Word(Direction direction) => direction.ToString().ToLowerInvariant();

    private static bool IsMetBy(this TouchAsked asked, TouchMade made) => (asked.Kind is null || asked.Kind == made.Kind)
        && (asked.Direction is null || asked.Direction == made.Direction) && (asked.Outcome is null || asked.Outcome == made.Outcome);

    private static Guid? First<T>(IEnumerable<KeyValuePair<Guid, T>> serving, Guid? before)
    {
        Guid? first = null;
        foreach (var (id, _) in serving)
        {
            if (id == before)
            {
                return id;
            }

            first = first is null || id.CompareTo(first.Value) < 0 ? id : first;
        }

        return first;
    }
}

/// <summary>An attachment or a touch that does not serve as evidence, but could with other words to it.</summary>
public sealed record NearEvidence(
    Guid? AttachmentId = null, string? Label = null,
    Guid? TouchId = null, TouchKind? Kind = null, Direction? Direction = null, string? Outcome = null)
{
    internal Guid Id => AttachmentId ?? TouchId ?? Guid.Empty;
}
