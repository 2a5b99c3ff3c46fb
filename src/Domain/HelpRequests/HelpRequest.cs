using System.Collections.Immutable;

namespace Crm.Domain.HelpRequests;

public enum HelpState { Open, Answered, Withdrawn }

/// <summary>What somebody asked for, and with whom it is.</summary>
public sealed record HelpRequest
{
    public static readonly HelpRequest None = new();

    public HelpAsked? Asked { get; private init; }

    public HelpState State { get; private init; }

    /// <summary>Who is asked now.</summary>
    public string? Holder { get; private init; }

    /// <summary>Whoever was ever asked.</summary>
    public ImmutableHashSet<string> Holders { get; private init; } = [];

    /// <summary>By when he is to answer; null where nothing happens then.</summary>
    public DateTimeOffset? DueAt { get; private init; }

    /// <summary>When he is reminded; null where he is not, or was.</summary>
    public DateTimeOffset? RemindAt { get; private init; }

    /// <summary>How often it went further up since nobody answered.</summary>
    public int Escalations { get; private init; }

    /// <summary>Who answered.</summary>
    public string? AnsweredBy { get; private init; }

    public bool IsOpen => Asked is not null && State == HelpState.Open;

    public static HelpRequest Evolve(HelpRequest state, IHelpEvent @event) => @event switch
    {
        HelpAsked e => (state.Asked is null && state.Holder is null ? state.With(e.To, e.DueAt, e.RemindAt) : state) with { Asked = e },
        HelpHandedOn e => state.With(e.To, e.DueAt, e.RemindAt),
        HelpEscalated e => state.With(e.To, e.DueAt, e.RemindAt) with { Escalations = state.Escalations + 1 },
        HelpReminded => state with { RemindAt = null },
        HelpLeftUnanswered => state with { DueAt = null, RemindAt = null },

        // The first end stands.
        HelpAnswered e when state.State == HelpState.Open => state with { State = HelpState.Answered, AnsweredBy = e.By },
        HelpWithdrawn when state.State == HelpState.Open => state with { State = HelpState.Withdrawn },
        _ => state
    };

    private HelpRequest With(string member, DateTimeOffset? dueAt, DateTimeOffset? remindAt) =>
        this with { Holder = member, Holders = Holders.Add(member), DueAt = dueAt, RemindAt = remindAt };
}
