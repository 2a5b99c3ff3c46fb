using System.Collections.Concurrent;
using Crm.Api.Leads;
using Crm.Domain;
using Crm.Domain.DataSources;
using Crm.EventStore;
using Crm.EventStore.Sealing;

namespace Crm.Api.Imports;

/// <summary>What became of a row.</summary>
/// <param name="Record">What it tells of; null where it has no key.</param>
/// <param name="IsNew">It made a record that was not there.</param>
/// <param name="IsAttached">It tells of a lead that was known already, and is a part of that now.</param>
/// <param name="Facts">How many facts it led to on its record.</param>
/// <param name="Events">Those and the remarks on it.</param>
internal sealed record RowOutcome(
    RowRemark? SetAside, IReadOnlyList<RowRemark> Notes, Guid? Record, bool IsNew, bool IsAttached, int Facts, int Events, long Position);

/// <summary>Takes rows: what each says goes to its record and what there is to remark about it to its own stream, in one append.</summary>
internal sealed class RowWriter(
    StreamReader streams, Commands commands, Captures captures, Sealer sealer, Reading reading, KnownRecords records, Func<Call> newCall) : IDisposable
{
    // Reading takes connections, and others want some too. Who holds which keys is asked for all rows together, and appends need none of their own.
    private const int ReadingAtOnce = 16;

    private readonly SemaphoreSlim turns = new(ReadingAtOnce);
    private readonly ConcurrentDictionary<(string, string), Guid> rehearsed = new();
    private readonly RowTurns order = new();
    private readonly RowLog log = new(streams, reading);
    private GroupWriter Groups => field ??= new GroupWriter(streams, commands, captures, sealer, reading, records.Files, newCall, InTurn);

    /// <summary>Reads rows, and keeps a place for each among those that may be of one person. To be called for one after the other, in the order of the file.</summary>
    /// <param name="rows">As <see cref="RowGroups"/> gives them: one row, or all of one record.</param>
    public ReadRows Read(RecordKind kind, IReadOnlyList<NumberedRow> rows)
    {
        if (kind is GroupedKind && rows[0] is { Key: not null, Row.Fault: null })
        {
            return new ReadRows(kind, rows, Reader: null, Saying: null, order.Next(null));
        }

        var reader = new RowReader(rows[0].Row, reading);
        var saying = Refused(kind, rows[0], reader) || rows[0].Key is not { } key ? null : kind.Say(reader, key);
        return new ReadRows(kind, rows, reader, saying, order.Next(saying));
    }

    /// <returns>What became of each.</returns>
    public async Task<IReadOnlyList<RowOutcome>> Take(ReadRows read, CancellationToken ct)
    {
        if (read.Reader is null)
        {
            return await Groups.Take((GroupedKind)read.Kind, read.Rows[0].Key!, read.Rows, ct);
        }

        await read.Turn.Before;
        return [await Take(read.Kind, read.Rows[0], read.Reader, read.Saying, ct)];
    }

    private async Task<RowOutcome> Take(RecordKind kind, NumberedRow numbered, RowReader reader, ISaying? saying, CancellationToken ct)
    {
        var (row, key) = (numbered.Row, numbered.Key);
        var record = key is null ? (Guid?)null : reading.IdOf(kind.Name, key);
        var (byKey, byLine) = (record is null ? (Guid?)null : log.IdOf(kind, key!), log.IdOf(kind, row));

        var isNew = !streams.WasThere(record) && !streams.WasThere(byKey) && !streams.WasThere(byLine);
        var seal = new Seal(sealer, reading.Tenant, record ?? byLine, isNew, ct);
        var outcome = new RowOutcome(reader.SetAside, [], record, IsNew: false, IsAttached: false, Facts: 0, Events: 0, Position: 0);
        var decision = await Decide(atStart: true);
        if (decision.Parts.Count == 0)
        {
            return outcome;
        }

        try
        {
            return await Send(decision);
        }
        catch (ClaimTaken taken)
        {
            // Another record is called so already. That is one row's trouble, and no other's.
            reader.Refuse("claim-taken", $"Another record is called so already: {taken.Holder}.", kind.ClaimColumn);
            saying = null;
            return await Send(await Decide(atStart: false));
        }

        async Task<RowOutcome> Send(Decision first)
        {
            var tries = 0;
            MustBeFree(first);
            var written = await commands.Send(
                newCall() with { PersonKeys = seal.Made },
                async () => tries++ == 0 ? first : await Decide(atStart: false), reading.Playbook.Version, ct);
            streams.Rehearse(written.Rehearsed ?? []);
            return outcome with { Events = written.Rehearsed?.Count ?? written.Events, Position = written.Position };
        }

        async Task<Decision> Decide(bool atStart)
        {
            var notes = reader.References.Count == 0 ? reader.Notes : [.. reader.Notes, .. await InTurn(() => records.Missing(row, reader.References, ct), ct)];
            var said = await Reading(() => Say(saying, record, reader.SetAside, seal, atStart, ct));
            outcome = outcome with
            {
                SetAside = said.SetAside,
                Notes = notes,
                IsNew = said.Part?.Latest.IsNothing == true,
                Facts = said.Part?.Events.Count ?? 0
            };
            var attached = said.Part is { } own ? await Attach(own, saying!.Signature, atStart, ct) : new Decision(0, []);
            outcome = outcome with { IsAttached = attached.Parts.Count > 1 || newCall().IsDryRun && WouldAttach(attached.Claims) };
            var verdict = new ReadRow(reading.Mapping.Source, kind.Name, numbered.File, row.Line, kind.Shown(reading, key), null, said.SetAside, notes);

            // A row without a key of its own is known by its line; once there is a good row there, that is settled as well.
            var remarks = await Reading<IReadOnlyList<Part?>>(async () => byKey is { } id && !numbered.IsDouble && row.Fault is null
                ? [await log.Remark(id, verdict, row, seal, atStart, ct),
                    await log.Remark(byLine, verdict with { SetAside = null, Notes = [] }, row, seal, atStart, ct)]
                : [await log.Remark(byLine, verdict, row, seal, atStart, ct)]);
            return new Decision(0, [.. attached.Parts.Concat(remarks).OfType<Part>().Where(part => part.Events.Count > 0)]) { Claims = attached.Claims };

            // Of what was not there at the start nothing is read.
            Task<T> Reading<T>(Func<Task<T>> read) => atStart && isNew ? read() : InTurn(read, ct);
        }
    }

    public void Dispose() => turns.Dispose();

    // Of a dry run nobody hears but its own rows.
    private bool WouldAttach(IReadOnlyList<Claim> claims) =>
        claims.Where(claim => claim.Take).Count(claim => rehearsed.GetOrAdd((claim.Kind, claim.Key), claim.Stream) != claim.Stream) > 0;

    // A dry run stores no claims, and tells all the same that two rows want the same.
    private void MustBeFree(Decision tried)
    {
        if (!newCall().IsDryRun)
        {
            return;
        }

        foreach (var claim in tried.Parts.SelectMany(part => part.Events.SelectMany(e => FactClaims.Of(e, part.Stream))))
        {
            if (rehearsed.GetOrAdd((claim.Kind, claim.Key), claim.Stream) is var holder && holder != claim.Stream)
            {
                throw new ClaimTaken(claim.Kind, holder);
            }
        }
    }

    private async Task<Decision> Attach(Part own, LeadSignature? signature, bool atStart, CancellationToken ct)
    {
        if (signature is null || !Captures.IsCapture(own))
        {
            return new Decision(0, [own]);
        }

        var known = await captures.Look(reading.Tenant, signature, ct);
        return known.Held.Count == 0 ? await AsIs() : await InTurn(AsIs, ct);

        Task<Decision> AsIs() => captures.Attach(reading.Tenant, own, known, fresh: !atStart, ct);
    }

    private async Task<T> InTurn<T>(Func<Task<T>> read, CancellationToken ct)
    {
        await turns.WaitAsync(ct);
        try
        {
            return await read();
        }
        finally
        {
            turns.Release();
        }
    }

    private static bool Refused(RecordKind kind, NumberedRow numbered, RowReader reader)
    {
        if (numbered.Row.Fault is { } fault)
        {
            reader.Refuse(fault.Reason, fault.Message);
        }
        else if (numbered.Key is null)
        {
            reader.Refuse("no-key", $"{string.Join(" and ", kind.Key)} has to name the row, and is empty.", kind.Key[0]);
        }
        else if (numbered.FirstLine is { } line)
        {
            reader.Refuse("duplicate-key", $"Line {line} has the same {string.Join(" and ", kind.Key)}; that one counts.", kind.Key[0]);
        }

        return reader.SetAside is not null;
    }

    private async Task<(Part? Part, RowRemark? SetAside)> Say(
        ISaying? saying, Guid? record, RowRemark? setAside, Seal seal, bool atStart, CancellationToken ct)
    {
        if (saying is null || record is not { } id)
        {
            return (null, setAside);
        }

        try
        {
            return (await saying.Decide(id, await streams.Read(id, atStart, ct), streams.Types, seal), null);
        }
        catch (Rejection rejection)
        {
            return (null, new RowRemark(rejection.Code, rejection.Message, rejection.Field));
        }
    }
}
