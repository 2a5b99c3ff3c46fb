using Crm.Domain.Leads;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Imports.Runs;

/// <summary>Writes down what became of rows, some hundreds at a time. A row whose facts were written, and this was not, is known by them.</summary>
internal sealed class RowResults(ImportTable imports, Store store, string tenant, Import import)
{
    private const int AtOnce = 500;

    private readonly Lock gate = new();
    private List<RowResult> waiting = [];

    public async ValueTask Add(RecordKind kind, NumberedRow row, RowOutcome outcome, CancellationToken ct)
    {
        var result = await Of(kind, row, outcome, ct);
        IReadOnlyList<RowResult> full;
        lock (gate)
        {
            waiting.Add(result);
            if (waiting.Count < AtOnce)
            {
                return;
            }

            (full, waiting) = (waiting, []);
        }

        // What was taken is written down, whoever wants it to end.
        await imports.Add(tenant, import.Id, full, CancellationToken.None);
    }

    public async Task Flush()
    {
        IReadOnlyList<RowResult> rest;
        lock (gate)
        {
            (rest, waiting) = (waiting, []);
        }

        if (rest.Count > 0)
        {
            await imports.Add(tenant, import.Id, rest, CancellationToken.None);
        }
    }

    private async Task<RowResult> Of(RecordKind kind, NumberedRow row, RowOutcome outcome, CancellationToken ct)
    {
        var (state, events) = outcome switch
        {
            { SetAside: not null } => (RowState.Failed, outcome.Events),
            // What other rows said of the same record in the same import tells nothing of this one.
            { Facts: 0 } => kind is GroupedKind ? (RowState.Unchanged, outcome.Events) : await Before(outcome, ct),
            { IsAttached: true } => (RowState.Attached, outcome.Events),
            { IsNew: true } => (RowState.Created, outcome.Events),
            _ => (RowState.Continued, outcome.Events)
        };
        var key = row.Key is null ? "" : kind.KeyIsPersonal ? outcome.Record?.ToString() ?? "" : row.Key;
        return new RowResult(
            kind.Name, row.File, row.Row.Line, state, outcome.Record, key, outcome.SetAside?.Reason, outcome.SetAside?.Message, outcome.SetAside?.Field,
            [.. outcome.Notes.Select(note => note.Reason).Distinct()], events);
    }

    // Nothing new: perhaps because this very import has said it, and died before it could write that down.
    private async Task<(RowState, int)> Before(RowOutcome outcome, CancellationToken ct)
    {
        var known = outcome.Record is { } record ? await store.ReadStream(tenant, record, null, ct) : [];
        var standing = FoldOrder.Said(known, store.Types);
        var own = standing.Where(e => e.Metadata.RequestId == import.Run).ToList();
        return own.Count == 0 ? (RowState.Unchanged, outcome.Events)
            : own.Any(e => e.Data is LeadMerged) ? (RowState.Attached, own.Count + 1)
            : own[0].EventId == standing[0].EventId ? (RowState.Created, own.Count)
            : (RowState.Continued, own.Count);
    }
}
