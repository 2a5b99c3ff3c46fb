using Crm.Api.Customers;
using Crm.Api.Http;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Api.Opportunities;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Activities;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Api.Attachments;

/// <summary>A kind of record that files are attached to.</summary>
/// <param name="Path">Under which its records lie.</param>
/// <param name="Function">What it takes to read its records.</param>
internal abstract record AttachmentKind(string Path, RecordList List, string Function, Rejection Missing)
{
    public static readonly AttachmentKind Leads = new Of<Lead, ILeadCommand, ILeadEvent>(
        "leads", LeadAnswer.List, Functions.LeadsRead, Rejection.Unknown("lead.unknown", "There is no such lead."), LeadDecider.Instance,
        file => new AddLeadAttachment(file), (id, reason) => new RemoveLeadAttachment(id, reason), lead => lead.Attachments,
        lead => lead.Absorbed.Keys);

    public static readonly AttachmentKind Customers = new Of<Customer, ICustomerCommand, ICustomerEvent>(
        "customers", CustomerAnswer.List, Functions.CustomersRead, Rejection.Unknown("customer.unknown", "There is no such customer."),
        CustomerDecider.Instance, file => new AddCustomerAttachment(file), (id, reason) => new RemoveCustomerAttachment(id, reason),
        customer => customer.Attachments);

    public static readonly AttachmentKind Opportunities = new Of<Opportunity, IOpportunityCommand, IOpportunityEvent>(
        "opportunities", OpportunityAnswer.List, Functions.OpportunitiesRead, Rejection.Unknown("opportunity.unknown", "There is no such opportunity."),
        OpportunityDecider.Instance, file => new AddOpportunityAttachment(file), (id, reason) => new RemoveOpportunityAttachment(id, reason),
        opportunity => opportunity.Attachments);

    public abstract Task<Written> Add(Commands commands, Guid record, AttachedFile file, Call call, CancellationToken ct);

    public abstract Task<Written> Remove(Commands commands, Guid record, Guid attachment, string? reason, Call call, CancellationToken ct);

    /// <inheritdoc cref="Records.Stream{TEvent}"/>
    public abstract Task<(Lens Lens, IReadOnlyList<Recorded> Events)> Stream(Records records, Caller by, Guid record, Times times, CancellationToken ct);

    /// <summary>The records that these facts made part of this one.</summary>
    public abstract IEnumerable<Guid> Parts(IEnumerable<Recorded> facts);

    private sealed record Of<TState, TCommand, TEvent>(
        string Path, RecordList List, string Function, Rejection Missing, Decider<TState, TCommand, TEvent> Decider,
        Func<AttachedFile, TCommand> Adding, Func<Guid, string?, TCommand> Removing, Func<TState, Domain.Activities.Attachments> Known,
        Func<TState, IEnumerable<Guid>>? PartsOf = null) : AttachmentKind(Path, List, Function, Missing)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        public override Task<Written> Add(Commands commands, Guid record, AttachedFile file, Call call, CancellationToken ct) =>
            commands.Send(
                Decider, record, Adding(file), call, ct, status: state => Known(state).Hold(file) ? StatusCodes.Status200OK : StatusCodes.Status201Created);

        public override Task<Written> Remove(Commands commands, Guid record, Guid attachment, string? reason, Call call, CancellationToken ct) =>
            commands.Send(Decider, record, Removing(attachment, reason), call, ct);

        public override Task<(Lens Lens, IReadOnlyList<Recorded> Events)> Stream(Records records, Caller by, Guid record, Times times, CancellationToken ct) =>
            records.Stream<TEvent>(List, by, record, times, Missing, ct);

        public override IEnumerable<Guid> Parts(IEnumerable<Recorded> facts) =>
            PartsOf is null ? [] : PartsOf(facts.Select(fact => fact.Data).OfType<TEvent>().Aggregate(Decider.Initial, Decider.Evolve));
    }
}
