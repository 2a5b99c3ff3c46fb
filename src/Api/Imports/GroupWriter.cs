using Crm.Api.Leads;
using Crm.Domain.DataSources;
using Crm.EventStore.Sealing;

namespace Crm.Api.Imports;

/// <summary>Takes all rows of one record: what they say goes to it, and what there is to remark about each to its own stream, in one append.</summary>
internal sealed class GroupWriter(
    StreamReader streams, Commands commands, Captures captures, Sealer sealer, Reading reading, IReadOnlyList<SourceFile> files, Func<Call> newCall,
    Func<Func<Task<Decision>>, CancellationToken, Task<Decision>> inTurn)
{
    private readonly RowLog log = new(streams, reading);

    /// <summary>By row, in the order in which they are given.</summary>
    public async Task<IReadOnlyList<RowOutcome>> Take(GroupedKind kind, string key, IReadOnlyList<NumberedRow> rows, CancellationToken ct)
    {
        var record = reading.IdOf(kind.RecordName, key);
        var seal = new Seal(sealer, reading.Tenant, record, isNew: false, ct);
        IReadOnlyList<GroupRow> read = [.. Read(kind, key, rows)];
        IReadOnlyList<RowOutcome> outcomes = [];
        var decision = await inTurn(() => Decide(atStart: true), ct);
        if (decision.Parts.Count == 0)
        {
            return outcomes;
        }

        var tries = 0;
        var written = await commands.Send(newCall() with { PersonKeys = seal.Made },
            async () => tries++ == 0 ? decision : await inTurn(() => Decide(atStart: false), ct), reading.Playbook.Version, ct);
        return [.. outcomes.Select((outcome, i) => outcome with { Events = i == 0 ? written.Rehearsed?.Count ?? written.Events : 0, Position = written.Position })];

        async Task<Decision> Decide(bool atStart)
        {
            IReadOnlyList<GroupRow> good = [.. read.Where(row => row.Said is not null).OrderBy(row => row.Said!.At)];
            var context = new GroupContext(reading, streams, captures, files.FirstOrDefault(file => file.Kind.Name == kind.RecordName), seal, atStart, ct);
            var decided = good.Count > 0
                ? await kind.Decide(record, key, [.. good.Select(row => row.Said!)], context)
                : new GroupDecision(null, []);
            var verdicts = good.Zip(decided.Rows).ToDictionary(pair => pair.First, pair => pair.Second);
            List<Part?> parts = [decided.Part];
            outcomes = [.. read.Select(row => Outcome(row, verdicts.GetValueOrDefault(row)))];
            foreach (var (row, outcome) in read.Zip(outcomes))
            {
                var verdict = new ReadRow(reading.Mapping.Source, kind.Name, row.Row.File, row.Row.Row.Line, kind.Shown(reading, key), null, outcome.SetAside, outcome.Notes);
                parts.Add(await log.Remark(row.Id, verdict, row.Row.Row, seal, atStart, ct));
            }

            return new Decision(0, [.. parts.OfType<Part>().Where(part => part.Events.Count > 0)]);
        }
    }

    private IEnumerable<GroupRow> Read(GroupedKind kind, string key, IReadOnlyList<NumberedRow> rows)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var reader = new RowReader(row.Row, reading);
            var (author, said) = (kind.Author(reader), kind.Read(reader));
            var identity = kind.Identity(key, reader);
            var before = seen[identity] = seen.GetValueOrDefault(identity) + 1;
            // The same said twice is two rows, and each is known again.
            var known = before == 1 ? identity : $"{identity}|{before}";
            yield return new GroupRow(reading.IdOf(kind.RecordName, key), row, reader, log.IdOf(kind, known), before > 1,
                reader.SetAside is null && said is not null ? said with { Identity = identity, Author = author } : null);
        }
    }

    private static RowOutcome Outcome(GroupRow row, GroupedVerdict? verdict)
    {
        List<RowRemark> notes = [.. row.Reader.Notes, .. verdict?.Remarks ?? []];
        if (row.IsRepeated)
        {
            notes.Add(new RowRemark("repeated", "An earlier row of the file says the same."));
        }

        return new RowOutcome(
            row.Reader.SetAside ?? verdict?.Refusal, notes, row.Record, verdict?.IsNew ?? false, IsAttached: false, verdict?.Facts ?? 0, Events: 0, Position: 0);
    }

    private sealed record GroupRow(Guid Record, NumberedRow Row, RowReader Reader, Guid Id, bool IsRepeated, GroupedFact? Said);
}
