using System.Collections.Immutable;

namespace Crm.Domain.Playbooks;

/// <summary>All that was ever in force of a tenant's rules, what is to be, and what is being worked on.</summary>
public sealed record PlaybookHistory
{
    public static readonly PlaybookHistory None = new();

    /// <summary>The newest version that there is; 0 is what ships.</summary>
    public long Newest { get; private init; }

    /// <summary>Pipelines that were defined by themselves, with the version that each made.</summary>
    public ImmutableSortedDictionary<string, (long Number, PipelineDefinition Pipeline)> Defined { get; private init; } =
        ImmutableSortedDictionary.Create<string, (long, PipelineDefinition)>(StringComparer.Ordinal);

    /// <summary>In the order in which they were published.</summary>
    public ImmutableList<PlaybookPublished> Published { get; private init; } = [];

    public ImmutableSortedSet<long> Withdrawn { get; private init; } = [];

    public PlaybookDocument? Draft { get; private init; }

    /// <summary>Programs that were told how to act; all others act.</summary>
    public ImmutableSortedDictionary<string, AutomationMode> Modes { get; private init; } = ImmutableSortedDictionary.Create<string, AutomationMode>(StringComparer.Ordinal);

    public static PlaybookHistory Evolve(PlaybookHistory state, IPlaybookEvent @event) => @event switch
    {
        PipelineDefined e => state with
        {
            Newest = state.Newest + 1,
            Defined = state.Defined.SetItem(e.Key, (state.Newest + 1, new(e.Key, e.Name, e.Stages)))
        },
        PlaybookDraftSaved e => state with { Draft = e.Document },
        PlaybookDraftDiscarded => state with { Draft = null },
        PlaybookPublished e => state with
        {
            Newest = Math.Max(state.Newest, e.Number),
            Published = state.Published.Add(e),
            Draft = e.RollsBackTo is null ? null : state.Draft
        },
        AutomationSwitched e => state with { Modes = state.Modes.SetItem(e.Automation, e.Mode) },
        PlaybookWithdrawn e => state with { Withdrawn = state.Withdrawn.Add(e.Number) },
        _ => state
    };

    public AutomationMode ModeOf(string automation) => Modes.GetValueOrDefault(automation, AutomationMode.On);

    public PlaybookPublished? Version(long number) => Published.Find(version => version.Number == number);

    /// <summary>Which document is in force at a moment; null where none is. Of two from the same moment the later one.</summary>
    public PlaybookPublished? PublishedAt(DateTimeOffset at) =>
        Published.Where(version => version.From <= at && !Withdrawn.Contains(version.Number)).OrderBy(version => version.From).ThenBy(version => version.Number).LastOrDefault();

    /// <summary>When, after a moment, another document comes into force; null where none is to come.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset at) =>
        Published.Where(version => version.From > at && !Withdrawn.Contains(version.Number)).Select(version => (DateTimeOffset?)version.From).Min();

    /// <summary>What goes by itself at a moment.</summary>
    public Playbook At(DateTimeOffset at)
    {
        var published = PublishedAt(at);
        var pipelines = Playbook.BuiltIn.Pipelines.ToBuilder();
        foreach (var (number, pipeline) in (((long, PipelineDefinition)[])[.. Defined.Values, .. Named(published)]).OrderBy(one => one.Item1))
        {
            pipelines[pipeline.Key] = pipeline;
        }

        var defined = Defined.Values.Select(one => one.Number).DefaultIfEmpty(0).Max();
        return new(Math.Max(defined, published?.Number ?? 0), pipelines.ToImmutable(), published?.Document)
        {
            Number = published?.Number, AmountBreaker = published?.Document.AmountBreaker, Published = Published
        };
    }

    private static IEnumerable<(long, PipelineDefinition)> Named(PlaybookPublished? published) =>
        published?.Document.Pipelines?.Select(pipeline => (
            published.Number, new PipelineDefinition(pipeline.Key, pipeline.Name, [.. pipeline.Stages.Select(stage => stage.Name)]) { Section = pipeline })) ?? [];
}
