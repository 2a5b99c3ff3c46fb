using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>What one of all programs has to do for as long as it leads.</summary>
public interface IDuty
{
    /// <summary>Takes up where the last one stood.</summary>
    Task Begin(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Does what there is to do now.</summary>
    /// <returns>Whether there may be more.</returns>
    Task<bool> Step(CancellationToken ct);
}

/// <summary>Has a duty done by one of all programs, step by step, and looks again when something was appended or time has passed.</summary>
/// <param name="right">The name of the lock.</param>
/// <param name="work">What it is called when it begins anew.</param>
/// <param name="poll">After how long it looks again.</param>
/// <param name="duty">What there is to do, by the connection that holds the lock.</param>
/// <param name="hears">Whether it looks as soon as something was appended; not where it is moments that it waits for.</param>
public abstract class Watch(
    Engine engine, string right, string work, TimeSpan poll, Func<NpgsqlConnection, IDuty> duty, ILogger log, bool hears = true)
    : OneLeader(engine.Store, engine.Followers, right, work, TimeSpan.FromMilliseconds(500), log)
{
    protected sealed override async Task Lead(Sole mine, CancellationToken stop)
    {
        var todo = duty(mine.Connection);
        await todo.Begin(stop);
        while (true)
        {
            var seen = Wakeup.Next;
            if (!await todo.Step(stop))
            {
                var passed = Task.Delay(poll, stop);
                await (hears ? Task.WhenAny(seen, passed) : passed);
                stop.ThrowIfCancellationRequested();
            }
        }
    }
}
