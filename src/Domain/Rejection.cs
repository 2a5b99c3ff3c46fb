namespace Crm.Domain;

/// <summary>Why a command was turned away: nothing there, the wrong moment, or a broken rule.</summary>
public enum RejectionKind { Unknown, WrongState, BrokenRule }

/// <summary>A command that the rules turn away. The code is stable and listed in docs/problems.md.</summary>
public sealed class Rejection : Exception
{
    private Rejection(RejectionKind kind, string code, string message, string? field) : base(message) =>
        (Kind, Code, Field) = (kind, code, field);

    public RejectionKind Kind { get; }

    /// <summary>For example <c>opportunity.closed</c>.</summary>
    public string Code { get; }

    /// <summary>The member of the command that broke the rule, in camelCase, where there is one.</summary>
    public string? Field { get; }

    /// <summary>There is no such thing.</summary>
    public static Rejection Unknown(string code, string message) => new(RejectionKind.Unknown, code, message, null);

    /// <summary>It cannot happen now, as things stand; at another state the same command would do.</summary>
    public static Rejection WrongState(string code, string message) => new(RejectionKind.WrongState, code, message, null);

    /// <summary>It cannot happen at all; the message says what would be right.</summary>
    public static Rejection BrokenRule(string code, string message, string? field = null) => new(RejectionKind.BrokenRule, code, message, field);
}
