using System.Runtime.CompilerServices;
using Crm.Api.Playbooks;
using Crm.Domain;
using Crm.Domain.Approvals;
using Crm.Domain.Playbooks;

namespace Crm.Api.Approvals;

/// <summary>By what approvals are decided: the rules of a version, whoever there is now, and the store's time.</summary>
public sealed class ApprovalRules(Engine engine)
{
    private static readonly ConditionalWeakTable<PlaybookDocument, ApprovalPolicy> Made = [];
    private static readonly PlaybookDocument Nothing = new("nothing");

    public static Guid DelegationsOf(string tenant) => StreamId.From(tenant, ApprovalDelegationDecider.Instance.StreamType, "main");

    /// <param name="version">Of which the flow is pinned; null for what is in force.</param>
    public async Task<ApprovalTerms> Terms(string tenant, long? version, CancellationToken ct)
    {
        var history = await engine.Playbooks.History(tenant, ct);
        var now = engine.Store.Clock.GetUtcNow();
        var current = history.At(now).Document;
        var pinned = version is { } number ? history.Version(number)?.Document : current;
        var staff = new ApprovalStaff(await engine.Organisations.Of(tenant, ct), current?.Reps ?? [],
            await engine.ApprovalDelegations.Of(tenant, ct));
        return new(Made.GetValue(pinned ?? Nothing, static document => ApprovalPolicy.Of(document, Zones.Tzdb)), staff, now);
    }

    /// <summary>A flow of the playbook in force, and its version.</summary>
    /// <exception cref="Rejection">There is no such flow.</exception>
    public async Task<(ApprovalFlowSection Flow, long Version)> Flow(string tenant, string key, CancellationToken ct)
    {
        var playbook = await engine.Playbooks.Of(tenant, ct);
        return playbook.Document?.Approvals?.FirstOrDefault(flow => flow.Key == key) is { } flow
            ? (flow, playbook.Version)
            : throw Rejection.BrokenRule("approval.flow-unknown", $"The playbook that is in force has no approval flow '{key}'.", "flow");
    }
}
