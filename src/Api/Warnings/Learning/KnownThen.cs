using Crm.Domain;
using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Api.Warnings.Learning;

/// <summary>
/// What may be learned from. What somebody said once it was known how a deal ended is not read, though he dated it before that: it may have
/// been said because of it. Of what files tell nothing follows from the order in which they came.
/// </summary>
internal static class KnownThen
{
    private const string FromFiles = "import";

    /// <param name="deal">All events of an opportunity that are known, in the order of their versions.</param>
    public static IReadOnlyList<Recorded> Of(IReadOnlyList<Recorded> deal) => Of(deal, deal);

    /// <param name="stream">All events of a contact of its customer, or its own.</param>
    /// <inheritdoc cref="Of(IReadOnlyList{Recorded})"/>
    public static IReadOnlyList<Recorded> Of(IReadOnlyList<Recorded> stream, IReadOnlyList<Recorded> deal) =>
        deal.FirstOrDefault(e => e.Data is OpportunityWon or OpportunityLost) is not { } end ? stream
        : [.. stream.Where(e => e.Position <= end.Position || e.OccurredAt >= end.OccurredAt
            || e.Data is OpportunityCorrected or IRetraction or OpportunityFlagged or OpportunityFlagWithdrawn
            || e.Metadata.Source == FromFiles && end.Metadata.Source == FromFiles)];
}
