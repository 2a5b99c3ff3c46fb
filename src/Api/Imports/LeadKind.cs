using Crm.Api.Leads;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;

namespace Crm.Api.Imports;

/// <summary>A row captures a lead, and assigns it where it names a rep.</summary>
internal sealed class LeadKind(FieldReader fields, MappingNode node)
    : RecordKind("lead", fields.Table, fields.Key(node), node.Find("repeats")?.Truth() ?? false)
{
    private readonly Field? at = fields.Time(node);
    private readonly Field source = fields.Need(node, "source", "where the lead came from; a constant does, such as {\"constant\": \"fair\"}");
    private readonly Field? company = fields.Find(node, "company");
    private readonly Field? contact = fields.Find(node, "contact");
    private readonly Field? email = fields.Find(node, "email");
    private readonly Field? phone = fields.Find(node, "phone");
    private readonly Field? message = fields.Find(node, "message");
    private readonly Field? role = fields.Find(node, "role");
    private readonly Field? region = fields.Find(node, "region");
    private readonly Field? industry = fields.Find(node, "industry");
    private readonly Field? employees = fields.Find(node, "employees");
    private readonly Field? campaign = fields.Find(node, "campaign");
    private readonly Field? product = fields.Find(node, "product");
    private readonly Field? rep = fields.Find(node, "rep");
    private readonly Field? team = fields.Find(node, "team");
    private readonly CustomColumns custom = CustomColumns.Read(node, fields, FieldRecord.Lead);

    public static LeadKind Read(MappingNode node, FieldReader fields) => new(fields, node.With(
        "file", "sheet", "key", "repeats", "at", "source", "company", "contact", "email", "phone", "message", "role", "region", "industry", "employees",
        "campaign", "product", "rep", "team", "custom"));

    public override CustomColumns? Custom => custom;

    public override bool IsPersonal => true;

    public override bool KeyIsPersonal => new[] { contact, email, phone, message }.Any(told => told is not null && told.From.Columns.Any(Key.Contains));

    public override ISaying? Say(RowReader row, string key)
    {
        var when = row.Moment(at);
        var said = new LeadSaid(
            row.Text(source) ?? "", row.Text(company), row.Text(contact), row.Text(email), row.Text(phone), row.Text(role), row.Text(region), row.Text(industry),
            row.Whole(employees), row.Text(campaign), row.Text(product), row.Text(message), ExternalId: KeyIsPersonal ? null : key,
            Custom: custom.Of(row));
        var (who, whose) = (row.Text(rep), row.Text(team));

        return row.SetAside is not null ? null
            : new LeadSaying(said.Normal(NormalForm.CountryOf(row.Reading.Zone.Id)), who is null ? null : new AssignLead(who, whose), when);
    }
}
