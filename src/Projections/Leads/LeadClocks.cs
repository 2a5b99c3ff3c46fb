using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Leads;
using Crm.EventModel;

namespace Crm.Projections.Leads;

/// <summary>What is expected of whoever has an open lead, and by when; and when the rules are asked again who gets one that nobody
/// has.</summary>
public sealed class LeadClocks : ReadModel<LeadClocks.Row>
{
    /// <param name="DueAt">The next moment at which something is due; null where nothing is.</param>
    /// <param name="Round">How many reps have had it by rules, one after another.</param>
    /// <param name="SilenceStep">How far up it was told that nobody follows up.</param>
    /// <param name="LeftBecause">Why no rule gave it to anybody.</param>
    /// <param name="Attempts">How often the rules gave it to nobody.</param>
    /// <param name="Turns">Who has had it in these rounds.</param>
    /// <param name="Had">Who had it and has it no more: since when, and the rep.</param>
    /// <param name="TaskId">The task of whoever has it.</param>
    /// <param name="Tasks">All that came with it.</param>
    /// <param name="Sequence">The mails that it is sent.</param>
    /// <param name="Playbook">The version whose templates they are made of.</param>
    /// <param name="Mailed">How many were sent.</param>
    /// <param name="MailAt">When the next is due.</param>
    /// <param name="MailsStop">Why it gets no more, where that is not written yet.</param>
    /// <param name="Moments">When each of them was to be sent: the moment, and the template.</param>
    /// <param name="Sequences">All that it was ever sent.</param>
    /// <param name="IsUnsubscribed">It wants none.</param>
    /// <param name="HasAnswered">It came to us while it was sent mails, or after.</param>
    /// <param name="Band">In which its points were when they were last in another one.</param>
    public sealed record Row(
        Guid LeadId, DateTimeOffset? DueAt, string? Rep, string? Team, int Round, DateTimeOffset? AssignedAt, DateTimeOffset? RemindAt,
        DateTimeOffset? RespondBy,
        DateTimeOffset? SilentAt, int SilenceStep, DateTimeOffset? FollowedUpAt, DateTimeOffset? TryAgainAt, string? LeftBecause,
        int Attempts,
        bool IsCaptured, bool IsClosed, bool IsMerged, bool IsFlagged, IReadOnlyList<string> Turns, IReadOnlyList<string> Had,
        Guid? TaskId, IReadOnlyList<string> Tasks,
        string? Sequence, long? Playbook, int Mailed, DateTimeOffset? MailAt, string? MailsStop, IReadOnlyList<string> Moments,
        IReadOnlyList<string> Sequences, bool IsUnsubscribed, bool HasAnswered, string? Band);

    public override string Name => "lead_clocks";

    public override int Version => 3;

    public override Type Reads => typeof(ILeadEvent);

    public override IReadOnlyList<string> Indexes => ["due_at"];

    public override Row Fold(Row? row, Recorded e)
    {
        var clock = LeadClock.Evolve(row is null ? LeadClock.None : Clock(row), (ILeadEvent)e.Data, e.OccurredAt);
        return new(
            e.StreamId, clock.Due, clock.Rep, clock.Team, clock.Round, clock.AssignedAt, clock.RemindAt, clock.RespondBy, clock.SilentAt,
            clock.SilenceStep,
            clock.FollowedUpAt, clock.TryAgainAt, clock.LeftBecause, clock.Attempts, clock.IsCaptured, clock.IsClosed, clock.IsMerged,
            clock.IsFlagged, [.. clock.Turns],
            [.. clock.Had.Select(had => Write(had.Value, had.Key))],
            clock.Task, [.. clock.Tasks.Select(task => task.ToString())],
            clock.Nurture?.Sequence, clock.Nurture?.Playbook, clock.Nurture?.Sent ?? 0, clock.Nurture?.NextAt,
            clock.Nurture?.Stop?.ToString(),
            [.. (clock.Nurture?.Moments ?? []).Select(moment => Write(moment.At, moment.Template))], [.. clock.Sequences],
            clock.IsUnsubscribed, clock.HasAnswered, clock.Band);
    }

    private static LeadClock Clock(Row r) => new()
    {
        Rep = r.Rep,
        Team = r.Team,
        Round = r.Round,
        AssignedAt = r.AssignedAt,
        RemindAt = r.RemindAt,
        RespondBy = r.RespondBy,
        SilentAt = r.SilentAt,
        SilenceStep = r.SilenceStep,
        FollowedUpAt = r.FollowedUpAt,
        TryAgainAt = r.TryAgainAt,
        LeftBecause = r.LeftBecause,
        Attempts = r.Attempts,
        IsCaptured = r.IsCaptured,
        IsClosed = r.IsClosed,
        IsMerged = r.IsMerged,
        IsFlagged = r.IsFlagged,
        Task = r.TaskId,
        Tasks = [.. r.Tasks.Select(Guid.Parse)],
        Turns = LeadClock.None.Turns.Union(r.Turns),
        Had = LeadClock.None.Had.AddRange(r.Had.Select(Parse)),
        Nurture = r.Sequence is null ? null : new LeadNurture(
            r.Sequence, r.Playbook!.Value, [.. r.Moments.Select(Parse).Select(moment => new NurtureMoment(moment.Value, moment.Key))],
            r.Mailed, r.MailAt,
            r.MailsStop is null ? null : Enum.Parse<NurtureEnd>(r.MailsStop)),
        Sequences = LeadClock.None.Sequences.Union(r.Sequences),
        IsUnsubscribed = r.IsUnsubscribed,
        HasAnswered = r.HasAnswered,
        Band = r.Band
    };

    private static string Write(DateTimeOffset at, string name) => $"{at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)} {name}";

    private static KeyValuePair<string, DateTimeOffset> Parse(string had)
    {
        var space = had.IndexOf(' ', StringComparison.Ordinal);
        return new(had[(space + 1)..], DateTimeOffset.Parse(had[..space], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal));
    }
}
