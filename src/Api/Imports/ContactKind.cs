using Crm.Api.Contacts;
using Crm.Api.Leads;
using Crm.Domain.Contacts;

namespace Crm.Api.Imports;

/// <summary>A row registers a person at a customer.</summary>
internal sealed class ContactKind(FieldReader fields, MappingNode node)
    : RecordKind(ContactDecider.Instance.StreamType, fields.Table, fields.Key(node), node.Find("repeats")?.Truth() ?? false)
{
    private readonly Field? at = fields.Time(node);
    private readonly Field customer = fields.Need(node, "customer", "the column that names the customer by its key");
    private readonly Field name = fields.Need(node, "name", "where the person's name comes from");
    private readonly Field? email = fields.Find(node, "email");
    private readonly Field? phone = fields.Find(node, "phone");
    private readonly Field? title = fields.Find(node, "title");
    private readonly Field? buyingRole = fields.Find(node, "buyingRole");

    public static ContactKind Read(MappingNode node, FieldReader fields) => new(fields, node.With(
        "file", "sheet", "key", "repeats", "at", "customer", "name", "email", "phone", "title", "buyingRole"));

    public override bool IsPersonal => true;

    public override bool KeyIsPersonal => new[] { name, email, phone }.Any(told => told is not null && told.From.Columns.Any(Key.Contains));

    public override IEnumerable<string> Names => ["customer"];

    public override ISaying? Say(RowReader row, string key)
    {
        var (when, whose) = (row.Moment(at), row.Reference(customer, "customer"));
        var said = new ContactSaid(
            row.Text(name), row.Text(email), row.Text(phone), row.Text(title), row.Choice<BuyingRole>(buyingRole), KeyIsPersonal ? null : key);

        return row.SetAside is not null ? null : new ContactSaying(whose!.Value, said.Normal(NormalForm.CountryOf(row.Reading.Zone.Id)), when);
    }
}
