using Crm.Api.Leads;
using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.DataSources;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Api.Imports;

/// <summary>A row for each touch with a lead or an opportunity: a call, a visit, a mail.</summary>
internal sealed class TouchKind : GroupedKind
{
    private readonly bool isOfLeads;
    private readonly LeadKind? leads;
    private readonly Field at, kind, direction;
    private readonly Field? id, channel, outcome, seconds, summary;

    private TouchKind(MappingNode node, FieldReader fields, LeadKind? leads, string of)
        : base("touch", fields.Table, fields.Columns(node, of, $"the column, or columns, that name the {of} as its own file does"))
    {
        (isOfLeads, this.leads) = (of == "lead", leads);
        at = fields.Time(node) ?? throw node.Wrong("'at' is missing: when it happened.");
        kind = fields.Need(node, "kind", $"what it was, by a 'map' where the file has other words: {string.Join(", ", Enum.GetNames<Domain.Activities.TouchKind>())}");
        direction = fields.Need(node, "direction", "who came to whom: Inbound or Outbound; a constant does, such as {\"constant\": \"Outbound\"}");
        (id, channel, outcome) = (fields.Find(node, "id"), fields.Find(node, "channel"), fields.Find(node, "outcome"));
        (seconds, summary, By) = (fields.Find(node, "durationSeconds"), fields.Find(node, "summary"), fields.Find(node, "by"));
    }

    public static TouchKind Read(MappingNode node, FieldReader fields, LeadKind? leads)
    {
        node.With("file", "sheet", "lead", "opportunity", "id", "at", "kind", "direction", "channel", "outcome", "durationSeconds", "summary", "by");
        return node.Find("lead") is null != node.Find("opportunity") is null
            ? new TouchKind(node, fields, leads, node.Find("lead") is null ? "opportunity" : "lead")
            : throw node.Wrong("name the column of the 'lead' or of the 'opportunity' that was touched: one of the two.");
    }

    public override string RecordName => isOfLeads ? LeadDecider.Instance.StreamType : OpportunityDecider.Instance.StreamType;

    public override bool IsPersonal => true;

    public override bool KeyIsPersonal => isOfLeads && leads is not { KeyIsPersonal: false };

    public override IEnumerable<string> Names => [RecordName];

    protected override Field? By { get; }

    protected override IReadOnlyList<Field> Telling => id is null ? [.. new[] { at, kind, direction, channel, outcome, summary }.OfType<Field>()] : [id];

    public override GroupedFact? Read(RowReader row)
    {
        var (when, what, way) = (row.Moment(at), row.Choice<Domain.Activities.TouchKind>(kind), row.Choice<Direction>(direction));
        var said = (row.Text(channel), row.Text(outcome), row.Whole(seconds), row.Text(summary));
        return (when, what, way) is ({ } time, { } touch, { } direct) && row.SetAside is null
            ? new Touched(time, touch, direct, said.Item1, said.Item2, said.Item3, said.Item4)
            : null;
    }

    public override Task<GroupDecision> Decide(Guid record, string key, IReadOnlyList<GroupedFact> rows, GroupContext context) =>
        isOfLeads ? OfLead(record, rows, context) : OfOpportunity(record, rows, context);

    private static async Task<GroupDecision> OfOpportunity(Guid record, IReadOnlyList<GroupedFact> rows, GroupContext context)
    {
        var decider = OpportunityDecider.Instance;
        return await Decide(record, decider, await Known(record, decider, context), rows, context, (state, touch) => state.Touches.ContainsKey(touch),
            (touch, touchId, text) => new TouchOpportunity(touchId, touch.Kind, touch.Direction, touch.Channel, touch.Outcome, touch.Seconds, text));
    }

    // What was said of a lead that is a part of another now is said of the whole.
    private static async Task<GroupDecision> OfLead(Guid record, IReadOnlyList<GroupedFact> rows, GroupContext context)
    {
        var (whole, known) = await context.Captures.Whole(context.Reading.Tenant, record, fresh: !context.AtStart, context.Ct);
        known = known.Version > 0 ? known : await Known(record, LeadDecider.Instance, context);
        return await Decide(whole, LeadDecider.Instance, known, rows, context, (state, touch) => state.Touches.ContainsKey(touch),
            (touch, touchId, text) => new TouchLead(
                touchId, touch.Kind, touch.Direction, touch.Channel, touch.Outcome, touch.Seconds, text, whole == record ? null : record));
    }

    private static async Task<Known> Known<TState, TCommand, TEvent>(Guid record, Decider<TState, TCommand, TEvent> decider, GroupContext context)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        var known = await context.Known(record);
        var standing = FoldOrder.Of(known, context.Streams.Types);
        return Api.Known.Of(known, standing, standing.Select(fact => fact.Data).OfType<TEvent>().Aggregate(decider.Initial, decider.Evolve));
    }

    private static async Task<GroupDecision> Decide<TState, TCommand, TEvent>(
        Guid stream, Decider<TState, TCommand, TEvent> decider, Known known, IReadOnlyList<GroupedFact> rows, GroupContext context,
        Func<TState, Guid, bool> knows, Func<Touched, Guid, Personal?, TCommand> command)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        var (state, facts, verdicts) = ((TState)known.State, new List<(TEvent Fact, Touched Row)>(), new List<GroupedVerdict>());
        foreach (var touch in rows.Cast<Touched>())
        {
            var id = context.Reading.IdOf("touch", touch.Identity);
            try
            {
                var text = knows(state, id) ? null : await context.Seal.Of(touch.Summary);
                var said = decider.Decide(state, command(touch, id, text));
                state = said.Aggregate(state, decider.Evolve);
                facts.AddRange(said.Select(fact => (fact, touch)));
                verdicts.Add(new GroupedVerdict(said.Count, IsNew: false, [], null));
            }
            catch (Rejection rejection)
            {
                verdicts.Add(new GroupedVerdict(0, IsNew: false, [], new RowRemark(rejection.Code, rejection.Message, rejection.Field)));
            }
        }

        return new GroupDecision(
            new Part(stream, decider.StreamType, known, facts.Select(fact => (object)fact.Fact), (before, e) => decider.Evolve((TState)before, (TEvent)e))
            {
                Times = [.. facts.Select(fact => (DateTimeOffset?)fact.Row.At)],
                Actors = [.. facts.Select(fact => fact.Row.Author)]
            }, verdicts);
    }

    private sealed record Touched(
        DateTimeOffset At, Domain.Activities.TouchKind Kind, Direction Direction, string? Channel, string? Outcome, int? Seconds, string? Summary)
        : GroupedFact(At);
}
