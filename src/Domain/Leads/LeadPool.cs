using System.Globalization;

namespace Crm.Domain.Leads;

/// <summary>What reps may take from the pool, and how it is let go of.</summary>
public static class LeadPool
{
    /// <summary>Kind of the claims that a rep takes with each lead he claims: one of a number of keys, so that their number is a limit that holds.</summary>
    public const string SlotKind = "pool-slot";

    private static string Held(string rep, int slot) => string.Create(CultureInfo.InvariantCulture, $"held/{rep}/{slot}");

    private static string OfDay(string rep, DateOnly day, int slot) => string.Create(CultureInfo.InvariantCulture, $"day/{rep}/{day:yyyy-MM-dd}/{slot}");

    /// <summary>All keys of which a rep needs one: for what he holds, and for the day.</summary>
    /// <param name="today">In the tenant's zone.</param>
    public static (IReadOnlyList<string> Held, IReadOnlyList<string> OfDay) SlotsOf(string rep, LeadPolicy? policy, DateOnly today) => (
        [.. Enumerable.Range(1, policy?.Pool.MostHeld ?? 0).Select(slot => Held(rep, slot))],
        [.. Enumerable.Range(1, policy?.Pool.MostADay ?? 0).Select(slot => OfDay(rep, today, slot))]);

    /// <summary>Whether a key was of a day that is over: it bounds nothing any more. Of yesterday's the day may go on in another
    /// zone.</summary>
    public static bool IsOver(string rep, string slot, DateOnly today) =>
        slot.StartsWith(OfDays(rep), StringComparison.Ordinal) && slot.Length > OfDays(rep).Length + 10
        && DateOnly.TryParseExact(slot.AsSpan(OfDays(rep).Length, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var day) && day < today.AddDays(-1);

    /// <summary>What the keys of all of a rep's days begin with.</summary>
    public static string OfDays(string rep) => $"day/{rep}/";

    /// <summary>Whether a key is given back when whoever took it has the lead no more; those of a day are not.</summary>
    public static bool IsHeld(string slot) => slot.StartsWith("held/", StringComparison.Ordinal);

    /// <summary>He takes it.</summary>
    /// <param name="team">His own, where he has one.</param>
    /// <param name="slots">Keys that are free, one for each limit that there is; null where one of the limits is reached.</param>
    /// <exception cref="Rejection">It is not in the pool, or he may not have it, or not now.</exception>
    public static IReadOnlyList<ILeadEvent> Claim(
        Lead lead, LeadClock clock, string rep, string? team, LeadPolicy? policy, (string? Held, string? OfDay) slots, DateTimeOffset now)
    {
        if (clock.Rep == rep)
            return [];
        if (lead.MergedInto is not null)
            throw LeadMerge.Merged();
        if (clock.IsFlagged)
            throw FlagLead.Flagged();
        if (!clock.IsOpen || clock.Rep is not null)
            throw Rejection.WrongState("lead.not-in-pool", "This lead is not in the pool: somebody has it, or it is closed.");
        if (clock.Had.TryGetValue(rep, out var had) && had.AddMinutes(policy?.Pool.CoolDownMinutes ?? 0) is var free && free > now)
            throw Rejection.WrongState("lead.cool-down", $"You had this lead until {had:yyyy-MM-ddTHH:mm:ssZ}; you may claim it again from {free:yyyy-MM-ddTHH:mm:ssZ} on.");
        if (policy?.Pool.MostHeld is { } most && slots.Held is null)
            throw Rejection.WrongState("lead.claims-held", $"You have {most} leads that you claimed, which is the most; release one first.");
        if (policy?.Pool.MostADay is { } aDay && slots.OfDay is null)
            throw Rejection.WrongState("lead.claims-today", $"You have claimed {aDay} leads today, which is the most.");

        string[] taken = [.. ((string?[])[slots.Held, slots.OfDay]).OfType<string>()];
        return [new LeadAssigned(rep, team, new AssignmentGround(AssignedBy.Claim, Slots: taken.Length > 0 ? taken : null), policy?.TermsFrom(now))];
    }

    /// <summary>Whoever has it lets go of it.</summary>
    /// <exception cref="Rejection">Nobody has it, or it is closed.</exception>
    public static IReadOnlyList<ILeadEvent> Release(Lead lead, Personal? comment = null) => lead switch
    {
        { Captured: null } => throw Rejection.Unknown("lead.unknown", "There is no such lead."),
        { MergedInto: not null } => throw LeadMerge.Merged(),
        { IsClosed: true } => throw Rejection.WrongState("lead.not-open", "This lead is closed."),
        { Rep: null } => [],
        _ => [new LeadReturned(lead.Rep, ReturnedBecause.Released, Comment: comment)]
    };
}
