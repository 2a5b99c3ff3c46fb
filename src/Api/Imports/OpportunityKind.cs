using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Api.Imports;

/// <summary>A row opens an opportunity, moves it through stages and closes it, each at its own time.</summary>
internal sealed class OpportunityKind(FieldReader fields, MappingNode node, string pipeline, LeadKind? leads)
    : RecordKind("opportunity", fields.Table, fields.Key(node), node.Find("repeats")?.Truth() ?? false)
{
    private readonly Field name = fields.Need(node, "name", "where its name comes from");
    private readonly Field? type = fields.Find(node, "type");
    private readonly Field? customer = fields.Find(node, "customer", IfMissing.Note);
    private readonly Field? lead = fields.Find(node, "lead");
    private readonly Field? source = fields.Find(node, "source");
    private readonly Field? rep = fields.Find(node, "rep");
    private readonly Field? team = fields.Find(node, "team");
    private readonly Field? region = fields.Find(node, "region");
    private readonly Field? product = fields.Find(node, "product");
    private readonly Field? expectedClose = fields.Find(node, "expectedClose");
    private readonly Field? competitor = fields.Find(node, "competitor");
    private readonly CustomColumns custom = CustomColumns.Read(node, fields, FieldRecord.Opportunity);
    private readonly OpportunityFacts facts = OpportunityFacts.Read(node, fields);

    public static OpportunityKind Read(MappingNode node, FieldReader fields, PipelineDefinition? pipeline, LeadKind? leads)
    {
        node.With("file", "sheet", "key", "repeats", "pipeline", "name", "type", "customer", "lead", "source", "rep", "team", "region", "product",
            "expectedClose", "competitor", "opened", "stages", "won", "lost", "custom");
        var key = node.Find("pipeline")?.Text() ?? pipeline?.Key
            ?? throw node.Wrong("'pipeline' is missing: the key of one that there is; or define one at the top, as 'pipeline' with key, name and stages.");
        return new OpportunityKind(fields, node, key, leads);
    }

    public string Pipeline => pipeline;

    public override CustomColumns? Custom => custom;

    // A row that names its lead by a mail address holds that address. Of leads that another mapping described nobody knows what names them.
    public override bool IsPersonal => lead is not null && leads is not { KeyIsPersonal: false };

    public override bool KeyIsPersonal => IsPersonal && lead!.From.Columns.Any(Key.Contains);

    public override IEnumerable<string> Names
    {
        get
        {
            if (customer is not null)
            {
                yield return "customer";
            }

            if (lead is not null)
            {
                yield return "lead";
            }
        }
    }

    public override ISaying? Say(RowReader row, string key)
    {
        var said = facts.Read(row);
        var open = new OpenOpportunity(
            row.Text(name) ?? "", row.Choice<OpportunityType>(type) ?? OpportunityType.New, said.Amount!, pipeline, row.Playbook, said.Stage,
            row.Text(source), row.Reference(customer, "customer"), row.Reference(lead, "lead"), row.Text(rep), row.Text(team), row.Text(region),
            row.Text(product), row.Day(expectedClose), row.Text(competitor), ExternalId: KeyIsPersonal ? null : key,
            Custom: custom.Of(row));

        return row.SetAside is not null ? null : new Saying<Opportunity, IOpportunityCommand, IOpportunityEvent>(
            OpportunityDecider.Instance, [new(open, said.OpenedAt), .. said.Later]);
    }
}
