using Crm.Domain.Calendars;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Approvals;

/// <summary>What a playbook says of approvals, made ready to decide by. It is made of playbooks that were published, and so have no
/// faults.</summary>
public sealed class ApprovalPolicy
{
    private readonly Dictionary<string, BusinessCalendar> calendars;

    private ApprovalPolicy(PlaybookDocument document, IZones zones)
    {
        Flows = document.Approvals ?? [];
        calendars = (document.Calendars ?? [])
            .ToDictionary(calendar => calendar.Key, calendar => calendar.Made(zones), StringComparer.Ordinal);
    }

    public IReadOnlyList<ApprovalFlowSection> Flows { get; }

    public static ApprovalPolicy Of(PlaybookDocument document, IZones zones) => new(document, zones);

    /// <summary>The steps that apply to what is asked, in order.</summary>
    public static IReadOnlyList<ApprovalStepSection> StepsOf(ApprovalFlowSection flow, ApprovalFacts facts) =>
        [.. flow.Steps.Where(step =>
            step.When?.Read(ApprovalFields.Vocabulary, out _)?.Holds(ApprovalFields.RowOf(facts)) ?? step.When is null)];

    /// <summary>Whether which steps apply depends on a fact.</summary>
    public static bool Asks(ApprovalFlowSection flow, string fact) =>
        flow.Steps.Any(step => step.When?.Read(ApprovalFields.Vocabulary, out _)?.Asked.Contains(fact) == true);

    /// <summary>When the time for a step is over that begins at a moment; null where there is no end to it.</summary>
    public DateTimeOffset? DueAt(ApprovalStepSection step, DateTimeOffset from) =>
        step.DueMinutes is not { } minutes ? null
        : step.Calendar is { } key && calendars.GetValueOrDefault(key) is { } calendar
            ? calendar.After(from, TimeSpan.FromMinutes(minutes), Counting.OpenHours)
        : from.AddMinutes(minutes);
}
