namespace Crm.Support.Months;

/// <summary>The task of somebody who got a lead by a rule.</summary>
public sealed record MonthTask(string Lead, string Rep, DateTime From)
{
    public DateTime? Until { get; set; }

    /// <param name="asOf">Null for the end of the month.</param>
    public bool IsOpen(DateTime? asOf) => asOf is { } at ? From < at && !(Until < at) : Until is null;
}

public sealed record MonthAlert(string Member, string Kind, string Lead);

/// <summary>What goes with the care of leads in a plain month: tasks, and who is told what.</summary>
public sealed class MonthErrands
{
    private readonly List<MonthTask> tasks = [];
    private readonly List<MonthAlert> alerts = [];

    public IReadOnlyList<MonthTask> Tasks => tasks;

    public IReadOnlyList<MonthAlert> Alerts => alerts;

    public void Open(MonthLead lead, string rep, DateTime now) => tasks.Add(new(lead.Key, rep, now));

    /// <summary>A task is there as long as whoever got it has the lead, and has not followed up.</summary>
    public void Follow(MonthLead lead, MonthFact fact, DateTime now)
    {
        foreach (var task in tasks.Where(task => task.Lead == lead.Key && task.Until is null))
        {
            var isHis = lead.State is { IsClosed: false, FollowedUpAt: null } state && state.Rep == task.Rep;
            task.Until = isHis && fact.Type != "lead_assigned" ? null : now;
        }
    }

    public void Tell(MonthLead lead, string kind, IReadOnlyList<string> members) =>
        alerts.AddRange(members.Select(member => new MonthAlert(member, kind, lead.Key)));
}
