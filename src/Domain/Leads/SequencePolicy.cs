using Crm.Domain.Calendars;
using Crm.Domain.Conditions;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Leads;

/// <summary>A sequence of mails, ready to be begun.</summary>
/// <param name="When">Which leads get it; null where that is said by their band alone, or by people.</param>
/// <param name="Calendar">When mails go out; null for whenever they are due.</param>
public sealed record SequencePolicy(NurtureSequenceSection Section, Condition? When, BusinessCalendar? Calendar)
{
    /// <summary>Rules begin it, not only people.</summary>
    public bool BeginsByItself => When is not null || Section.Band is not null;

    public bool Fits(Func<string, object?> row, string? band) =>
        When?.Holds(row) != false && (Section.Band is null || Section.Band == band);

    /// <summary>When each of its mails is due. In hours of the calendar; where days are skipped, those after it keep a day's
    /// distance.</summary>
    public IReadOnlyList<NurtureMoment> Moments(DateTimeOffset start)
    {
        var moments = new List<NurtureMoment>();
        foreach (var step in Section.Steps)
        {
            var due = start.AddDays(step.AfterDays);
            due = moments.Count > 0 && due <= moments[^1].At ? moments[^1].At.AddDays(1) : due;
            moments.Add(new NurtureMoment(Calendar?.OpensAt(due) ?? due, step.Template));
        }

        return moments;
    }
}
