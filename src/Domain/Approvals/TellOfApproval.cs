using System.Globalization;
using Crm.Domain.Tasks;

namespace Crm.Domain.Approvals;

/// <summary>Somebody is to hear of an approval.</summary>
public sealed record ApprovalNotice(string To, string Kind, AlertSeverity Severity, IReadOnlyDictionary<string, string> Params);

/// <summary>Those for whom an approval waits hear of it, and whoever asked hears how it ended.</summary>
public static class TellOfApproval
{
    public const string Asked = "approval-asked";
    public const string Reminder = "approval-reminder";
    public const string Granted = "approval-granted";
    public const string Refused = "approval-refused";

    /// <param name="before">Before the facts.</param>
    public static IReadOnlyList<ApprovalNotice> React(Approval before, IReadOnlyList<IApprovalEvent> facts)
    {
        var after = facts.Aggregate(before, Approval.Evolve);
        if (after.Requested is not { } asked)
            return [];

        var known = before.Open.Select(Told).ToHashSet();
        var isReminder = facts.Any(fact => fact is ApprovalReminded);
        var waiting = after.Open.Select(Told).Distinct().Where(told => isReminder || !known.Contains(told))
            .Select(told => new ApprovalNotice(told.Who, isReminder ? Reminder : Asked, isReminder ? AlertSeverity.Warning
                : AlertSeverity.Info, Params(after, asked, told.Turn)));
        return before.Outcome == after.Outcome ? [.. waiting] : after.Outcome switch
        {
            ApprovalOutcome.Granted => [new(asked.By, Granted, AlertSeverity.Info, Params(after, asked, turn: null))],
            ApprovalOutcome.Refused => [new(asked.By, Refused, AlertSeverity.Warning, Params(after, asked, turn: null))],
            _ => []
        };
    }

    /// <summary>What they are told with; nothing of a person is among it. Step and turn are what a link is good for.</summary>
    /// <param name="turn">Of whoever is asked; null for whoever asked.</param>
    public static IReadOnlyDictionary<string, string> Params(Approval approval, ApprovalRequested asked, int? turn)
    {
        (string Name, string? Value)[] all =
        [
            ("name", asked.Name), ("flow", asked.Flow), ("asker", asked.By), ("purpose", asked.Purpose),
                ("amount", asked.Facts.Amount is { } amount ? $"{amount} {amount.Currency}" : null),
            ("percent", asked.Facts.Percent?.ToString("0.######", CultureInfo.InvariantCulture)), ("step", turn is null ? null : approval.Step),
            ("turn", turn?.ToString(CultureInfo.InvariantCulture)),
                ("dueAt", approval.DueAt?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture))
        ];
        return all.Where(one => one.Value is not null).ToDictionary(one => one.Name, one => one.Value!);
    }

    private static (string Who, int Turn) Told(ApprovalSeat seat) => (seat.Delegate ?? seat.Member, seat.Turn);
}
