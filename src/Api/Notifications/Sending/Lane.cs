using System.Diagnostics;
using Crm.Api.Access;
using Crm.Api.Outside;
using Crm.Domain.Leads;
using Crm.Domain.Notifications;
using Crm.EventModel;
using Crm.EventStore;
using Npgsql;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Crm.Api.Notifications.Sending;

/// <summary>One channel: by it one message goes after another, no more in a minute than it takes, none while it takes nothing.</summary>
internal sealed class Lane
{
    // Somewhat less, so that what is sent each day at the same time is not put off by a moment each day.
    private static readonly TimeSpan Day = TimeSpan.FromHours(20);

    private readonly (string Tenant, Guid Id) channel;
    private readonly ChannelStreams channels;
    private readonly IReadOnlyDictionary<ChannelKind, IPort> ports;
    private readonly MessageTable table;
    private readonly MessageTerms terms;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly ResiliencePipeline<Posted> pipeline;
    private (Channel Channel, ChannelCredentials Credentials, Bucket PerMinute)? known;
    private DateTimeOffset heldUntil = DateTimeOffset.MinValue;
    private int changes;

    public Lane(string tenant, Guid id, ChannelStreams channels, IReadOnlyDictionary<ChannelKind, IPort> ports, MessageTable table,
        MessageTerms terms, TimeProvider clock, ILogger log)
    {
        (channel, this.channels, this.ports, this.table, this.terms, this.clock, this.log) = ((tenant, id), channels, ports, table, terms,
            clock, log);
        // What is refused for good says nothing of the channel.
        pipeline = new ResiliencePipelineBuilder<Posted>()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Posted>
            {
                ShouldHandle = said => ValueTask.FromResult(said.Outcome.Result is not ({ IsTaken: true } or { IsFinal: true })),
                FailureRatio = 1,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromMinutes(1),
                BreakDuration = TimeSpan.FromSeconds(30)
            })
            .AddTimeout(terms.Limit)
            .Build();
    }

    public Task UnderWay { get; private set; } = Task.CompletedTask;

    public bool IsUnderWay => !UnderWay.IsCompleted;

    /// <summary>By the store's clock, as all that is due.</summary>
    public bool IsHeld => clock.GetUtcNow() < heldUntil;

    public void Run(Func<Task> work) => UnderWay = Task.Run(work);

    public void Forget()
    {
        Interlocked.Increment(ref changes);
        known = null;
    }

    public void Hold(TimeSpan time) => heldUntil = clock.GetUtcNow() + time;

    public async Task Send(IReadOnlyList<(DueMessage Message, IReadOnlyList<Recorded> Events)> due, Letters letters, CancellationToken ct)
    {
        foreach (var (message, events) in due)
        {
            ct.ThrowIfCancellationRequested();
            if (!await table.Waits(message, ct))
            {
                // Whoever was held up, and lost the lead meanwhile, holds a list of what another has sent.
                continue;
            }

            if (await Known(ct) is not var (way, credentials, perMinute))
            {
                await NoWay(message, events, letters, ct);
                continue;
            }

            var (letter, dropped) = (default(Letter), default(string));
            try
            {
                (letter, dropped) = await letters.Of(message, events, channel.Id, way.Kind, ct);
            }
            catch (Exception error) when (!IsPassing(error))
            {
                // One that cannot be put into words keeps nothing back but itself.
                await CannotBeWritten(message, error);
                continue;
            }

            if (letter is null)
            {
                await table.Set(message, MessageStates.Dropped, next: null, dropped, clock.GetUtcNow(), ct);
            }
            else if (letter.Limit is { } limit
                && await table.Held(message.Tenant, limit, Day, clock.GetUtcNow(), ct) is var (until, why))
            {
                // It may be for somebody who never asked for it, and whose address another typed.
                await table.Set(message, MessageStates.Waiting, until, why, clock.GetUtcNow(), ct);
            }
            else if (!perMinute.Take(1))
            {
                Hold(perMinute.Until(1));
                return;
            }
            else if (!await Try(message, letter, ports[way.Kind], credentials, ct))
            {
                return;
            }
        }
    }

    // A mail to a lead waits for a channel of the name that its playbook says; what was for one that is removed is dropped.
    private async Task NoWay(DueMessage message, IReadOnlyList<Recorded> events, Letters letters, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (events.FirstOrDefault() is not { } e || Letters.MailOf(e.Data) is not { } playbook)
        {
            await table.Set(message, MessageStates.Dropped, next: null, "channel-removed", now, ct);
        }
        else if (await letters.ChannelOf(message.Tenant, playbook, ct) is var found && found != Guid.Empty && found != channel.Id)
        {
            await table.Move(message, found, now, ct);
        }
        else
        {
            await table.Tried(message, new Posted(IsTaken: false, "no-channel"), now, TimeSpan.Zero,
                Schedule.Next(message.Attempts + 1, retryAfter: null, now, terms.Chance()), now, CancellationToken.None);
        }
    }

    // Trouble of the database's, or the end of this work: all of it is begun anew.
    private static bool IsPassing(Exception error) =>
        error is NpgsqlException or TimeoutException or StoreUnavailable or OperationCanceledException or IOException;

    private async Task CannotBeWritten(DueMessage message, Exception error)
    {
        // What it says is not for the log.
        log.LogError("Message {Message} cannot be put into words: {Kind}", message.Id, error.GetType().Name);
        var now = clock.GetUtcNow();
        await table.Tried(message, new Posted(IsTaken: false, "unwritable"), now, TimeSpan.Zero,
            Schedule.Next(message.Attempts + 1, retryAfter: null, now, terms.Chance()), now, CancellationToken.None);
    }

    /// <returns>Whether the next one can be sent at once.</returns>
    private async Task<bool> Try(DueMessage message, Letter letter, IPort port, ChannelCredentials credentials, CancellationToken ct)
    {
        var (at, took) = (clock.GetUtcNow(), Stopwatch.StartNew());
        Posted posted;
        try
        {
            posted = await pipeline.ExecuteAsync(async stop => await port.Send(letter, credentials, stop), ct);
        }
        catch (BrokenCircuitException broken)
        {
            // Nothing was sent, so nothing is counted.
            Hold(broken.RetryAfter ?? TimeSpan.FromSeconds(5));
            return false;
        }
        catch (TimeoutRejectedException)
        {
            posted = new Posted(IsTaken: false, "timeout");
        }

        var now = clock.GetUtcNow();
        var next = posted.IsTaken || posted.IsFinal ? null : Schedule.Next(message.Attempts + 1, posted.RetryAfter, now, terms.Chance());

        // What went out is written down, whoever sends from now on.
        await table.Tried(message, posted, at, took.Elapsed, next, now, CancellationToken.None, letter.Limit?.Address);
        if (posted.RetryAfter is { } wanted)
        {
            Hold(wanted < TimeSpan.FromHours(1) ? wanted : TimeSpan.FromHours(1));
        }

        return posted.RetryAfter is null;
    }

    private async Task<(Channel Channel, ChannelCredentials Credentials, Bucket PerMinute)?> Known(CancellationToken ct)
    {
        var (found, before) = (known, Volatile.Read(ref changes));
        if (found is null && await channels.Find(channel.Tenant, channel.Id, ct) is var (there, _)
            && await channels.Credentials(channel.Tenant, there.Is!.Secret, ct) is { } credentials)
        {
            // A quarter at once and the rest evenly: in no minute does more go out.
            var atOnce = there.Is.PerMinute / 4.0;
            found = (there, credentials, new Bucket((there.Is.PerMinute - atOnce) / 60, atOnce, TimeProvider.System));

            // What changed while it was read is read again for the next one.
            known = before == Volatile.Read(ref changes) ? found : null;
        }

        return found;
    }
}
