namespace Crm.EventStore.Contents;

/// <summary>Where contents lie, each under its address. What comes here is sealed already, and tells nothing to whoever reads it.</summary>
public interface IContentStore
{
    /// <summary>A place to write to.</summary>
    IContentDraft Draft();

    /// <summary>What lies under an address, from its beginning, seekable; null where nothing does.</summary>
    Stream? Open(string address);

    void Remove(string address);

    /// <summary>Removes drafts that programs left which died before a moment.</summary>
    void Sweep(DateTimeOffset before);
}

/// <summary>Bytes that are gone when this is disposed, unless they were kept.</summary>
public interface IContentDraft : IAsyncDisposable
{
    /// <summary>To be written, then read; seekable.</summary>
    Stream Body { get; }

    /// <summary>Puts it under its address, in place of what lies there, at one go and safely on the disk.</summary>
    Task Keep(string address, CancellationToken ct);
}
