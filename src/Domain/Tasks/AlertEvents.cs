using System.Collections.Immutable;

namespace Crm.Domain.Tasks;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IAlertEvent;

public enum AlertSeverity { Info, Warning, Critical }

/// <summary>What raises an alert.</summary>
/// <param name="Automation">Its key, such as <c>watch-first-response</c>.</param>
/// <param name="EventId">The fact that it took for its cause.</param>
public sealed record AlertCause(string Automation, Guid EventId);

/// <summary>Somebody is to hear of something. In which words is decided when he reads it.</summary>
/// <param name="To">The member, by id.</param>
/// <param name="Kind">A key such as <c>task-overdue</c>, by which it is told.</param>
/// <param name="Params">Texts, figures and ids that it is told with; nothing of a person is among them.</param>
public sealed record AlertRaised(
    string To,
    string Kind,
    AlertSeverity Severity,
    AlertCause Cause,
    About? About = null,
    IReadOnlyDictionary<string, string>? Params = null) : IAlertEvent
{
    public IReadOnlyDictionary<string, string> Params { get; init; } = Params ?? ImmutableDictionary<string, string>.Empty;
}

public sealed record AlertRead : IAlertEvent;
public sealed record AlertDismissed : IAlertEvent;
