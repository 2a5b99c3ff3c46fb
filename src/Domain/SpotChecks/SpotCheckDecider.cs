namespace Crm.Domain.SpotChecks;

public interface ISpotCheckCommand;

/// <param name="Today">The day that has begun and not ended in that zone.</param>
/// <param name="NewLeads">All leads that were captured on the day and are business, in any order.</param>
public sealed record DrawSpotCheck(
    DateOnly Day, DateOnly Today, string Zone, string Seed, int Count, IReadOnlyList<Guid> NewLeads, long AtPosition) : ISpotCheckCommand;

public sealed record CallSpotCheck(Guid LeadId, bool Reached, bool? Genuine = null, Personal? Note = null) : ISpotCheckCommand;

/// <param name="To">The members who are to be told.</param>
public sealed record PublishSpotCheck(IReadOnlyList<string> To) : ISpotCheckCommand;

public static class SpotCheckDecider
{
    public static readonly Decider<SpotCheck, ISpotCheckCommand, ISpotCheckEvent> Instance =
        new("spot-check", SpotCheck.None, Decide, SpotCheck.Evolve);

    public static IReadOnlyList<ISpotCheckEvent> Decide(SpotCheck state, ISpotCheckCommand command) => (state, command) switch
    {
        ({ Drawn: null }, DrawSpotCheck c) => [Draw(c)],

        // Said twice: the same ones.
        ({ Drawn: { } drawn }, DrawSpotCheck c) when c.Seed == drawn.Seed && c.Count == drawn.Asked => [],
        (_, DrawSpotCheck c) => throw Rejection.WrongState("spot-check.drawn",
            $"The leads of {c.Day:yyyy-MM-dd} are drawn already, by another seed or another number of them; a day is drawn once."),

        ({ Drawn: null }, _) => throw Unknown(),

        (_, CallSpotCheck c) when state.Calls.GetValueOrDefault(c.LeadId) == Called(c) => [],
        ({ Published: not null }, CallSpotCheck) => throw Rejection.WrongState(
            "spot-check.published", "This spot check is published; what came of it stays as it is."),
        ({ Drawn: { } drawn }, CallSpotCheck c) => drawn.Leads.Any(lead => lead.LeadId == c.LeadId)
            ? [Called(c)]
            : throw Rejection.BrokenRule("spot-check.lead", "This lead was not drawn; name one of those that were.", "leadId"),

        ({ Published: not null }, PublishSpotCheck) => [],
        ({ Drawn: { } drawn }, PublishSpotCheck c) => [Published(state, drawn, c)],
        _ => []
    };

    public static Rejection Unknown() => Rejection.Unknown("spot-check.unknown", "There is no such spot check.");

    private static SpotCheckDrawn Draw(DrawSpotCheck c)
    {
        if (c.Day >= c.Today)
            throw Rejection.BrokenRule(
                "spot-check.day", $"{c.Day:yyyy-MM-dd} is not over; draw from the leads of a day when all of them are known.", "day");
        if (c.NewLeads.Count == 0)
            throw Rejection.WrongState("spot-check.no-leads", $"No leads were captured on {c.Day:yyyy-MM-dd}, or none that are business.");
        return new(c.Day, c.Zone, c.Seed, c.Count, c.NewLeads.Count, c.AtPosition, SpotCheckDraw.Of(c.Seed, c.NewLeads, c.Count));
    }

    private static SpotCheckCalled Called(CallSpotCheck c) => new(c.LeadId, c.Reached, c.Genuine, c.Note);

    private static SpotCheckPublished Published(SpotCheck state, SpotCheckDrawn drawn, PublishSpotCheck c)
    {
        var calls = drawn.Leads.Select(lead => state.Calls.GetValueOrDefault(lead.LeadId)).OfType<SpotCheckCalled>().ToList();
        return calls.Count == drawn.Leads.Count
            ? new(calls.Count, calls.Count(call => call.Reached), calls.Count(call => call.Genuine == true), c.To)
            : throw Rejection.WrongState("spot-check.not-called",
                $"{drawn.Leads.Count - calls.Count} of {drawn.Leads.Count} leads have no result; that nobody answered is one.");
    }
}
