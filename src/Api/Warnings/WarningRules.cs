using System.Runtime.CompilerServices;
using Crm.Api.Playbooks;
using Crm.Domain.Playbooks;
using Crm.Domain.Warnings;

namespace Crm.Api.Warnings;

/// <summary>What playbooks say of early warnings, made ready once for each.</summary>
internal static class WarningRules
{
    private static readonly ConditionalWeakTable<PlaybookDocument, WarningPolicy> Made = [];

    /// <summary>Null where a playbook warns of nothing.</summary>
    public static WarningPolicy? Of(PlaybookDocument? document) =>
        document?.Warnings is null ? null : Made.GetValue(document, static made => WarningPolicy.Of(made, Zones.Tzdb));
}
