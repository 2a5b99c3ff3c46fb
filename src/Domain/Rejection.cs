using Crm.Domain.Opportunities;

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

    /// <summary>All that is wrong, where that is more than one thing: where in the request, as JSON Pointer, a code and a sentence.</summary>
    public IReadOnlyList<RuleFault> Faults { get; private init; } = [];

    /// <summary>There is no such thing.</summary>
    public static Rejection Unknown(string code, string message) => new(RejectionKind.Unknown, code, message, null);

    /// <summary>It cannot happen now, as things stand; at another state the same command would do.</summary>
    public static Rejection WrongState(string code, string message) => new(RejectionKind.WrongState, code, message, null);

    /// <summary>It cannot happen at all; the message says what would be right.</summary>
    public static Rejection BrokenRule(string code, string message, string? field = null) => new(RejectionKind.BrokenRule, code, message, field);

    /// <inheritdoc cref="BrokenRule"/>
    /// <param name="faults">Each thing that is wrong.</param>
    public static Rejection BrokenRules(string code, string message, IReadOnlyList<RuleFault> faults) =>
        new(RejectionKind.BrokenRule, code, message, null) { Faults = faults };
}

/// <summary>One of several things that are wrong with a command.</summary>
/// <param name="Pointer">JSON Pointer into what was said.</param>
/// <param name="Need">What a gate asks for and is missing.</param>
public sealed record RuleFault(string Pointer, string Code, string Message, GateNeed? Need = null);
