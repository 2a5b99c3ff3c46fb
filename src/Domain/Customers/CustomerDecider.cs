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
        : throw Rejection.BrokenRule("customer.employees", $"A customer cannot have {c.Employees} employees; 0 or more.", "employees");

    private static Rejection Registered() => Rejection.WrongState(
        "customer.registered", "This customer is registered already, with other values or at another time.");

    private static Rejection Taken(IdentifyCustomer c, string known) => Rejection.BrokenRule(
        "customer.external-id-taken", $"In '{c.System}' this customer is '{known}'; a customer has one id in a system.", "externalId");
}
