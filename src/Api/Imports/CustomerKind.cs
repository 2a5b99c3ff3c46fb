using Crm.Domain.Customers;
using Crm.Domain.Playbooks;

namespace Crm.Api.Imports;

/// <summary>A row registers a customer, and says what the source calls it.</summary>
internal sealed class CustomerKind(FieldReader fields, MappingNode node)
    : RecordKind("customer", fields.Table, fields.Key(node), node.Find("repeats")?.Truth() ?? false)
{
    private readonly Field? at = fields.Time(node);
    private readonly Field name = fields.Need(node, "name", "where the customer's name comes from");
    private readonly Field? industry = fields.Find(node, "industry");
    private readonly Field? region = fields.Find(node, "region");
    private readonly Field? country = fields.Find(node, "country");
    private readonly Field? employees = fields.Find(node, "employees");
    private readonly Field? website = fields.Find(node, "website");
    private readonly Field? parent = fields.Find(node, "parent");
    private readonly CustomColumns custom = CustomColumns.Read(node, fields, FieldRecord.Customer);

    public static CustomerKind Read(MappingNode node, FieldReader fields) => new(fields, node.With(
        "file", "sheet", "key", "repeats", "at", "name", "industry", "region", "country", "employees", "website", "parent", "custom"));

    public override CustomColumns? Custom => custom;

    public override IEnumerable<string> Names => parent is null ? [] : ["customer"];

    public override ISaying? Say(RowReader row, string key)
    {
        var when = row.Moment(at);
        var register = new RegisterCustomer(
            row.Text(name) ?? "", row.Text(industry), row.Text(region), row.Text(country), row.Whole(employees), row.Text(website),
            row.Reference(parent, "customer"), Custom: custom.Of(row));

        return row.SetAside is not null ? null : new Saying<Customer, ICustomerCommand, ICustomerEvent>(CustomerDecider.Instance,
            [new(register, when), new(new IdentifyCustomer(row.Reading.Mapping.Source, key), when)]);
    }
}
