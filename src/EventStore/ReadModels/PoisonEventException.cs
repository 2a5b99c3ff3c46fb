using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>An event that cannot be read, or that a read model cannot fold.</summary>
internal sealed class PoisonEventException(long position, string eventType, Exception inner)
    : Exception($"{eventType} at position {position}: {inner.Message}", inner)
{
    public long Position => position;

    public string EventType => eventType;

    /// <summary>The event of a row.</summary>
    /// <exception cref="PoisonEventException">It cannot be read.</exception>
    public static Recorded Read(NpgsqlDataReader row, EventTypes types)
    {
        try
        {
            return EventRow.Read(row, types);
        }
        catch (Exception error) when (IsOfTheEvent(error))
        {
            throw new PoisonEventException(row.GetInt64(0), row.GetString(5), error);
        }
    }

    /// <summary>What comes of an event.</summary>
    /// <exception cref="PoisonEventException">The model cannot fold it.</exception>
    public static T Fold<T>(Recorded e, Func<Recorded, T> fold)
    {
        try
        {
            return fold(e);
        }
        catch (Exception error) when (IsOfTheEvent(error))
        {
            throw new PoisonEventException(e.Position, e.TypeName, error);
        }
    }

    private static bool IsOfTheEvent(Exception error) => error is not NpgsqlException and not OperationCanceledException;
}
