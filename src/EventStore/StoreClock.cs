namespace Crm.EventStore;

/// <summary>
/// What time it is to the store. Programs on several machines go by one clock, the database's, which also stamps what is recorded; how far ours is from it
/// is learnt with each look at the store.
/// </summary>
public sealed class StoreClock : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

    /// <summary>Takes over what the database said between two moments of ours.</summary>
    /// <param name="begun">By <see cref="TimeProvider.GetTimestamp"/>.</param>
    internal void Learn(DateTimeOffset now, long begun)
    {
        // It looked at its clock somewhere in between; nothing is learnt from what lies within that.
        var took = GetElapsedTime(begun);
        var difference = now + took / 2 - base.GetUtcNow();
        if ((difference - TimeSpan.FromTicks(Interlocked.Read(ref ahead))).Duration() > took / 2)
        {
            Interlocked.Exchange(ref ahead, difference.Ticks);
        }
    }
}
