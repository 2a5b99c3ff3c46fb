using System.Text;
using Crm.Api.Approvals;
using Crm.Api.Automations;
using Crm.Api.Customers;
using Crm.Api.Notifications;
using Crm.Api.Playbooks;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Activities;
using Crm.Domain.Approvals;
using Crm.Domain.Notifications;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventStore;
using Crm.EventStore.Sealing;

namespace Crm.Api.Opportunities.Care;

/// <summary>Does what stages ask for when opportunities come to them. What comes of an action has an id that follows from the entry and the
/// action's key, so it is there once.</summary>
internal sealed class EntryDeeds(Engine engine, ApprovalDesk approvals, DealTexts texts, DecisionChains chains, ChannelStreams channels)
{
    private const string Html = "text/html";
    private const string Nobody = "nobody";
    private const int MostContacts = 50;

    /// <summary>Files that were made, and the keys that their names are sealed under where these are new.</summary>
    public sealed class Made
    {
        public Dictionary<Guid, AttachedFile> Files { get; } = [];

        public Dictionary<Guid, Seal> Seals { get; } = [];

        public IReadOnlyList<PersonKey> Keys => [.. Seals.Values.SelectMany(seal => seal.Made)];
    }

    /// <summary>The id of what comes of an action.</summary>
    public static Guid IdOf(string tenant, string kind, EntryAction action) =>
        StreamId.From(tenant, kind, $"{OpportunityCare.Automation} {action.Entry} {action.Section.Key}");

    /// <summary>The facts of an opportunity that an action leads to, and what else is to be written with them.</summary>
    /// <param name="one">As it is with all that was decided before.</param>
    /// <param name="made">Files that were made already; those that are made now are put in. Null where nothing is to be made.</param>
    public async Task<(IReadOnlyList<IOpportunityEvent> Facts, IReadOnlyList<Part> Parts)> Do(
        string tenant, Guid opportunity, OpportunityCase one, EntryAction action, Organisation organisation, Made? made,
        CancellationToken ct)
    {
        var (section, acted, deal) = (action.Section, Acted(action), one.Deal);
        switch (section)
        {
            case { Approval: { } asked }:
                return await Ask(tenant, opportunity, deal, action, asked, organisation, ct);
            case { Document: { } document }:
                var id = IdOf(tenant, "attachment", action);
                if (made?.Files.ContainsKey(id) == false && !await Make(tenant, opportunity, deal, action, document, (id, made), ct))
                {
                    return ([acted with { Failed = "no-room" }], []);
                }

                IReadOnlyList<IOpportunityEvent> added = made is null ? []
                    : OpportunityDecider.Decide(deal, new AddOpportunityAttachment(made.Files[id]));
                return ([acted with { AttachmentId = id }, .. added], []);
            case { Mail: { Roles: { } roles } mail }:
                // Whoever was known when it came there is known to the read model by then.
                IReadOnlyList<Guid> contacts = deal.Details?.CustomerId is not { } customer ? []
                    : [.. (await chains.Holders(tenant, customer, roles, one.PositionOf(action.Entry), ct)).Take(MostContacts)];
                return ([contacts is [] ? acted with { Failed = Nobody }
                    : await Sent(tenant, acted with { Mail = mail.Template, Contacts = contacts }, ct)], []);
            case { Mail: { } mail }:
                return ([deal.Details?.LeadId is null ? acted with { Failed = Nobody }
                    : await Sent(tenant, acted with { Mail = mail.Template }, ct)], []);
            default:
                return ([acted with { Webhook = section.Webhook?.Topic }], []);
        }
    }

    public static OpportunityEntryActed Acted(EntryAction action) =>
        new(action.Section.Key, action.Section.Name, action.Stage, action.Entry, action.Playbook);

    // A mail goes out by the channel that the version names, or by any; where there is none it would never go.
    private async Task<OpportunityEntryActed> Sent(string tenant, OpportunityEntryActed mailed, CancellationToken ct)
    {
        var wanted = (await engine.Playbooks.History(tenant, ct)).Version(mailed.Playbook)?.Document.Nurture?.Channel;
        return (await channels.All(tenant, ct)).Any(one => one.Channel.Kind == ChannelKind.Mail
            && (wanted is null || one.Channel.Is!.Name == wanted))
            ? mailed : mailed with { Mail = null, Contacts = null, Failed = "no-channel" };
    }

    /// <summary>What was attached stays.</summary>
    public async Task Attached(string tenant, Made made, CancellationToken ct)
    {
        foreach (var file in made.Files.Values)
        {
            await engine.Contents!.Attached(tenant, file.Sha256, ct);
        }
    }

    private async Task<(IReadOnlyList<IOpportunityEvent>, IReadOnlyList<Part>)> Ask(
        string tenant, Guid opportunity, Opportunity deal, EntryAction action, EntryApprovalSection asked, Organisation organisation,
            CancellationToken ct)
    {
        var (id, acted) = (IdOf(tenant, "approval", action), Acted(action));
        try
        {
            // Whoever has it asks; where nobody does, or he is no member, the program does.
            var by = organisation.Members.Where(one => (one.Value.Rep ?? one.Key) == deal.Rep).Select(one => one.Key)
                .FirstOrDefault(OpportunityCare.Actor);
            var (heard, parts) = await approvals.AskAlong(
                tenant, opportunity, deal, id, asked.Flow, ApprovalFacts.Of(deal, amount: null, percent: null), by, action.Section.Name,
                    asked.Purpose, fresh: true, ct);
            return ([acted with { ApprovalId = id }, .. heard], parts);
        }
        catch (Rejection rejection)
        {
            // The playbook in force may have no such flow any more.
            return ([acted with { Failed = rejection.Code }], []);
        }
    }

    // False where there is no folder for it, or no room.
    private async Task<bool> Make(
        string tenant, Guid opportunity, Opportunity deal, EntryAction action, EntryDocumentSection document, (Guid Id, Made Made) into,
            CancellationToken ct)
    {
        if (engine.Contents is not { } contents || await texts.Template(tenant, action.Playbook, document.Template, ct)
            is not { Html: { } html } template)
        {
            return false;
        }

        var (fill, with) = (TemplateLanguage.Handlebars, await texts.Of(tenant, deal, unsubscribe: null, ct));
        await using var draft = contents.Begin();
        await draft.Write(Encoding.UTF8.GetBytes(fill.Fill(html, with, isHtml: true)), ct);
        await draft.Finish(ct);
        if (!await contents.Keep(draft, tenant, Html, opportunity, engine.Settings.TenantAttachmentsMiB << 20, ct))
        {
            return false;
        }

        if (!into.Made.Seals.TryGetValue(opportunity, out var seal))
        {
            into.Made.Seals.Add(opportunity, seal = new Seal(engine.Sealer, tenant, person: opportunity, isNew: false, ct));
        }

        var subject = fill.Fill(template.Subject, with);
        var name = await seal.Required(subject.EndsWith(".html", StringComparison.OrdinalIgnoreCase) ? subject : $"{subject}.html");
        into.Made.Files.Add(into.Id, new(into.Id, name, Html, draft.Size, draft.Sha256, document.Label));
        return true;
    }
}
