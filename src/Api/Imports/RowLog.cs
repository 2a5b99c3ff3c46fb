using Crm.Domain;
using Crm.Domain.DataSources;
using Crm.EventModel;

namespace Crm.Api.Imports;

/// <summary>What there is to remark about rows, each on a stream of its own.</summary>
internal sealed class RowLog(StreamReader streams, Reading reading)
{
    /// <param name="key">By which the row is known: its own key, or its line.</param>
    public Guid IdOf(RecordKind kind, string key) => StreamId.From(reading.Tenant, DataSourceRowDecider.Instance.StreamType,
        $"{reading.Mapping.Source}:{kind.Name}:{key}");

    public Guid IdOf(RecordKind kind, Row row) => IdOf(kind, $"{kind.Table}#{row.Line}");

    /// <returns>Null where there is nothing to say, and nothing was said before.</returns>
    public async Task<Part?> Remark(Guid id, ReadRow verdict, Row row, Seal seal, bool atStart, CancellationToken ct)
    {
        var known = await streams.Read(id, atStart, ct);
        if (known.Count == 0 && verdict is { SetAside: null, Notes: [] })
        {
            return null;
        }

        var decider = DataSourceRowDecider.Instance;
        var facts = FoldOrder.Of(known, streams.Types);
        var state = facts.Select(fact => fact.Data).OfType<IDataSourceEvent>().Aggregate(decider.Initial, decider.Evolve);
        var cells = verdict.SetAside is null ? null : await seal.Again(state.SetAside?.Row, row.ToJson());
        return new Part(id, decider.StreamType, Known.Of(known, facts, state), decider.Decide(state, verdict with { Row = cells }),
            (before, e) => decider.Evolve((DataSourceRow)before, (IDataSourceEvent)e));
    }
}
