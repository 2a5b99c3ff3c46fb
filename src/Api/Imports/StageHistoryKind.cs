using Crm.Domain;
using Crm.Domain.DataSources;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using NodaTime;

namespace Crm.Api.Imports;

/// <summary>A row for each change of an opportunity: which, when, into which stage, by whom, worth how much.</summary>
internal sealed class StageHistoryKind : GroupedKind
{
    private readonly string pipeline;
    private readonly OpportunityKind? deals;
    private readonly Field at, stage;
    private readonly Field? name, amount, current, reason;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>>? won, lost;

    private StageHistoryKind(MappingNode node, FieldReader fields, string pipeline, OpportunityKind? deals)
        : base("stage-history", fields.Table, fields.Columns(node, "opportunity", "the column, or columns, that name the opportunity as its own file does"))
    {
        (this.pipeline, this.deals) = (pipeline, deals);
        at = fields.Time(node) ?? throw node.Wrong("'at' is missing: when the change happened.");
        stage = fields.Need(node, "stage", "the stage that was entered");
        (name, amount, current, By) = (fields.Find(node, "name"), fields.Find(node, "amount"), fields.Find(node, "current"), fields.Find(node, "by"));
        won = node.Find("won")?.With("when") is { } win ? fields.When(win) ?? throw win.Wrong("say 'when' a row means that it was won.") : null;
        var loss = node.Find("lost")?.With("when", "reason");
        lost = loss is null ? null : fields.When(loss) ?? throw loss.Wrong("say 'when' a row means that it was lost.");
        reason = loss is null ? null : fields.Find(loss, "reason");
    }

    public static StageHistoryKind Read(MappingNode node, FieldReader fields, PipelineDefinition? pipeline, OpportunityKind? deals) => new(
        node.With("file", "sheet", "opportunity", "pipeline", "name", "at", "stage", "by", "amount", "current", "won", "lost"), fields,
        node.Find("pipeline")?.Text() ?? pipeline?.Key
            ?? throw node.Wrong("'pipeline' is missing: the key of one that there is; or define one at the top, as 'pipeline' with key, name and stages."), deals);

    public string Pipeline => pipeline;

    public override string RecordName => OpportunityDecider.Instance.StreamType;

    public override IEnumerable<string> Names => [RecordName];

    public override bool IsPersonal => KeyIsPersonal;

    // A history names opportunities as their own file does.
    public override bool KeyIsPersonal => deals is { KeyIsPersonal: true };

    protected override Field? By { get; }

    protected override IReadOnlyList<Field> Telling => [at, stage];

    public override GroupedFact? Read(RowReader row)
    {
        var into = won is not null && row.Holds(won) ? OpportunityOutcome.Won : lost is not null && row.Holds(lost) ? OpportunityOutcome.Lost : OpportunityOutcome.Open;
        var (when, worth) = (row.Moment(at), row.Amount(amount));
        var entered = into == OpportunityOutcome.Open ? row.Text(stage) : null;
        return when is { } time && row.SetAside is null
            ? new Change(new RecordedChange(time, into, entered, worth, row.Text(reason)), row.Text(name), row.Raw(stage), row.Silent(current))
            : null;
    }

    public override async Task<GroupDecision> Decide(Guid record, string key, IReadOnlyList<GroupedFact> rows, GroupContext context)
    {
        var (decider, reading) = (OpportunityDecider.Instance, context.Reading);
        var known = await context.Known(record);
        var told = FoldOrder.Said(known, context.Streams.Types);
        var changes = rows.Cast<Change>().ToList();
        var opening = new OpenOpportunity(changes.Select(change => change.Name).FirstOrDefault(said => said is not null) ?? Shown(reading, key), OpportunityType.New,
            Money.Of(0, reading.Mapping.Currency), pipeline, reading.Playbook, ExternalId: KeyIsPersonal ? null : key);
        var verdicts = StageHistory.Decide(
            [.. told.Where(e => e.Data is IOpportunityEvent).Select(e => new StageHistory.Dated((IOpportunityEvent)e.Data, e.OccurredAt))],
            [.. changes.Select(change => change.Recorded)], opening, moment => Instant.FromDateTimeOffset(moment).InZone(reading.Zone).Date.ToDateOnly());
        var facts = changes.Zip(verdicts).SelectMany(pair => pair.Second.Facts.Select(fact => (Fact: fact, Row: pair.First))).ToList();
        var standing = FoldOrder.Of(known, context.Streams.Types);
        var state = standing.Select(fact => fact.Data).OfType<IOpportunityEvent>().Aggregate(decider.Initial, decider.Evolve);
        var part = new Part(record, decider.StreamType, Known.Of(known, standing, state), facts.Select(fact => (object)fact.Fact),
            (before, e) => decider.Evolve((Opportunity)before, (IOpportunityEvent)e))
        {
            Times = [.. facts.Select(fact => (DateTimeOffset?)fact.Row.At)],
            Actors = [.. facts.Select(fact => fact.Row.Author)]
        };
        var last = verdicts.ToList().FindLastIndex(verdict => verdict.Refusal is null);
        return new GroupDecision(part, [.. verdicts.Select((verdict, i) => new GroupedVerdict(
            verdict.Facts.Count, verdict.Facts.Any(fact => fact is OpportunityOpened), [.. verdict.Remarks, .. AgainstTable(changes[i], i == 0, i == last, key, context)],
            verdict.Refusal))]);
    }

    private static IEnumerable<RowRemark> AgainstTable(Change change, bool isFirst, bool isLast, string key, GroupContext context)
    {
        if (isFirst && context.Table is { } table && !table.Keys.Contains(key))
        {
            yield return new("opportunity-unknown", $"It is not in {table.File.Name}; its history alone tells of it.");
        }

        if (isLast && change is { Current: { } now, Said: { } last } && now != last)
        {
            yield return new("other-state", "The last change leads to another state than the opportunities' own file has; both are kept.");
        }
    }

    private sealed record Change(RecordedChange Recorded, string? Name, string? Said, string? Current) : GroupedFact(Recorded.At);
}
