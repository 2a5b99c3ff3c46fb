using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>
/// Carries new events to one read model, in order and exactly once. Several processes may run one; the holder of the model's advisory lock
/// leads, and a leader that lost its lock without noticing is stopped by the position it would move.
/// </summary>
public sealed class Follower
{
    public const int PageSize = 1000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource database;
    private readonly Projector projector;
    private readonly ModelTables tables;
    private readonly Wakeup wakeup;
    private readonly int pageSize;

    public Follower(NpgsqlDataSource database, ReadModel model, EventTypes types, Wakeup wakeup, int pageSize = PageSize)
    {
        (this.database, this.wakeup, this.pageSize) = (database, wakeup, pageSize);
        tables = ModelTables.Of(model);
        projector = new Projector(tables, types);
    }

    public ReadModel Model => tables.Model;

    /// <summary>Told how far it has come, each time that it looked.</summary>
    public event Action<ReadModel, long>? Moved;

    /// <summary>Told that another process leads.</summary>
    public event Action<ReadModel>? Waiting;

    /// <summary>Told what went wrong; the follower goes on by itself.</summary>
    public event Action<ReadModel, Exception>? Trouble;

    /// <summary>Follows until told to end. PostgreSQL may go and come back; nothing but <paramref name="ct"/> ends it.</summary>
    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var lead = await Lead(ct);
                if (lead is null)
                {
                    Waiting?.Invoke(Model);
                    await Task.Delay(Patience, ct);
                }
                else
                {
                    await Follow(lead.Connection, ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // PostgreSQL is away, or another process leads: begin anew from what is written, which is always whole.
                Trouble?.Invoke(Model, error);
                Waiting?.Invoke(Model);
                await Task.Delay(Patience, ct).ContinueWith(_ => { }, CancellationToken.None);
            }
        }
    }

    /// <summary>Carries all that is committed now, or what there is up to a position, then returns the position reached; for programs that do not stay.</summary>
    public async Task<long> CatchUp(IProgress<long>? progress, CancellationToken ct, long upTo = long.MaxValue)
    {
        while (true)
        {
            await using (var lead = await Lead(ct))
            {
                while (lead is not null && await Step(lead.Connection, ct) is { } position)
                {
                    progress?.Report(position);
                    if (position >= upTo)
                    {
                        break;
                    }
                }
            }

            // Where another process leads, it will do as well.
            await using var connection = await database.OpenConnectionAsync(ct);
            var look = await projector.Look(connection, most: 0, upTo, ct);
            progress?.Report(look.Position);
            if (look.Position >= look.End || look.Stopped)
            {
                return look.Position;
            }

            await Task.Delay(Poll, ct);
        }
    }

    private async Task Follow(NpgsqlConnection connection, CancellationToken ct)
    {
        while (true)
        {
            var seen = wakeup.Next;
            while (await Step(connection, ct) is not null)
            {
                // More may have come meanwhile.
            }

            await Task.WhenAny(seen, Task.Delay(Poll, ct));
            ct.ThrowIfCancellationRequested();
        }
    }

    // One page. Null when there is nothing to do: at the head, or stopped at an event until an operator has decided.
    private async Task<long?> Step(NpgsqlConnection connection, CancellationToken ct)
    {
        var look = await projector.Look(connection, pageSize, null, ct);
        if (look.Stopped || look.Position == look.End)
        {
            Moved?.Invoke(Model, look.Position);
            return null;
        }

        if (look.Position > look.End)
        {
            await Stop(connection, look.Position, "",
                $"This read model has seen position {look.Position}, and the store ends at {look.End}: the store was set back. Rebuild.", ct);
            return null;
        }

        try
        {
            try
            {
                if (look.Next.Unreadable is { } unreadable)
                {
                    throw unreadable;
                }

                await projector.Write(connection, look.Next, look.Position, look.Skipped, ct);
                Moved?.Invoke(Model, look.Next.Position);
                return look.Next.Position;
            }
            catch (PoisonEventException poison)
            {
                var before = look.Next.Events.Where(e => e.Position < poison.Position).ToList();
                if (before.Count > 0)
                {
                    await projector.Write(connection, new Page(before, before[^1].Position), look.Position, look.Skipped, ct);
                }

                throw;
            }
        }
        catch (PoisonEventException poison)
        {
            await Stop(connection, poison.Position, poison.EventType, poison.InnerException!.Message, ct);
            return null;
        }
    }

    // The right first: a leader that is frozen amid a page holds the row of its position.
    private async Task<Sole?> Lead(CancellationToken ct)
    {
        var lead = await Sole.Try(database, $"crm.follow:{Model.Progress}", useOrLose: true, ct);
        if (lead is null)
        {
            return null;
        }

        try
        {
            await using var begin = new NpgsqlBatch(lead.Connection);
            begin.BatchCommands.Add(new NpgsqlBatchCommand("insert into public.mt_event_progression (name, last_seq_id) values ($1, 0) on conflict do nothing")
            { Parameters = { new NpgsqlParameter { Value = Model.Progress } } });
            foreach (var setting in Projector.Session.Split(";"))
            {
                begin.BatchCommands.Add(new NpgsqlBatchCommand(setting));
            }

            await begin.ExecuteNonQueryAsync(ct);
            return lead;
        }
        catch
        {
            await lead.DisposeAsync();
            throw;
        }
    }

    private async Task Stop(NpgsqlConnection connection, long position, string eventType, string error, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            insert into crm.read_model_stop (name, position, event_type, error) values ($1, $2, $3, $4) on conflict do nothing
            """, connection);
        command.Parameters.AddWithValue(Model.Progress);
        command.Parameters.AddWithValue(position);
        command.Parameters.AddWithValue(eventType);
        command.Parameters.AddWithValue(error);
        await command.ExecuteNonQueryAsync(ct);
    }
}
