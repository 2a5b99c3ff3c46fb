using Crm.Domain.Playbooks;
using Crm.EventModel;
using Npgsql;

namespace Crm.Api.Opportunities.Care;

/// <summary>What is done of opportunities after something happened to them, and when a moment has come.</summary>
internal interface IDealCare
{
    string Automation { get; }

    /// <summary>Under which it keeps its place in the log.</summary>
    string Progress { get; }

    /// <summary>When each is to be looked at next.</summary>
    OpportunityDues Dues { get; }

    /// <summary>What is listened to beside what happens to opportunities, and to playbooks.</summary>
    IReadOnlyList<Type> AlsoHeard { get; }

    /// <summary>What happens to opportunities and is passed over.</summary>
    IReadOnlyList<Type> Unheard { get; }

    /// <summary>Whether an opportunity is to be looked at since it was there before anybody did, and this had happened to it.</summary>
    bool Begins(Recorded e);

    /// <summary>Which opportunities are to be looked at after events of a tenant; null while it cannot be told yet.</summary>
    Task<IReadOnlyList<OpportunityCause>?> Causes(
        NpgsqlConnection connection, string tenant, IReadOnlyList<Recorded> events, CancellationToken ct);

    /// <summary>Whether to act for a tenant; null where its rules never asked for it.</summary>
    Task<AutomationMode?> ModeOf(string tenant, CancellationToken ct);

    /// <summary>Decides, and writes, or keeps what it would have written; and notes when each is to be looked at next.</summary>
    Task Act(string tenant, IReadOnlyList<OpportunityCause> causes, AutomationMode mode, CancellationToken ct);
}
