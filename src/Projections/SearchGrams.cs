using Crm.Domain;
using Crm.Domain.Conditions;
using Crm.EventModel;

namespace Crm.Projections;

/// <summary>
/// Which records may be called what: the runs of three characters in every name that a record ever had. A search finds its candidates
/// here, at any moment of the past as well, and looks at the records themselves for those that match.
/// </summary>
public sealed class SearchGrams : EventSet<SearchGrams.Row>
{
    /// <param name="Subject">As in the audit trail: <c>lead</c>, <c>customer</c> …</param>
    /// <param name="Gram">Folded as in <see cref="SearchText"/>.</param>
    public sealed record Row(Guid RecordId, string Subject, string Gram);

    public override string Name => "search_grams";

    public override int Version => 1;

    public override Type Reads => typeof(INaming);

    public override IReadOnlyList<string> LogKey => ["subject", "gram", "record_id"];

    public override IEnumerable<Row> Add(Recorded e) => e.Data is INaming naming
        ? naming.Names.OfType<string>().SelectMany(SearchText.Grams).Distinct().Select(gram => new Row(e.StreamId, AuditTrail.SubjectOf(e.Data), gram))
        : [];
}
