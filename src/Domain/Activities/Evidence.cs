using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Playbooks;
using Crm.Domain.Scoring.Leads;

namespace Crm.Domain.Activities;

// Stored forever as JSON under these names: add, never rename.

/// <summary>What is asked for, and what serves as that: an attachment with a label, a field that is known, a touch, or an
/// approval.</summary>
/// <param name="Key">By which the playbook names it.</param>
/// <param name="Name">For people.</param>
/// <param name="Attachment">The label that is asked for.</param>
/// <param name="Field">The member that is to be known, in camelCase.</param>
/// <param name="Touch">The touch that is asked for.</param>
/// <param name="AttachmentId">The attachment that serves.</param>
/// <param name="TouchId">The touch that serves.</param>
/// <param name="Approval">The key of the flow by which it is to be granted.</param>
/// <param name="ApprovalId">The approval that serves.</param>
public sealed record Evidence(
    string Key, string Name, string? Attachment = null, string? Field = null, TouchAsked? Touch = null,
    Guid? AttachmentId = null, Guid? TouchId = null, string? Approval = null, Guid? ApprovalId = null);

/// <param name="Kind">Null for any.</param>
/// <param name="Direction">Null for either.</param>
/// <param name="Outcome">What it came to, word for word; null for anything.</param>
/// <param name="Near">True for one that was made at the customer's address; null for anywhere.</param>
public sealed record TouchAsked(TouchKind? Kind = null, Direction? Direction = null, string? Outcome = null, bool? Near = null)
{
    public bool IsMetBy(TouchMade made) => (Kind is null || Kind == made.Kind)
        && (Direction is null || Direction == made.Direction) && (Outcome is null || Outcome == made.Outcome)
        && (Near != true || made.Visit is { IsNear: true });
}

/// <summary>A touch, as decisions ask about it.</summary>
/// <param name="Via">The part of the record that it was said of, where it was not said of the record itself.</param>
/// <param name="Visit">What is known of it where a phone told of it.</param>
public readonly record struct TouchMade(TouchKind Kind, Direction Direction, string? Outcome, Guid? Via = null, Visit? Visit = null);

/// <summary>A record in which evidence is looked for.</summary>
public interface IHasEvidence
{
    Attachments Attachments { get; }

    /// <summary>By touch.</summary>
    ImmutableDictionary<Guid, TouchMade> Touches { get; }

    /// <summary>By approval: the keys of the flows by which they were granted.</summary>
    IReadOnlyDictionary<Guid, string> Granted { get; }

    /// <summary>Whether a member is known; one that there is not never is.</summary>
    bool Knows(string field);
}

/// <summary>Whether a record has what is asked for.</summary>
public static class EvidenceSearch
{
    private const int MostNear = 5;

    public static Evidence AskedFor(this EvidenceSection asked) =>
        new(asked.Key, asked.Name, asked.Attachment, asked.Field, asked.Touch?.Asked);

    /// <summary>The same with what serves as it now: what did before, or else the first by its id. Null where nothing serves.</summary>
    /// <param name="counts">Which attachments, touches and approvals count; left out, all.</param>
    public static Evidence? FoundIn(this Evidence asked, IHasEvidence record, Func<Guid, bool>? counts = null) => asked switch
    {
        { Attachment: { } label } =>
            First(record.Attachments.Held.Where(held => held.Value.Label == label), asked.AttachmentId, counts) is { } id
                ? asked with { AttachmentId = id } : null,
        { Touch: { } touch } => First(record.Touches.Where(made => touch.IsMetBy(made.Value)), asked.TouchId, counts) is { } id
            ? asked with { TouchId = id } : null,
        { Approval: { } flow } => First(record.Granted.Where(granted => granted.Value == flow), asked.ApprovalId, counts) is { } id
            ? asked with { ApprovalId = id } : null,
        _ => record.Knows(asked.Field ?? "") ? asked : null
    };

    /// <summary>How many things there are that serve.</summary>
    /// <inheritdoc cref="FoundIn"/>
    public static int CountIn(this Evidence asked, IHasEvidence record, Func<Guid, bool>? counts = null) => asked switch
    {
        { Attachment: { } label } => record.Attachments.Held.Count(held => held.Value.Label == label && counts?.Invoke(held.Key) != false),
        { Touch: { } touch } => record.Touches.Count(made => touch.IsMetBy(made.Value) && counts?.Invoke(made.Key) != false),
        { Approval: { } flow } => record.Granted.Count(granted => granted.Value == flow && counts?.Invoke(granted.Key) != false),
        _ => record.Knows(asked.Field ?? "") ? 1 : 0
    };

    /// <summary>
    /// What is of its sort and does not serve as it stands: files under another label, touches of the kind that went or came otherwise. The
    /// last few by their ids.
    /// </summary>
    public static IReadOnlyList<NearEvidence> NearIn(this Evidence asked, IHasEvidence record) => [.. (asked switch
    {
        { Attachment: not null } => record.Attachments.Held.Values.Select(held => new NearEvidence(held.AttachmentId, held.Label)),
        { Touch: { } touch } => record.Touches.Where(made => touch.Kind is null || made.Value.Kind == touch.Kind).Select(made =>
            new NearEvidence(
                TouchId: made.Key, Kind: made.Value.Kind, Direction: made.Value.Direction, Outcome: made.Value.Outcome,
                DistanceMetres: made.Value.Visit?.DistanceMetres,
                Doubts: [.. (made.Value.Visit?.Doubts ?? []).Select(doubt => doubt.Of).Distinct()])),
        _ => []
    }).OrderByDescending(near => near.Id).Take(MostNear)];

    /// <summary>What would serve, in words.</summary>
    public static string Serves(this Evidence asked) => asked switch
    {
        { Attachment: { } label } => $"an attachment labelled '{label}'",
        { Touch: { } touch } => string.Concat(
            "a touch",
            touch.Kind is { } kind ? $" of the kind {LeadBehaviour.KindOf(kind)}" : "",
            touch.Direction is { } direction ? $", {Word(direction)}" : "",
            touch.Outcome is { } outcome ? $", that came to '{outcome}'" : "",
            touch.Near == true ? ", made at the customer's address as a phone tells it" : ""),
        { Approval: { } flow } => $"a granted approval by the flow '{flow}'",
        _ => $"that {asked.Field} is known"
    };

    /// <summary>What there is that is near, in words; empty where nothing is.</summary>
    public static string Nearby(this Evidence asked, IHasEvidence record)
    {
        var near = string.Join(", ", asked.NearIn(record).Select(one => one.AttachmentId is not null
            ? $"attachment {one.AttachmentId} ({one.Label ?? "without a label"})"
            : $"touch {one.TouchId} ({Word(one.Direction!.Value)}, {one.Outcome ?? "without an outcome"}{From(asked, one)})"));
        return near.Length == 0 ? "" : $" There is {near}; recorded as is asked for it would serve.";
    }

    private static string From(Evidence asked, NearEvidence one) => asked.Touch is not { Near: true } ? ""
        : one.DistanceMetres is { } metres ? string.Create(CultureInfo.InvariantCulture, $", {metres} m from the address")
        : ", nobody knows how far from the address";

    // As answers spell it.
    private static string Word(Direction direction) => direction.ToString().ToLowerInvariant();

    private static Guid? First<T>(IEnumerable<KeyValuePair<Guid, T>> serving, Guid? before, Func<Guid, bool>? counts)
    {
        Guid? first = null;
        foreach (var (id, _) in serving.Where(one => counts?.Invoke(one.Key) != false))
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
/// <param name="DistanceMetres">Of a visit: how far it was from the customer's address.</param>
/// <param name="Doubts">Of a visit: what speaks against it.</param>
public sealed record NearEvidence(
    Guid? AttachmentId = null, string? Label = null,
    Guid? TouchId = null, TouchKind? Kind = null, Direction? Direction = null, string? Outcome = null,
    int? DistanceMetres = null, IReadOnlyList<VisitDoubtOf>? Doubts = null)
{
    internal Guid Id => AttachmentId ?? TouchId ?? Guid.Empty;
}
