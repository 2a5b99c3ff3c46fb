using System.Collections.Immutable;

namespace Crm.Domain.Warnings.Learning;

public interface IWarningLearningCommand;

public sealed record KeepLearnedWarnings(WarningsLearned Learned) : IWarningLearningCommand;
public sealed record AcceptLearnedWarnings(Guid ModelId, string? Note = null) : IWarningLearningCommand;
public sealed record RetireLearnedWarnings(Guid ModelId, string? Reason = null) : IWarningLearningCommand;

/// <summary>All that a tenant ever learned from its closed deals, and by what of it people are warned. One stream a tenant, so that one is
/// used at a time.</summary>
public sealed record WarningLearning
{
    public static readonly WarningLearning None = new();

    /// <summary>In the order in which they were learned.</summary>
    public ImmutableList<WarningsLearned> Models { get; private init; } = [];

    /// <summary>The one that was accepted last and not retired since.</summary>
    public Guid? Accepted { get; private init; }

    public ImmutableHashSet<Guid> Retired { get; private init; } = [];

    public static WarningLearning Evolve(WarningLearning state, IWarningLearningEvent @event) => @event switch
    {
        WarningsLearned e => state with { Models = state.Models.Add(e) },
        LearnedWarningsAccepted e => state with { Accepted = e.ModelId, Retired = state.Retired.Remove(e.ModelId) },
        LearnedWarningsRetired e => state with
        {
            Accepted = state.Accepted == e.ModelId ? null : state.Accepted,
            Retired = state.Retired.Add(e.ModelId)
        },
        _ => state
    };

    public WarningsLearned? Find(Guid model) => Models.Find(one => one.ModelId == model);

    /// <summary>By which people are warned: the one that was accepted, or, where a playbook says so, the newest that was not
    /// retired.</summary>
    public WarningsLearned? InUse(bool usesNewest) => Accepted is { } accepted ? Find(accepted)
        : usesNewest ? Models.FindLast(one => !Retired.Contains(one.ModelId)) : null;

    /// <summary><c>learned</c>, <c>accepted</c> or <c>retired</c>.</summary>
    public string StateOf(Guid model) => Accepted == model ? "accepted" : Retired.Contains(model) ? "retired" : "learned";
}

/// <summary>A job that is begun again keeps nothing a second time.</summary>
public static class WarningLearningDecider
{
    public static readonly Decider<WarningLearning, IWarningLearningCommand, IWarningLearningEvent> Instance =
        new("warning_learning", WarningLearning.None, Decide, WarningLearning.Evolve);

    public static IReadOnlyList<IWarningLearningEvent> Decide(WarningLearning state, IWarningLearningCommand command) => command switch
    {
        KeepLearnedWarnings c => state.Find(c.Learned.ModelId) is null ? [c.Learned] : [],
        AcceptLearnedWarnings c when state.Find(c.ModelId) is null => throw Unknown(),
        RetireLearnedWarnings c when state.Find(c.ModelId) is null => throw Unknown(),
        AcceptLearnedWarnings c => state.Accepted == c.ModelId ? [] : [new LearnedWarningsAccepted(c.ModelId, c.Note)],
        RetireLearnedWarnings c => state.Retired.Contains(c.ModelId) ? [] : [new LearnedWarningsRetired(c.ModelId, c.Reason)],
        _ => []
    };

    private static Rejection Unknown() => Rejection.Unknown("warning.model-unknown", "Nothing was learned under this id.");
}
