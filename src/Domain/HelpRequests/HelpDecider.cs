using Crm.Domain.Tasks;

namespace Crm.Domain.HelpRequests;

public interface IHelpCommand;

/// <param name="To">The member who is asked; null for the superior of whoever asks.</param>
public sealed record AskHelp(
    HelpKind Kind, About Subject, string By, Personal Text, HelpTerms Terms, string? To = null, string? Rep = null, string? Team = null)
        : IHelpCommand;

public sealed record AnswerHelp(string By, Personal Text, HelpTerms Terms) : IHelpCommand;
public sealed record HandOnHelp(string By, string To, HelpTerms Terms, string? Reason = null) : IHelpCommand;
public sealed record WithdrawHelp(string By, HelpTerms Terms, string? Reason = null) : IHelpCommand;

/// <summary>A moment may have come, or whoever is asked may have left.</summary>
public sealed record RingHelp(HelpTerms Terms) : IHelpCommand;

public static class HelpDecider
{
    public static readonly Decider<HelpRequest, IHelpCommand, IHelpEvent> Instance =
        new("help-request", HelpRequest.None, Decide, HelpRequest.Evolve);

    public static IReadOnlyList<IHelpEvent> Decide(HelpRequest state, IHelpCommand command) => (state, command) switch
    {
        ({ Asked: null }, AskHelp c) => [Ask(c)],
        (_, AskHelp) => [],                                                   // said twice: nothing happens

        ({ Asked: null }, RingHelp) => [],
        ({ Asked: null }, _) => throw Unknown(),

        ({ State: HelpState.Answered }, AnswerHelp c) when state.AnsweredBy == c.By => [],
        ({ State: HelpState.Withdrawn }, WithdrawHelp c) when state.Asked!.By == c.By => [],
        ({ IsOpen: false }, RingHelp) => [],
        ({ IsOpen: false }, _) => throw Rejection.WrongState(
            "help-request.settled", $"This request is {state.State.ToString().ToLowerInvariant()}; ask again where it takes more."),

        (_, AnswerHelp c) when !MayAnswer(state, c.By, c.Terms) => throw NotAsked(),
        (_, AnswerHelp c) => [new HelpAnswered(c.By, c.Text)],

        (_, HandOnHelp c) when c.By != state.Asked!.By && !MayAnswer(state, c.By, c.Terms) => throw NotAsked(),
        (_, HandOnHelp c) when c.To == state.Holder => [],
        (_, HandOnHelp c) => [HandOn(state, Named(c.To, state.Asked!.By, c.Terms), c.By, c.Terms) with { Reason = c.Reason }],

        (_, WithdrawHelp c) when c.By != state.Asked!.By => throw Rejection.WrongState(
            "help-request.not-asker", "Only whoever asked for help does not need it any more; answer it, or hand it on."),
        (_, WithdrawHelp c) => [new HelpWithdrawn(c.Reason)],

        (_, RingHelp c) => Ring(state, c.Terms),
        _ => []
    };

    public static Rejection Unknown() => Rejection.Unknown("help-request.unknown", "There is no such request for help.");

    /// <summary>Whether somebody may answer: he was asked, or whoever is asked reports to him. Nobody answers himself.</summary>
    public static bool MayAnswer(HelpRequest state, string member, HelpTerms terms) => state.Asked?.By != member
        && (state.Holders.Contains(member) || (state.Holder is { } holder && terms.Staff.IsAbove(member, holder)));

    private static HelpAsked Ask(AskHelp c)
    {
        var (to, found) = c.To is { } named ? Named(named, c.By, c.Terms) : c.Terms.Staff.Next(c.By, c.By) ?? throw Rejection.BrokenRule(
            "help-request.nobody", "Nobody is above you or manages your team who could be asked, and there is no admin; name somebody.",
            "to");
        var (policy, now) = (c.Terms.Policy, c.Terms.Now);
        return new(c.Kind, c.Subject, c.By, to, c.Text, policy.DueAt(now), policy.RemindAt(now), c.Rep, c.Team, found, c.Terms.Version);
    }

    private static (string, HelpFoundBy) Named(string member, string asker, HelpTerms terms) =>
        member != asker && terms.Staff.IsHere(member) ? (member, HelpFoundBy.Named)
        : throw Rejection.BrokenRule("help-request.member", $"There is no other member '{member}' who could answer.", "to");

    private static HelpHandedOn HandOn(HelpRequest state, (string Member, HelpFoundBy By) to, string? by, HelpTerms terms) => new(
        state.Holder!, to.Member, by, Reason: null, terms.Policy.DueAt(terms.Now), terms.Policy.RemindAt(terms.Now), to.By, terms.Version);

    private static IReadOnlyList<IHelpEvent> Ring(HelpRequest state, HelpTerms terms)
    {
        var (holder, next) = (state.Holder!, terms.Staff.Next(state.Holder!, state.Asked!.By));
        if (!terms.Staff.IsHere(holder) && next is { } other)
            return [HandOn(state, other, by: null, terms)];
        if (state.DueAt <= terms.Now)
            return next is not { } above || state.Escalations >= terms.Policy.Escalations ? [new HelpLeftUnanswered(holder)]
                : [new HelpEscalated(
                    holder, above.Member, terms.Policy.DueAt(terms.Now), terms.Policy.RemindAt(terms.Now), above.By, terms.Version)];
        return state.RemindAt <= terms.Now ? [new HelpReminded(holder)] : [];
    }

    private static Rejection NotAsked() =>
        Rejection.WrongState("help-request.not-asked",
            "Whoever is asked answers, or hands it on; so do those who were asked before, and those above.");
}
