using Crm.Domain.Calendars;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>What a playbook says of opportunities while they are in a stage, made ready to decide by. It is made of playbooks that were
/// published, and so have no faults.</summary>
public sealed class StagePolicy
{
    private readonly Dictionary<string, BusinessCalendar> calendars;

    private StagePolicy(PlaybookDocument document, IZones zones) => (Document, calendars) = (
        document, (document.Calendars ?? []).ToDictionary(calendar => calendar.Key, calendar => calendar.Made(zones),
            StringComparer.Ordinal));

    public PlaybookDocument Document { get; }

    public static StagePolicy Of(PlaybookDocument document, IZones zones) => new(document, zones);

    /// <summary>How long one may be in a stage; none where the pipeline or the stage is not of this playbook.</summary>
    public IReadOnlyList<LimitSection> LimitsOf(string pipeline, string? stage) => Stage(pipeline, stage)?.Limits ?? [];

    /// <summary>What has to be there before one goes on from a stage; none where the pipeline or the stage is not of this playbook.</summary>
    public IReadOnlyList<GateItemSection> ExitOf(string pipeline, string? stage) => Stage(pipeline, stage)?.Exit ?? [];

    /// <summary>The moment when a span has gone by; null where it never will.</summary>
    public DateTimeOffset? After(DateTimeOffset at, SpanSection span) => After(calendars.GetValueOrDefault(span.Calendar ?? ""), at, span);

    /// <inheritdoc cref="After(DateTimeOffset, SpanSection)"/>
    internal static DateTimeOffset? After(BusinessCalendar? calendar, DateTimeOffset at, SpanSection span) => span switch
    {
        { Workdays: { } days } => calendar?.After(at, TimeSpan.FromDays(days), Counting.Workdays),
        { Hours: { } hours } when calendar is not null => calendar.After(at, TimeSpan.FromHours(hours), Counting.OpenHours),
        { Hours: { } hours } => at.AddHours(hours),
        _ => at.AddDays(span.Days ?? 0)
    };

    private StageSection? Stage(string pipeline, string? stage) =>
        Document.Pipelines?.FirstOrDefault(one => one.Key == pipeline)?.Stages.FirstOrDefault(one => one.Name == stage);
}
