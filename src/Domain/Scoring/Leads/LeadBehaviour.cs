using System.Text.RegularExpressions;
using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Scoring.Points;

namespace Crm.Domain.Scoring.Leads;

/// <summary>
/// What leads do by themselves: they are captured, and captured again, and come to us. What we do to them is no behaviour of theirs.
/// </summary>
public static partial class LeadBehaviour
{
    private const string Capture = "capture";

    /// <summary>What rules can give points for; behind a touch's kind there may be a colon and what it came to.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Capture, .. Enum.GetValues<TouchKind>().Select(KindOf)];

    public static IReadOnlyList<Behaviour> Of(IEnumerable<LeadFact> facts) => [.. facts.SelectMany(Of)];

    private static IEnumerable<Behaviour> Of(LeadFact fact) => fact.Event switch
    {
        LeadCaptured or LeadAbsorbed => [new(Capture, fact.At)],
        LeadTouched { Direction: Direction.Inbound, Outcome: { } outcome } e =>
            [new(KindOf(e.Kind), fact.At), new($"{KindOf(e.Kind)}:{outcome}", fact.At)],
        LeadTouched { Direction: Direction.Inbound } e => [new(KindOf(e.Kind), fact.At)],
        _ => []
    };

    // page-view, as answers spell it.
    internal static string KindOf(TouchKind kind) => Hump().Replace($"{kind}", "-$0").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex Hump();
}
