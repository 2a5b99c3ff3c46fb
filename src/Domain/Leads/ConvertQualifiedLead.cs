using Crm.Domain.Customers;
using Crm.Domain.CustomFields;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Leads;

/// <summary>What is left out is taken from the lead; no stage: the first of the pipeline.</summary>
/// <param name="CustomerName">For a new customer; a registered one keeps its name.</param>
/// <param name="Custom">Of the opportunity, by the fields of the playbook in force, in their normal form.</param>
public sealed record QualifyLead(
    Guid LeadId,
    Guid CustomerId,
    Guid OpportunityId,
    string OpportunityName,
    Money Amount,
    string Pipeline,
    string? Stage = null,
    string? CustomerName = null,
    OpportunityType Type = OpportunityType.New,
    DateOnly? ExpectedClose = null,
    string? Rep = null,
    string? Team = null,
    string? Region = null,
    string? Product = null,
    CustomValues? Custom = null) : ILeadCommand;

/// <summary>What a qualified lead leads to on each of its three streams.</summary>
public sealed record LeadConversion(
    IReadOnlyList<ILeadEvent> Lead,
    IReadOnlyList<ICustomerEvent> Customer,
    IReadOnlyList<IOpportunityEvent> Opportunity);

/// <summary>A qualified lead becomes a customer, or joins one, and opens an opportunity.</summary>
public static class ConvertQualifiedLead
{
    /// <param name="lead">As at the command's own time.</param>
    /// <param name="customer">As of all facts: one that was registered later is not registered again.</param>
    /// <param name="opportunity">As of all facts, likewise.</param>
    /// <param name="playbook">The rules in force.</param>
    /// <param name="command">What was said.</param>
    public static LeadConversion Decide(
        Lead lead, Customer customer, Opportunity opportunity, Playbook playbook, QualifyLead command) => new(
        LeadDecider.Decide(lead, command),
        CustomerDecider.Decide(customer, IsItsOwn(customer, lead, command) ? Register(lead, customer, command, playbook) : Join(command)),
        OpportunityDecider.Decide(opportunity, Open(lead, opportunity, command, playbook)));

    /// <summary>What the lead knows by fields that another kind of record has by the same names, as far as these take it.</summary>
    public static CustomValues? Taken(LeadCaptured? details, Playbook playbook, FieldRecord record) =>
        RecordFields.Of(playbook.Document, record).Taking(details?.Custom);

    // Not registered yet, or by this very command when it was sent before.
    private static bool IsItsOwn(Customer customer, Lead lead, QualifyLead c) => customer.Registered is null ||
        lead.Qualified is not null && customer.Registered.LeadId == c.LeadId && !customer.Leads.Contains(new(c.LeadId, c.OpportunityId));

    // Said again, what it leaves out is as it was then: the lead may have been changed since.
    private static RegisterCustomer Register(Lead lead, Customer customer, QualifyLead c, Playbook playbook)
    {
        var (details, before) = (lead.Details, customer.Registered);
        return new(
            c.CustomerName ?? before?.Name ?? details?.Company ?? throw Rejection.BrokenRule(
                "lead.customer-name", "The lead names no company, and the customer is new: a customer name is needed.", "customerName"),
            Industry: before is null ? details?.Industry : before.Industry,
            Region: c.Region ?? (before is null ? details?.Region : before.Region),
            Employees: before is null ? details?.Employees : before.Employees,
            LeadId: c.LeadId,
            Custom: before is null ? Taken(details, playbook, FieldRecord.Customer) : before.Custom);
    }

    private static JoinLead Join(QualifyLead c) => new(c.LeadId, c.OpportunityId);

    private static OpenOpportunity Open(Lead lead, Opportunity opportunity, QualifyLead c, Playbook playbook)
    {
        var (details, before) = (lead.Details, opportunity.Opened);
        return new(
            c.OpportunityName, c.Type, c.Amount, c.Pipeline, playbook, c.Stage,
            Source: before is null ? details?.Source : before.Source,
            CustomerId: c.CustomerId,
            LeadId: c.LeadId,
            Rep: c.Rep ?? (before is null ? lead.Rep : before.Rep),
            Team: c.Team ?? (before is null ? lead.Team : before.Team),
            Region: c.Region ?? (before is null ? details?.Region : before.Region),
            Product: c.Product ?? (before is null ? details?.Product : before.Product),
            ExpectedClose: c.ExpectedClose,
            Custom: CustomValues.After(null, c.Custom, before is null ? Taken(details, playbook, FieldRecord.Opportunity) : before.Custom));
    }
}
