using Crm.Domain.CustomFields;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Forecasting.Factors;

/// <summary>What factors ask of an opportunity beside what every forecast does: the engine's own fold of its facts, and the row that is
/// kept of it. Touches are counted, and are no part of it.</summary>
/// <param name="Attached">The attachments that it holds and that have a label: the id, a space and the label.</param>
/// <param name="Granted">The approvals about it that were granted: the id, a space and the flow.</param>
/// <param name="MovedLater">How often its expected close was moved to a later day.</param>
/// <param name="ExpectedClose">From which the next move is told.</param>
public sealed record DealTraits(
    Guid OpportunityId, string? Competitor, string? Source, IReadOnlyDictionary<string, string>? Custom, IReadOnlyList<string> Attached,
    IReadOnlyList<string> Granted, int MovedLater, DateOnly? ExpectedClose)
{
    public static DealTraits New(Guid id) => new(id, null, null, null, [], [], 0, null);

    /// <summary>The traits after a fact; the same where it says nothing that factors ask for.</summary>
    public static DealTraits? Evolve(Guid id, DealTraits? known, object fact)
    {
        var deal = known ?? New(id);
        return fact switch
        {
            // How it was opened is the ground that other facts lie upon, even those dated before it.
            OpportunityOpened e => deal with
            {
                Competitor = deal.Competitor ?? e.Competitor,
                Source = deal.Source ?? e.Source,
                Custom = CustomValues.After(null, CustomValues.Of(deal.Custom), e.Custom)?.ByKey,
                ExpectedClose = deal.ExpectedClose ?? e.ExpectedClose
            },
            OpportunityChanged e => deal with
            {
                Competitor = Change.Of(e.Cleared, "competitor", e.Competitor, deal.Competitor),
                Source = Change.Of(e.Cleared, "source", e.Source, deal.Source),
                Custom = CustomValues.After(e.Cleared, e.Custom, CustomValues.Of(deal.Custom))?.ByKey
            },
            OpportunityLost { Competitor: { } competitor } => deal with { Competitor = competitor },
            OpportunityCloseDateChanged e => deal with
            {
                MovedLater = deal.MovedLater + (e.ExpectedClose > deal.ExpectedClose ? 1 : 0),
                ExpectedClose = e.ExpectedClose
            },
            OpportunityAttachmentAdded { Label: { } label } e => deal with { Attached = With(deal.Attached, e.AttachmentId, label) },
            OpportunityAttachmentRemoved e => deal with { Attached = Without(deal.Attached, e.AttachmentId) },
            OpportunityApprovalSettled { Granted: true } e => deal with { Granted = With(deal.Granted, e.ApprovalId, e.Flow) },
            OpportunityApprovalSettled e => deal with { Granted = Without(deal.Granted, e.ApprovalId) },
            _ => known
        };
    }

    public bool Holds(string label) => Names(Attached, label);

    public bool WasGranted(string flow) => Names(Granted, flow);

    private static IReadOnlyList<string> With(IReadOnlyList<string> list, Guid id, string name) => [.. Without(list, id), $"{id:D} {name}"];

    private static IReadOnlyList<string> Without(IReadOnlyList<string> list, Guid id) =>
        list.Any(one => IsOf(one, id)) ? [.. list.Where(one => !IsOf(one, id))] : list;

    private static bool IsOf(string one, Guid id) => one.StartsWith(id.ToString("D"), StringComparison.Ordinal);

    private static bool Names(IReadOnlyList<string> list, string name) =>
        list.Any(one => one.AsSpan(one.IndexOf(' ', StringComparison.Ordinal) + 1).SequenceEqual(name));
}
