using System.Text.Json;
using Crm.Domain.Access;
using Crm.Domain.Calendars;

namespace Crm.Domain.Playbooks;

public interface IPlaybookCommand;

public sealed record DefinePipeline(string Key, string Name, IReadOnlyList<string> Stages) : IPlaybookCommand;

public sealed record SavePlaybookDraft(PlaybookDocument Document) : IPlaybookCommand;
public sealed record DiscardPlaybookDraft : IPlaybookCommand;

/// <summary>What was worked on comes into force.</summary>
/// <param name="Now">A version comes into force now or later, never in the past.</param>
/// <param name="From">Null for now.</param>
/// <param name="People">Whoever there is to be asked for approval; null where that is not known.</param>
public sealed record PublishPlaybook(
    DateTimeOffset Now, IZones Zones, ITemplateLanguage Templates, DateTimeOffset? From = null, string? Note = null,
    Organisation? People = null) : IPlaybookCommand;

/// <summary>An older version comes into force again, as a version of its own.</summary>
public sealed record RollBackPlaybook(long To, DateTimeOffset Now, DateTimeOffset? From = null, string? Note = null) : IPlaybookCommand;

/// <summary>A version that is not in force yet shall not come.</summary>
public sealed record WithdrawPlaybook(long Number, DateTimeOffset Now) : IPlaybookCommand;

public sealed record SwitchAutomation(string Automation, AutomationMode Mode, string? Reason = null) : IPlaybookCommand;

public static class PlaybookDecider
{
    public static readonly Decider<PlaybookHistory, IPlaybookCommand, IPlaybookEvent> Instance =
        new("playbook", PlaybookHistory.None, Decide, PlaybookHistory.Evolve);

    public static IReadOnlyList<IPlaybookEvent> Decide(PlaybookHistory state, IPlaybookCommand command) => command switch
    {
        DefinePipeline c when Pipeline(state, c.Key) == new PipelineDefinition(c.Key, c.Name, c.Stages) => [],
        DefinePipeline c => Define(c),

        SavePlaybookDraft c when state.Draft is { } draft && JsonSerializer.Serialize(draft) == JsonSerializer.Serialize(c.Document) => [],
        SavePlaybookDraft c => [new PlaybookDraftSaved(c.Document)],
        DiscardPlaybookDraft => state.Draft is null ? [] : [new PlaybookDraftDiscarded()],
        PublishPlaybook c => [Publish(state, c)],
        RollBackPlaybook c => [RollBack(state, c)],
        SwitchAutomation c => state.ModeOf(c.Automation) == c.Mode ? [] : [new AutomationSwitched(c.Automation, c.Mode, c.Reason)],
        WithdrawPlaybook c when state.Withdrawn.Contains(c.Number) => [],
        WithdrawPlaybook c => [Withdraw(state, c)],
        _ => []
    };

    private static PipelineDefinition? Pipeline(PlaybookHistory state, string key) =>
        state.Defined.TryGetValue(key, out var defined) ? defined.Pipeline : Playbook.BuiltIn.Pipelines.GetValueOrDefault(key);

    private static IReadOnlyList<IPlaybookEvent> Define(DefinePipeline c) =>
        PipelineRules.Broken(c.Key, c.Name, c.Stages) is var (code, member, message)
            ? throw Rejection.BrokenRule(code, message, member)
            // A copy: the fact must not change when the caller's list does.
            : [new PipelineDefined(c.Key, c.Name, [.. c.Stages])];

    private static PlaybookPublished Publish(PlaybookHistory state, PublishPlaybook c)
    {
        var draft = state.Draft ?? throw Rejection.WrongState("playbook.no-draft", "There is no draft to publish; save one first.");
        if (PlaybookCheck.Of(draft, c.Zones, c.Templates, c.People) is { Count: > 0 } faults)
            throw Rejection.BrokenRules("playbook.faulty", "The draft cannot be published as it is.", [.. faults.Select(fault => new RuleFault(fault.Pointer, fault.Code, fault.Message))]);

        return new(state.Newest + 1, From(c.From, c.Now), draft, c.Note);
    }

    private static PlaybookPublished RollBack(PlaybookHistory state, RollBackPlaybook c) => new(
        state.Newest + 1, From(c.From, c.Now), Known(state, c.To).Document, c.Note, c.To);

    private static PlaybookWithdrawn Withdraw(PlaybookHistory state, WithdrawPlaybook c) => Known(state, c.Number).From > c.Now
        ? new(c.Number)
        : throw Rejection.WrongState("playbook.in-force", "This version is in force, or was; roll back to another one.");

    private static PlaybookPublished Known(PlaybookHistory state, long number) =>
        state.Version(number) ?? throw Rejection.Unknown("playbook.version-unknown", "There is no such version of the playbook.");

    private static DateTimeOffset From(DateTimeOffset? from, DateTimeOffset now) => from is null || from >= now
        ? from ?? now
        : throw Rejection.BrokenRule("playbook.from-past", "A version comes into force now or later: what was decided was decided by the rules of its time.", "from");
}
