using System.Runtime.CompilerServices;
using Crm.Api.Playbooks;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;

namespace Crm.Api.Automations;

/// <summary>What a tenant's playbook says of leads, ready to decide by.</summary>
public sealed class Policies(CurrentPlaybook playbooks)
{
    private static readonly ConditionalWeakTable<PlaybookDocument, LeadPolicy> Made = [];

    /// <summary>What was in force at a moment; null where nothing was published by then.</summary>
    public async Task<(LeadPolicy Policy, long Version)?> At(string tenant, DateTimeOffset moment, CancellationToken ct) =>
        (await playbooks.History(tenant, ct)).At(moment) is { Document: { } document } playbook ? (Of(document), playbook.Version) : null;

    /// <summary>What is in force now.</summary>
    public async Task<(LeadPolicy Policy, long Version)?> Now(string tenant, CancellationToken ct) =>
        await playbooks.Of(tenant, ct) is { Document: { } document } playbook ? (Of(document), playbook.Version) : null;

    /// <summary>What is expected of whoever is given a lead by a person. What is told of a past day starts no clock now.</summary>
    /// <exception cref="Rejection">People give no leads to others here.</exception>
    public async Task<ResponseTerms?> ByHand(Caller by, string rep, Call call, CancellationToken ct)
    {
        var policy = (await Now(by.Tenant, ct))?.Policy;
        if (rep != by.Rep)
        {
            policy?.MustAllowByHand();
        }

        return call.OccurredAt is null ? policy?.TermsFrom(playbooks.Clock.GetUtcNow()) : null;
    }

    public static LeadPolicy Of(PlaybookDocument document) => Made.GetValue(document, static made => LeadPolicy.Of(made, Zones.Tzdb));
}
