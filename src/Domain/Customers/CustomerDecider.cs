namespace Crm.Domain.Customers;

public interface ICustomerCommand;

public sealed record RegisterCustomer(
    string Name,
    string? Industry = null,
    string? Region = null,
    string? Country = null,
    int? Employees = null,
    string? Website = null,
    Guid? ParentId = null,
    Guid? LeadId = null) : ICustomerCommand;


/// <summary>What is null stays as it is; what is named in <paramref name="Cleared"/> is not known any more.</summary>
public sealed record ChangeCustomer(
    string? Name = null,
    string? Industry = null,
    string? Region = null,
    string? Country = null,
    int? Employees = null,
    string? Website = null,
    Guid? ParentId = null,
    IReadOnlyList<string>? Cleared = null) : ICustomerCommand;

public sealed record IdentifyCustomer(string System, string ExternalId) : ICustomerCommand;
public sealed record JoinLead(Guid LeadId, Guid OpportunityId) : ICustomerCommand;

public static class CustomerDecider
{
    public static readonly Decider<Customer, ICustomerCommand, ICustomerEvent> Instance =
        new("customer", Customer.None, Decide, Customer.Evolve, Precede);

    public static IReadOnlyList<ICustomerEvent> Decide(Customer state, ICustomerCommand command) => (state, command) switch
    {
        ({ Registered: null }, RegisterCustomer c) => [Register(c)],
        (_, RegisterCustomer c) when state.Registered == Register(c) => [],
        (_, RegisterCustomer) => throw Registered(),

        ({ Registered: null }, _) => throw Rejection.Unknown("customer.unknown", "There is no such customer."),

        (_, ChangeCustomer c) => Change(state.Details!, c),

        (_, IdentifyCustomer c) when state.ExternalIds.TryGetValue(c.System, out var known) =>
            known == c.ExternalId ? [] : throw Taken(c, known),
        (_, IdentifyCustomer c) => [new CustomerIdentified(c.System, c.ExternalId)],

        (_, JoinLead c) when state.Leads.Contains(new(c.LeadId, c.OpportunityId)) => [],
        (_, JoinLead c) => [new CustomerLeadJoined(c.LeadId, c.OpportunityId)],
        _ => []
    };

    public static void Precede(Customer latest, ICustomerCommand command)
    {
        if (command is RegisterCustomer && latest.Registered is not null)
            throw Registered();
        if (command is IdentifyCustomer c && latest.ExternalIds.TryGetValue(c.System, out var known) && known != c.ExternalId)
            throw Taken(c, known);
    }

    private static CustomerRegistered Register(RegisterCustomer c) => c.Employees is null or >= 0
        ? new(c.Name, c.Industry, c.Region, c.Country, c.Employees, c.Website, c.ParentId, c.LeadId)
        : throw Employees(c.Employees);

    // Only what becomes another than it was is a fact.
    private static IReadOnlyList<ICustomerEvent> Change(CustomerRegistered details, ChangeCustomer c)
    {
        if (c.Employees < 0)
            throw Employees(c.Employees);
        if (c.Cleared?.Contains("name") == true)
            throw Rejection.BrokenRule("customer.name", "A customer has a name; send another one.", "name");

        string[] cleared = [.. (c.Cleared ?? []).Where(name => Known(details, name)).Order(StringComparer.Ordinal)];
        var changed = new CustomerChanged(
            Other(c.Name, details.Name), Other(c.Industry, details.Industry), Other(c.Region, details.Region), Other(c.Country, details.Country),
            c.Employees == details.Employees ? null : c.Employees, Other(c.Website, details.Website), c.ParentId == details.ParentId ? null : c.ParentId,
            cleared.Length == 0 ? null : cleared);
        return changed == new CustomerChanged() ? [] : [changed];
    }

    private static string? Other(string? said, string? known) => said == known ? null : said;

    private static bool Known(CustomerRegistered details, string name) => name switch
    {
        "industry" => details.Industry is not null,
        "region" => details.Region is not null,
        "country" => details.Country is not null,
        "employees" => details.Employees is not null,
        "website" => details.Website is not null,
        "parentId" => details.ParentId is not null,
        _ => false
    };

    private static Rejection Employees(int? said) =>
        Rejection.BrokenRule("customer.employees", $"A customer cannot have {said} employees; 0 or more.", "employees");

    private static Rejection Registered() => Rejection.WrongState(
        "customer.registered", "This customer is registered already, with other values or at another time.");

    private static Rejection Taken(IdentifyCustomer c, string known) => Rejection.BrokenRule(
        "customer.external-id-taken", $"In '{c.System}' this customer is '{known}'; a customer has one id in a system.", "externalId");
}
