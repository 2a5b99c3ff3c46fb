using System.Collections.Concurrent;
using Crm.EventModel;
using Npgsql;

namespace Crm.Api;

/// <summary>Which followers of this program cannot go on, since when and why. Short trouble is nobody's business: each begins anew by itself.</summary>
public sealed class FollowerTroubles(TimeProvider clock)
{
    /// <summary>For how long a follower may fail before the program counts as not ready.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, FollowerTrouble> failing = new(StringComparer.Ordinal);

    public void Fails(ReadModel model, Exception error) =>
        failing.AddOrUpdate(model.Progress, _ => new FollowerTrouble(clock.GetUtcNow(), Reason(error)), (_, known) => known with { Reason = Reason(error) });

    public void Goes(ReadModel model) => failing.TryRemove(model.Progress, out _);

    /// <summary>Null where it goes, or has not failed for long.</summary>
    public FollowerTrouble? Of(ReadModel model) =>
        failing.TryGetValue(model.Progress, out var trouble) && clock.GetUtcNow() - trouble.Since >= Lasting ? trouble : null;

    // Everybody may ask how the program is: the code is enough to look further in the log, and tells nothing of the data.
    private static string Reason(Exception error) => error is PostgresException postgres ? $"SQLSTATE {postgres.SqlState}" : error.GetType().Name;
}

public sealed record FollowerTrouble(DateTimeOffset Since, string Reason);
