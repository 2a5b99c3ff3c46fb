using Crm.Domain.Playbooks;

namespace Crm.Api.Automations;

/// <summary>
/// Tenants that a watch passes over: where it is off, or was only tried a moment ago, what is due stays due, and would keep what is due of
/// others from being looked at.
/// </summary>
internal sealed class IdleTenants(CurrentPlaybook playbooks, string automation)
{
    // What falls due meanwhile is tried that much later.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, long> since = [];

    public IReadOnlyCollection<string> All => since.Keys;

    /// <summary>Those for whom it is on again are looked at again, and those for whom it is tried now and then.</summary>
    public async Task Wake(CancellationToken ct)
    {
        foreach (var (tenant, at) in since.ToList())
        {
            var mode = await Mode(tenant, ct);
            if (mode == AutomationMode.On || (mode == AutomationMode.DryRun && TimeProvider.System.GetElapsedTime(at) > Pause))
            {
                since.Remove(tenant);
            }
        }
    }

    /// <summary>What is due of these was looked at.</summary>
    public async Task Rest(IEnumerable<string> tenants, CancellationToken ct)
    {
        foreach (var tenant in tenants.Distinct())
        {
            if (await Mode(tenant, ct) != AutomationMode.On)
            {
                since[tenant] = TimeProvider.System.GetTimestamp();
            }
        }
    }

    private async Task<AutomationMode> Mode(string tenant, CancellationToken ct) =>
        (await playbooks.History(tenant, ct)).ModeOf(automation);
}
