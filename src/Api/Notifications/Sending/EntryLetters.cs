using Crm.Api.Contacts;
using Crm.Api.Events;
using Crm.Api.Leads;
using Crm.Api.Nurture;
using Crm.Api.Opportunities.Care;
using Crm.Api.Playbooks;
using Crm.Domain.Contacts;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventModel;

namespace Crm.Api.Notifications.Sending;

/// <summary>Makes mails that a stage asks for when an opportunity comes to it, when they go out, to whoever the lead was of which it
/// came, or to people at the customer; none where it moved on, was closed or flagged meanwhile, or he wants none.</summary>
internal sealed class EntryLetters(
    Engine engine, DealTexts texts, RefusedMail refused, ContactMail mail, LeadKeys keys, UnsubscribeAddress unsubscribe,
    PublicAddress address, Unsealer unsealer)
{
    /// <inheritdoc cref="Letters.Of"/>
    public async Task<(Letter? Letter, string? Dropped)> Of(DueMessage message, IReadOnlyList<Recorded> events, CancellationToken ct)
    {
        if (events.FirstOrDefault() is not { Data: OpportunityEntryActed { Mail: { } key } acted } e)
        {
            return (null, "gone");
        }

        var tenant = message.Tenant;
        var (deal, _) = await engine.Commands.Latest(OpportunityDecider.Instance, tenant, e.StreamId, ct);
        if (deal is { IsClosed: true } or { Flag: not null } || deal.Stage != acted.Stage)
        {
            return (null, deal is { IsClosed: false, Flag: null } ? "ended" : "closed");
        }

        var (reader, against) = acted.Contacts is { } contacts
            ? await AtCustomer(tenant, deal, contacts.FirstOrDefault(one => MessageIds.OfEntry(tenant, e.EventId, one) == message.Id), ct)
            : await OfLead(tenant, deal, ct);
        return reader is null ? (null, against)
            : await texts.Template(tenant, acted.Playbook, key, ct) is { } template
                ? (await Write(message, deal, reader, template, ct), null)
            : (null, "no-template");
    }

    private async Task<(Reader? Reader, string? Against)> OfLead(string tenant, Opportunity deal, CancellationToken ct)
    {
        if (deal.Details?.LeadId is not { } id)
        {
            return (null, "no-address");
        }

        var (lead, clock, _, _) = TimedLead.Of(await engine.Store.ReadStream(tenant, id, null, ct), engine.Store.Types);
        return await refused.IsUnwanted(tenant, lead, clock, ct) ? (null, "unsubscribed")
            : await unsealer.Open(tenant, lead.Details?.Email?.Sealed, ct) is { } to ? (new(id, to, IsContact: false), null)
            : (null, "no-address");
    }

    // Who has no part in its decisions any more, or is at another customer than the deal is with by now, is not written to.
    private async Task<(Reader? Reader, string? Against)> AtCustomer(string tenant, Opportunity deal, Guid id, CancellationToken ct)
    {
        var (contact, _) = await engine.Commands.Latest(ContactDecider.Instance, tenant, id, ct);
        if (contact.Details is not { BuyingRole: not null } known || known.CustomerId != deal.Details?.CustomerId)
        {
            return (null, "ended");
        }

        var (to, against) = await mail.AddressOf(tenant, contact, ct);
        return (to is null ? null : new(id, to, IsContact: true), against);
    }

    private async Task<Letter> Write(
        DueMessage message, Opportunity deal, Reader reader, TemplateSection template, CancellationToken ct)
    {
        var (tenant, hash) = (message.Tenant, keys.RefusedMail(message.Tenant, reader.Address).Key);
        var link = $"{address.WithoutRequest}/unsubscribe/{unsubscribe.Write(tenant, reader.Id, hash, reader.IsContact)}";
        var (fill, with) = (TemplateLanguage.Handlebars, await texts.Of(tenant, deal, link, ct));
        var most = (await engine.Playbooks.Of(tenant, ct)).Document?.Nurture?.MostADay ?? NurtureSection.UsualMost;
        return new(
            message.Id, Letters.Line(fill.Fill(template.Subject, with)), fill.Fill(template.Text, with), reader.Address,
            Html: template.Html is { } html ? fill.Fill(html, with, isHtml: true) : null, Unsubscribe: new Uri(link),
                Limit: new MailLimit(hash, most));
    }

    /// <summary>Who is written to.</summary>
    private sealed record Reader(Guid Id, string Address, bool IsContact);
}
