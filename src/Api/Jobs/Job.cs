using System.Text.Json.Nodes;

namespace Crm.Api.Jobs;

public enum JobState { Queued, Running, Succeeded, Failed, Cancelled }

/// <summary>Long work that somebody asked for.</summary>
/// <param name="Kind">Which <see cref="IJobKind"/> does it.</param>
/// <param name="Subject">What it is about; about one thing there is one job at a time.</param>
/// <param name="Request">What was asked, in the kind's own form.</param>
/// <param name="AskedBy">The member's id.</param>
/// <param name="Phase">What it is doing now.</param>
/// <param name="IsCancelling">Somebody wants it to end; it will.</param>
/// <param name="Attempts">How often it was begun: more than once where a process died on the way.</param>
/// <param name="Result">What came of it, in the kind's own form.</param>
/// <param name="Trouble">Why it failed.</param>
public sealed record Job(
    string Tenant, Guid Id, string Kind, Guid Subject, JsonNode Request, string AskedBy, DateTimeOffset AskedAt, JobState State, string? Phase, long Done,
    long Total, bool IsCancelling, int Attempts, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, JsonNode? Result, string? Trouble)
{
    public bool HasEnded => EndedAt is not null;
}

/// <summary>One kind of long work. It may be begun again at any time, on another node, when a process died: what it does twice must change nothing.</summary>
public interface IJobKind
{
    string Kind { get; }

    /// <summary>Does it, from wherever an earlier attempt came to.</summary>
    /// <param name="ct">Ends when somebody cancels the job, when the program stops, and when another has taken it over.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="JobFailed">It cannot be done, and trying again would not help.</exception>
    Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct);
}

/// <summary>Work cannot be done as it was asked for; the message is for whoever asked.</summary>
public sealed class JobFailed(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>How far work has come, for whoever looks.</summary>
public sealed class JobProgress
{
    private volatile Step now = new("", 0, 0);

    public void Report(string phase, long done, long total) => now = new Step(phase, done, total);

    internal Step Now => now;

    internal sealed record Step(string Phase, long Done, long Total);
}
