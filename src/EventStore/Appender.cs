using System.Diagnostics;
using Crm.EventModel;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Crm.EventStore;

/// <summary>
/// Group commit: the appends that wait while one group is being written go together as the next, in one statement that commits by itself.
/// A group is repeated after a lost connection; crm.append knows its own events and keys again, so nothing happens twice.
/// </summary>
internal sealed class Appender : IAsyncDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly EventTypes types;
    private readonly Action<long> committed;
    private readonly Func<NpgsqlConnection, CancellationToken, Task> greet;
    private readonly WaitingLine line = new();
    private readonly CancellationTokenSource closing = new();
    private readonly ResiliencePipeline retry;
    private readonly Task work;
    private NpgsqlConnection? connection;
    private NpgsqlCommand? command;

    /// <param name="committed">Told the newest position after each group.</param>
    /// <param name="greet">Run on each new connection before it is used: is this still the store we knew?</param>
    /// <param name="patience">How long a group is tried again before its callers are told that the store is away.</param>
    public Appender(NpgsqlDataSource database, EventTypes types, Action<long> committed,
        Func<NpgsqlConnection, CancellationToken, Task> greet, TimeSpan patience)
    {
        (this.database, this.types, this.committed, this.greet) = (database, types, committed, greet);
        retry = new ResiliencePipelineBuilder { TimeProvider = TimeProvider.System }
            .AddTimeout(patience)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(Transient),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(20),
                MaxDelay = TimeSpan.FromMilliseconds(500),
                UseJitter = true
            })
            .Build();
        work = Task.Run(Work);
    }

    public async Task<Appended> Append(AppendRequest request, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, this);
        var waiting = new Waiting(request, types);
        line.Add(waiting);
        return await waiting.Answer.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await work;
        foreach (var waiting in line.Drain())
        {
            waiting.Fail(new StoreUnavailable("The store is closing."));
        }

        await Disconnect();
        closing.Dispose();
    }

    private async Task Work()
    {
        while (!closing.IsCancellationRequested)
        {
            IReadOnlyList<Waiting> group = [];
            try
            {
                group = await line.Take(closing.Token);
                await Write(group);
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                Fail(group, new StoreUnavailable("The store is closing."));
            }
            catch (Exception error)
            {
                Fail(group, new StoreUnavailable("PostgreSQL cannot be reached or does not answer.", error));
            }
        }
    }

    private static void Fail(IReadOnlyList<Waiting> group, Exception error)
    {
        foreach (var waiting in group)
        {
            waiting.Fail(error);
        }
    }

    // What fails for another reason than the connection is one request's fault: halve until it stands alone.
    private async Task Write(IReadOnlyList<Waiting> group)
    {
        IReadOnlyList<Answer> answers;
        try
        {
            answers = await retry.ExecuteAsync(async ct => await Call(group, ct), closing.Token);
        }
        catch (Exception error) when (!Away(error) && group.Count == 1)
        {
            group[0].Fail(error);
            return;
        }
        catch (Exception error) when (!Away(error))
        {
            var half = group.Count / 2;
            await Write([.. group.Take(half)]);
            await Write([.. group.Skip(half)]);
            return;
        }

        var newest = answers.Where(a => a.Outcome == 'A').Select(a => a.Position).DefaultIfEmpty().Max();
        if (newest > 0)
        {
            committed(newest);
        }

        for (var i = 0; i < group.Count; i++)
        {
            answers[i].Tell(group[i]);
        }
    }

    private static bool Transient(Exception error) => error switch
    {
        PostgresException { SqlState: "40001" or "40P01" } => true,                 // a foreign writer got between; once more
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" } => true,      // PostgreSQL goes down or comes up
        PostgresException { SqlState: "57014" or "55P03" } => true,                 // waited too long for the lane; nothing was written
        NpgsqlException e => e.IsTransient || e.InnerException is IOException or TimeoutException or System.Net.Sockets.SocketException,
        InvalidOperationException e => e.Source == "Npgsql",                        // the connection broke between two uses
        _ => false
    };

    private static bool Away(Exception error) =>
        error is OperationCanceledException or Polly.Timeout.TimeoutRejectedException || Transient(error);

    private async Task<IReadOnlyList<Answer>> Call(IReadOnlyList<Waiting> group, CancellationToken ct)
    {
        var usable = await Connect(ct);
        try
        {
            var arguments = new AppendGroup(types);
            foreach (var waiting in group)
            {
                arguments.Add(waiting.Request, waiting.Bodies);
            }

            arguments.Fill(usable);
            var answers = new List<Answer>(group.Count);
            await using var reader = await usable.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                answers.Add(Answer.Read(reader));
            }

            Debug.Assert(answers.Count == group.Count, "One answer a request.");
            return answers;
        }
        catch (Exception error) when (error is not PostgresException { IsTransient: false })
        {
            await Disconnect();
            throw;
        }
    }

    private async Task<NpgsqlCommand> Connect(CancellationToken ct)
    {
        if (command is not null && connection is { State: System.Data.ConnectionState.Open })
        {
            return command;
        }

        await Disconnect();
        connection = await database.OpenConnectionAsync(ct);
        await greet(connection, ct);
        command = AppendGroup.Command(connection);
        await command.PrepareAsync(ct);
        return command;
    }

    private async Task Disconnect()
    {
        if (command is not null)
        {
            await command.DisposeAsync();
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        (command, connection) = (null, null);
    }

    /// <summary>One row of what crm.append returns.</summary>
    private sealed record Answer(
        char Outcome, long Position, DateTimeOffset Stamp, short Status, Guid[] Streams, long[] Versions, Guid? Subject, long? Actual, string? Claim)
    {
        public static Answer Read(NpgsqlDataReader row) => new(
            Outcome: row.GetChar(0),
            Position: row.IsDBNull(1) ? 0 : row.GetInt64(1),
            Stamp: row.IsDBNull(2) ? default : row.GetFieldValue<DateTimeOffset>(2),
            Status: row.GetInt16(3),
            Streams: row.GetFieldValue<Guid[]>(4),
            Versions: row.GetFieldValue<long[]>(5),
            Subject: row.IsDBNull(6) ? null : row.GetGuid(6),
            Actual: row.IsDBNull(7) ? null : row.GetInt64(7),
            Claim: row.IsDBNull(8) ? null : row.GetString(8));

        public void Tell(Waiting waiting)
        {
            switch (Outcome)
            {
                case 'A' or 'R':
                    waiting.Succeed(new Appended(Position, Stamp, Outcome == 'R', Status, [.. Streams.Zip(Versions)]));
                    break;
                case 'K':
                    waiting.Fail(new KeyReused());
                    break;
                case 'C':
                    waiting.Fail(new ClaimTaken(Claim!, Subject!.Value));
                    break;
                case 'X':
                    waiting.Fail(new StreamArchived(Subject!.Value));
                    break;
                default:
                    waiting.Fail(new VersionConflict(Subject!.Value, Actual!.Value));
                    break;
            }
        }
    }
}
