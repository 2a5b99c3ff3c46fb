using Crm.Domain.Activities;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Tests.Activities;

public sealed class LeadAttachmentTests() : AttachmentTests<Lead, ILeadCommand, ILeadEvent>(
    LeadDecider.Instance, new LeadCaptured("web"), new LeadTouched(Touch, TouchKind.Visit, Direction.Outbound), file => new AddLeadAttachment(file), id => new RemoveLeadAttachment(id), file => Added(file),
    id => new LeadAttachmentRemoved(id))
{
    [Fact]
    public void A_part_takes_no_more_files_and_lets_go_of_those_it_has()
    {
        Given(new LeadCaptured("web"), new LeadMerged(Touch)).When(new AddLeadAttachment(File)).ThenRejected("lead.merged");
        Given(new LeadCaptured("web"), Added(File), new LeadMerged(Touch)).When(new RemoveLeadAttachment(File.AttachmentId)).Then(new LeadAttachmentRemoved(File.AttachmentId));
    }

    private static LeadAttachmentAdded Added(AttachedFile file) => new(file.AttachmentId, file.Name, file.MediaType, file.Size, file.Sha256, file.Label, file.TouchId);
}

public sealed class OpportunityAttachmentTests() : AttachmentTests<Opportunity, IOpportunityCommand, IOpportunityEvent>(
    OpportunityDecider.Instance, new OpportunityOpened("Deal", OpportunityType.New, new Money(1m, "USD"), "main", "Lead"), new OpportunityTouched(Touch, TouchKind.Visit, Direction.Outbound),
    file => new AddOpportunityAttachment(file), id => new RemoveOpportunityAttachment(id),
    file => new OpportunityAttachmentAdded(file.AttachmentId, file.Name, file.MediaType, file.Size, file.Sha256, file.Label, file.TouchId), id => new OpportunityAttachmentRemoved(id));

public sealed class CustomerAttachmentTests() : AttachmentTests<Customer, ICustomerCommand, ICustomerEvent>(
    CustomerDecider.Instance, new CustomerRegistered("Acme"), touched: null, file => new AddCustomerAttachment(file), id => new RemoveCustomerAttachment(id),
    file => new CustomerAttachmentAdded(file.AttachmentId, file.Name, file.MediaType, file.Size, file.Sha256, file.Label, file.TouchId), id => new CustomerAttachmentRemoved(id));

/// <summary>The same rules for files of every kind of record.</summary>
/// <param name="began">How a record begins.</param>
/// <param name="touched">That <see cref="Touch"/> was recorded; null where records have no touches.</param>
public abstract class AttachmentTests<TState, TCommand, TEvent>(
    Decider<TState, TCommand, TEvent> decider, TEvent began, TEvent? touched, Func<AttachedFile, TCommand> add, Func<Guid, TCommand> remove, Func<AttachedFile, TEvent> added,
    Func<Guid, TEvent> removed) : Spec<TState, TCommand, TEvent>(decider)
    where TCommand : notnull where TEvent : class
{
    protected static readonly Guid Touch = Guid.Parse("01920000-0000-7000-8000-000000000007");

    protected static readonly AttachedFile File = new(
        Guid.Parse("01920000-0000-7000-8000-000000000009"), new Personal("enc:v1:k1:abc"), "application/pdf", 3, new string('a', 64), "minutes");

    [Fact]
    public void A_file_is_attached_and_taken_away()
    {
        Given(began).When(add(File)).Then(added(File));
        Given(began, added(File)).When(remove(File.AttachmentId)).Then(removed(File.AttachmentId));
    }

    [Fact]
    public void The_same_file_is_known_though_its_name_is_sealed_anew() =>
        Given(began, added(File)).When(add(File with { Name = new Personal("enc:v1:k1:xyz") })).ThenNothing();

    [Fact]
    public void An_attachment_stands_for_one_content_for_ever()
    {
        Given(began, added(File)).When(add(File with { Sha256 = new string('b', 64) })).ThenRejected("attachment.known");
        Given(began, added(File), removed(File.AttachmentId)).When(add(File)).ThenRejected("attachment.known");
        Given(began).AndSince(added(File)).When(add(File)).ThenRejected("attachment.known");
    }

    [Fact]
    public void Nobody_takes_away_what_is_not_there()
    {
        Given(began).When(remove(Touch)).ThenRejected("attachment.unknown").Kind.ShouldBe(RejectionKind.Unknown);
        Given(began).AndSince(added(File)).When(remove(File.AttachmentId)).ThenRejected("attachment.unknown");
        Given(began, added(File)).AndSince(removed(File.AttachmentId)).When(remove(File.AttachmentId)).ThenRejected("attachment.unknown");
    }

    [Fact]
    public void A_file_belongs_to_a_touch_of_this_record()
    {
        Given(began).When(add(File with { TouchId = Touch })).ThenRejected("attachment.touch-unknown", "touchId");
        if (touched is not null)
        {
            Given(began, touched).When(add(File with { TouchId = Touch })).Then(added(File with { TouchId = Touch }));
        }
    }

    [Fact]
    public void A_record_holds_so_many_files_and_no_more()
    {
        TEvent[] full = [began, .. Enumerable.Range(0, Attachments.Most).Select(_ => added(File with { AttachmentId = Guid.NewGuid() }))];
        Given(full).When(add(File)).ThenRejected("attachment.too-many");
        Given(began).AndSince(full[1..]).When(add(File)).ThenRejected("attachment.too-many");
    }
}
