using Crm.Api.Events;
using Crm.Api.Outside;
using Crm.Domain.Webhooks;
using Polly;
using Polly.CircuitBreaker;

namespace Crm.Api.Webhooks.Sending;

/// <summary>A webhook in the eyes of the sender: what it wants, what is under way to it, and when it is to be looked at again.</summary>
internal sealed class Receiver
{
    private static readonly TimeSpan ShortestBreak = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    private readonly ResiliencePipeline<Reply> circuit;
    private HashSet<string> stored = [];

    public Receiver(string tenant, Guid id, TimeProvider clock)
    {
        (Tenant, Id) = (tenant, id);
        // While nothing at all is taken, one attempt after a pause tells as much as many.
        circuit = new ResiliencePipelineBuilder<Reply> { TimeProvider = clock }.AddCircuitBreaker(new CircuitBreakerStrategyOptions<Reply>
        {
            ShouldHandle = said => ValueTask.FromResult(said.Outcome.Result is not { IsTaken: true }),
            FailureRatio = 1,
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromMinutes(1),
            BreakDurationGenerator = failed => ValueTask.FromResult(Shorter(LongestBreak, ShortestBreak * Math.Pow(2, Math.Min(failed.HalfOpenAttempts, 10))))
        }).Build();
    }

    public string Tenant { get; }

    public Guid Id { get; }

    public Webhook State { get; private set; } = Webhook.None;

    /// <summary>Positions of what is under way.</summary>
    public HashSet<long> UnderWay { get; } = [];

    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>It is being disabled.</summary>
    public bool IsClosing { get; set; }

    /// <summary>When something may be due.</summary>
    public DateTimeOffset LookAt { get; private set; } = DateTimeOffset.MinValue;

    private DateTimeOffset HeldUntil { get; set; } = DateTimeOffset.MinValue;

    /// <summary>The stored names of the events that it wants.</summary>
    public IReadOnlyCollection<string> Stored => stored;

    public void Evolve(IWebhookEvent e)
    {
        State = Webhook.Evolve(State, e);
        stored = State.IsOpen ? [.. Wants.Stored(State.Events)] : [];
        if (e is WebhookEnabled)
        {
            (IsClosing, FailingSince, HeldUntil) = (false, null, DateTimeOffset.MinValue);
        }
    }

    public bool IsTold(string storedName) => stored.Contains(storedName);

    /// <summary>How much more may be sent to it now.</summary>
    public int Room(SendingTerms terms, DateTimeOffset now) => !State.IsOpen || IsClosing || now < HeldUntil || now < LookAt
        ? 0
        : Math.Max(0, (FailingSince is null ? terms.MostOfWebhook : 1) - UnderWay.Count);

    public void LookNoLaterThan(DateTimeOffset moment) => LookAt = moment < LookAt ? moment : LookAt;

    public void LookNext(DateTimeOffset moment) => LookAt = moment;

    /// <summary>It wants to be left alone.</summary>
    public void Hold(TimeSpan wanted, DateTimeOffset now) => HeldUntil = now + Shorter(wanted, LongestHold);

    /// <exception cref="BrokenCircuitException">It has taken nothing for a while, and is left alone for a moment.</exception>
    public ValueTask<Reply> Try(Func<CancellationToken, ValueTask<Reply>> send, CancellationToken ct) => circuit.ExecuteAsync(send, ct);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
