using System.Collections.Concurrent;
using Crm.Api.Events;
using Crm.Api.Http.Shapes;
using Crm.Api.Leads;
using Crm.Api.Nurture;
using Crm.Api.Playbooks;
using Crm.Domain.Leads;
using Crm.Domain.Notifications;
using Crm.Domain.Playbooks;
using Crm.EventModel;

namespace Crm.Api.Notifications.Sending;

/// <summary>Makes mails to leads of the templates of their playbook, when they go out; none to whoever came to us, was taken or wants none
/// meanwhile.</summary>
internal sealed class NurtureLetters(Engine engine, ChannelStreams channels, RefusedMail refused, LeadKeys keys,
    UnsubscribeAddress unsubscribe,
    PublicAddress address, Unsealer unsealer)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<(Guid Id, Channel Channel)>> known = new(StringComparer.Ordinal);
    private int changes;

    /// <inheritdoc cref="Letters.ChannelOf"/>
    public async Task<Guid> ChannelOf(string tenant, long playbook, CancellationToken ct)
    {
        var wanted = (await Document(tenant, playbook, ct))?.Nurture?.Channel;
        return (await ChannelsOf(tenant, ct))
            .FirstOrDefault(one => one.Channel.Kind == ChannelKind.Mail && (wanted is null || one.Channel.Is!.Name == wanted)).Id;
    }

    /// <inheritdoc cref="Letters.Forget"/>
    public void Forget(string tenant)
    {
        Interlocked.Increment(ref changes);
        known.TryRemove(tenant, out _);
    }

    /// <inheritdoc cref="Letters.Of"/>
    public async Task<(Letter? Letter, string? Dropped)> Of(DueMessage message, IReadOnlyList<Recorded> events, CancellationToken ct)
    {
        if (events.FirstOrDefault() is not { Data: LeadNurtureMailed mailed } e)
        {
            return (null, "gone");
        }

        var (tenant, id) = (message.Tenant, e.StreamId);
        var (lead, clock, _, _) = TimedLead.Of(await engine.Store.ReadStream(tenant, id, null, ct), engine.Store.Types);
        if (await Stands(tenant, lead, clock, mailed, ct) is { } against)
        {
            return (null, against);
        }

        if (await unsealer.Open(tenant, lead.Details!.Email?.Sealed, ct) is not { } to)
        {
            return (null, "no-address");
        }

        if ((await Document(tenant, mailed.Playbook, ct))?.Templates?.FirstOrDefault(one => one.Key == mailed.Template) is not { } template)
        {
            return (null, "no-template");
        }

        var key = keys.RefusedMail(tenant, to).Key;
        var link = $"{address.WithoutRequest}/unsubscribe/{unsubscribe.Write(tenant, id, key)}";
        var with = TemplateLanguage.For(lead.Details, await unsealer.Open(tenant, lead.Details.Contact?.Sealed, ct), link);
        var fill = TemplateLanguage.Handlebars;

        // What bounds a day is what the rules say by now, not when the sequence began.
        var most = (await engine.Playbooks.Of(tenant, ct)).Document?.Nurture?.MostADay;
        return (new Letter(
            message.Id, Letters.Line(fill.Fill(template.Subject, with)), fill.Fill(template.Text, with), to,
            Html: template.Html is { } html ? fill.Fill(html, with, isHtml: true) : null, Unsubscribe: new Uri(link),
            Limit: new MailLimit(key, most ?? NurtureSection.UsualMost)), null);
    }

    // Read once for many mails; what changed while it was read is read again for the next one.
    private async Task<IReadOnlyList<(Guid Id, Channel Channel)>> ChannelsOf(string tenant, CancellationToken ct)
    {
        if (known.TryGetValue(tenant, out var there))
        {
            return there;
        }

        var before = Volatile.Read(ref changes);
        var all = await channels.All(tenant, ct);
        if (before == Volatile.Read(ref changes))
        {
            known[tenant] = all;
        }

        return all;
    }

    // Why it is not to go out any more; null where it is.
    private async Task<string?> Stands(string tenant, Lead lead, LeadClock clock, LeadNurtureMailed mailed, CancellationToken ct)
    {
        if (await refused.IsUnwanted(tenant, lead, clock, ct))
        {
            return "unsubscribed";
        }

        return !clock.IsOpen ? "closed" : clock.Rep is not null ? "taken" : clock.Nurture is not { } now || now.Sequence != mailed.Sequence
            ? "ended"
            : now.Stop is { } why ? ChoiceShape.Spell(why.ToString()) : null;
    }

    private async Task<PlaybookDocument?> Document(string tenant, long version, CancellationToken ct) =>
        (await engine.Playbooks.History(tenant, ct)).Version(version)?.Document;
}
