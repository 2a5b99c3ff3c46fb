namespace Crm.Domain.Activities;

// Stored forever as text under these names: add, never rename.

/// <summary>How people met, or what somebody did that we saw.</summary>
public enum TouchKind { Call, Visit, Mail, Message, Meeting, PageView, Download, FormFill, Event, Other }

/// <summary>Who came to whom: they to us, or we to them.</summary>
public enum Direction { Inbound, Outbound }

/// <summary>That there was a touch, whatever kind of record with.</summary>
public interface ITouched
{
    Guid TouchId { get; }
    TouchKind Kind { get; }
    Direction Direction { get; }

    /// <summary>Null where nobody went there, or no phone told of it.</summary>
    Visit? Visit { get; }

    Personal? Place { get; }
}

public static class Touch
{
    /// <summary>Whether somebody of ours followed up: he went to them, or they talked. What they read and filled in by themselves is none.</summary>
    public static bool IsFollowUp(TouchKind kind, Direction direction) =>
        direction == Direction.Outbound || kind is TouchKind.Call or TouchKind.Visit or TouchKind.Meeting;

    /// <summary>A length in seconds that can be: none known, or not below zero.</summary>
    internal static int? Duration(int? seconds) => seconds is null or >= 0
        ? seconds
        : throw Rejection.BrokenRule(
            "touch.duration", $"A touch cannot last {seconds} seconds; 0 or more, or none if not known.", "durationSeconds");
}
