using System.Collections.Immutable;

namespace Crm.Domain.Activities;

/// <summary>A file as it is attached to a record. Its bytes lie elsewhere, under their hash.</summary>
/// <param name="Name">As people called it, without a path.</param>
/// <param name="MediaType">What its bytes are, whatever was said of them.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Of its bytes, in lower-case hex.</param>
/// <param name="Label">What it is evidence of, such as <c>minutes</c>.</param>
/// <param name="TouchId">The touch that it belongs to.</param>
public sealed record AttachedFile(
    Guid AttachmentId, Personal Name, string MediaType, long Size, string Sha256, string? Label = null, Guid? TouchId = null);

/// <summary>That a file was attached, whatever kind of record to.</summary>
public interface IAttachmentAdded
{
    AttachedFile File { get; }
}

/// <summary>That an attachment was taken away. What it held stays in the past.</summary>
public interface IAttachmentRemoved
{
    Guid AttachmentId { get; }
}

/// <summary>The files that are attached to a record, and which were.</summary>
public sealed record Attachments
{
    public const int Most = 200;

    public static readonly Attachments None = new();

    /// <summary>By attachment.</summary>
    public ImmutableDictionary<Guid, AttachedFile> Held { get; private init; } = ImmutableDictionary<Guid, AttachedFile>.Empty;

    public ImmutableHashSet<Guid> Removed { get; private init; } = [];

    public Attachments With(AttachedFile file) =>
        this with { Held = Held.SetItem(file.AttachmentId, file) };

    public Attachments Without(Guid attachment) => this with { Held = Held.Remove(attachment), Removed = Removed.Add(attachment) };

    /// <summary>Whether this was said already.</summary>
    public bool Hold(AttachedFile file) => Held.TryGetValue(file.AttachmentId, out var known) && known == file with { Name = known.Name };

    /// <summary>The file, which can be attached.</summary>
    /// <param name="isTouch">Whether the record has a touch, which the file may belong to.</param>
    /// <exception cref="Rejection">It cannot be attached.</exception>
    internal AttachedFile Taking(AttachedFile file, Func<Guid, bool> isTouch)
    {
        MustNotKnow(file.AttachmentId);
        if (file.TouchId is { } touch && !isTouch(touch))
            throw Rejection.BrokenRule("attachment.touch-unknown", "The record has no such touch.", "touchId");
        MustHaveRoom();
        return file;
    }

    /// <summary>What is asked of all that is known, where a file is dated back.</summary>
    /// <exception cref="Rejection">It cannot be attached.</exception>
    internal void MustStillTake(AttachedFile file)
    {
        MustNotKnow(file.AttachmentId);
        MustHaveRoom();
    }

    private void MustHaveRoom()
    {
        if (Held.Count >= Most)
            throw Rejection.BrokenRule("attachment.too-many", $"A record has at most {Most} attachments; remove one first.");
    }

    /// <exception cref="Rejection">An attachment of this id is or was there, of another content or at another time.</exception>
    private void MustNotKnow(Guid attachment)
    {
        if (Held.ContainsKey(attachment) || Removed.Contains(attachment))
            throw Rejection.WrongState("attachment.known", $"Attachment {attachment} is known already, with another content, label or touch, or at another time.");
    }

    /// <summary>The attachment, which is there.</summary>
    /// <exception cref="Rejection">There is no such attachment.</exception>
    internal Guid Holding(Guid attachment) => Held.ContainsKey(attachment) ? attachment
        : throw Rejection.Unknown("attachment.unknown", "There is no such attachment.");
}
