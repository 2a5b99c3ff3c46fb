using Crm.Api.Events;
using Crm.Api.Leads;
using Crm.Api.Nurture;
using Crm.Api.Opportunities.Care;
using Crm.Api.Playbooks;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventModel;

namespace Crm.Api.Notifications.Sending;

/// <summary>Makes mails that a stage asks for when an opportunity comes to it, when they go out, to whoever the lead was of which it
/// came; none where it moved on, was closed or flagged meanwhile, or he wants none.</summary>
internal sealed class EntryLetters(
    Engine engine, DealTexts texts, RefusedMail refused, LeadKeys keys, UnsubscribeAddress unsubscribe, PublicAddress address,
    Unsealer unsealer)
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

        if (deal.Details?.LeadId is not { } id)
        {
            return (null, "no-address");
        }

        var (lead, clock, _, _) = TimedLead.Of(await engine.Store.ReadStream(tenant, id, null, ct), engine.Store.Types);
        if (await refused.IsUnwanted(tenant, lead, clock, ct))
        {
            return (null, "unsubscribed");
        }

        if (await unsealer.Open(tenant, lead.Details?.Email?.Sealed, ct) is not { } to)
        {
            return (null, "no-address");
        }

        return await texts.Template(tenant, acted.Playbook, key, ct) is { } template
            ? (await Write(message, deal, id, to, template, ct), null) : (null, "no-template");
    }

    private async Task<Letter> Write(DueMessage message, Opportunity deal, Guid lead, string to, TemplateSection template,
        CancellationToken ct)
    {
        var (tenant, hash) = (message.Tenant, keys.RefusedMail(message.Tenant, to).Key);
        var link = $"{address.WithoutRequest}/unsubscribe/{unsubscribe.Write(tenant, lead, hash)}";
        var (fill, with) = (TemplateLanguage.Handlebars, await texts.Of(tenant, deal, link, ct));
        var most = (await engine.Playbooks.Of(tenant, ct)).Document?.Nurture?.MostADay ?? NurtureSection.UsualMost;
        return new(
            message.Id, Letters.Line(fill.Fill(template.Subject, with)), fill.Fill(template.Text, with), to,
            Html: template.Html is { } html ? fill.Fill(html, with, isHtml: true) : null, Unsubscribe: new Uri(link),
                Limit: new MailLimit(hash, most));
    }
}
