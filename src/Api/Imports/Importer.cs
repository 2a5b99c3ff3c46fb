using Crm.Api.Leads;
using Crm.Domain.DataSources;
using Crm.Domain.Playbooks;
using Crm.EventStore;
using Crm.EventStore.Sealing;
using NodaTime;

namespace Crm.Api.Imports;

/// <summary>
/// Brings a company's files in: every row becomes commands on streams whose ids follow from its key, so that importing the same files again
/// changes nothing. A row that cannot be taken is kept and listed.
/// </summary>
/// <param name="zone">Where the tenant is; dates of a mapping without time zone are there.</param>
public sealed class Importer(Store store, Commands commands, Captures captures, Sealer sealer, DateTimeZone zone, TimeProvider clock)
{
    /// <summary>How events of an import are marked in their metadata.</summary>
    public const string Source = "import";

    // Enough for the store to write one large group while the next is decided, few enough to let others through between.
    private const int InFlight = 512;
    private const int RowsBetweenReports = 250;

    /// <param name="path">A folder with the mapping's files, or one of its files of records.</param>
    /// <exception cref="ImportProblem">A file or a column is missing; nothing was written.</exception>
    public Task<ImportReport> Run(string path, Mapping mapping, Caller by, IProgress<ImportProgress>? progress, CancellationToken ct) =>
        Run(path, mapping, by, new ImportRun($"import-{Guid.CreateVersion7():N}"), progress, ct);

    /// <exception cref="ImportProblem">A file or a column is missing; nothing was written.</exception>
    internal async Task<ImportReport> Run(
        string path, Mapping mapping, Caller by, ImportRun run, IProgress<ImportProgress>? progress, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        var files = SourceFiles.Look(path, mapping);
        var (playbook, defined, position) = await Prepare(mapping, NewCall, ct);
        var reading = new Reading(mapping, files.Lookups, by.Tenant, mapping.Zone ?? zone, playbook.WithoutGates(), clock.GetUtcNow());
        var streams = new StreamReader(store, by.Tenant, mapping.Kinds.OfType<GroupedKind>().Select(kind => kind.RecordName));
        await streams.Learn(DataSourceRowDecider.Instance.StreamType, ct);
        using var writer = new RowWriter(streams, commands, captures, sealer, reading, new KnownRecords(streams, reading, files.Records), NewCall);

        var (reports, done, seen, total) = (new List<KindReport>(), 0L, 0L, files.Records.Sum(file => file.Rows));
        foreach (var file in files.Records)
        {
            await streams.Learn(file.Kind.RecordName, ct);
            var tally = new Tally(file.Kind, file.File.Name);
            var takenBefore = await run.Done(file.Kind, ct);
            var options = new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = ct };
            await Parallel.ForEachAsync(RowGroups.Of(file).Select(rows => writer.Read(file.Kind, rows)), options, async (read, _) =>
            {
                using var turn = read.Turn;
                var rows = read.Rows;

                // What has begun is brought to its end and told of, whoever wants the import to stop: an append that is under way cannot be called back.
                if (rows.Any(row => !takenBefore.Contains(row.Row.Line)))
                {
                    foreach (var (row, outcome) in rows.Zip(await writer.Take(read, CancellationToken.None)).Where(pair => !takenBefore.Contains(pair.First.Row.Line)))
                    {
                        tally.Add(outcome);
                        await run.Took(file.Kind, row, outcome, CancellationToken.None);
                    }
                }

                var all = Interlocked.Add(ref done, rows.Count);
                if (all / RowsBetweenReports != (all - rows.Count) / RowsBetweenReports)
                {
                    Report(file.Kind, all);
                }
            });
            await run.FileEnded(ct);
            Report(file.Kind, done = seen += file.Rows);
            reports.Add(tally.Report());
            position = Math.Max(position, tally.Position);
        }

        return new ImportReport(mapping.Source, reports, defined + reports.Sum(kind => kind.Events), position, clock.GetElapsedTime(start));

        Call NewCall() => new(by, OccurredAt: null, IfMatch: null, Key: null, run.Id, Source) { IsDryRun = run.IsDryRun };

        void Report(RecordKind kind, long rows) => progress?.Report(
            new ImportProgress(kind.Name, rows, total, rows / Math.Max(clock.GetElapsedTime(start).TotalSeconds, 0.001)));
    }

    // A pipeline that is there stays as it is: somebody may have worked on it since.
    private async Task<(Playbook Playbook, int Events, long Position)> Prepare(Mapping mapping, Func<Call> newCall, CancellationToken ct)
    {
        var (tenant, stream) = (newCall().By.Tenant, CurrentPlaybook.StreamOf(newCall().By.Tenant));
        var (history, _) = await commands.Latest(PlaybookDecider.Instance, tenant, stream, ct);
        var playbook = history.At(clock.GetUtcNow());
        Check(mapping, playbook);
        if (mapping.Pipeline is not { } wanted || playbook.Pipelines.TryGetValue(wanted.Key, out var known) && Has(known, wanted))
        {
            return (playbook, 0, (await store.Head(ct)).Position);
        }

        var written = await commands.Send(PlaybookDecider.Instance, stream, new DefinePipeline(wanted.Key, wanted.Name, wanted.Stages), newCall(), ct);
        if (written.Rehearsed is { } facts)
        {
            return (facts.Select(fact => fact.Fact).OfType<IPlaybookEvent>().Aggregate(history, PlaybookHistory.Evolve).At(clock.GetUtcNow()), facts.Count, written.Position);
        }

        (history, _) = await commands.Latest(PlaybookDecider.Instance, tenant, stream, ct);
        return (history.At(clock.GetUtcNow()), written.Events, written.Position);
    }

    private static bool Has(PipelineDefinition known, PipelineDefinition wanted) =>
        wanted.Stages.FirstOrDefault(stage => !known.Stages.Contains(stage)) is not { } stage ? true : throw new ImportProblem(
            $"There is a pipeline '{known.Key}' already, without a stage '{stage}'; its stages are: {string.Join(", ", known.Stages)}. " +
            "Give the mapping's pipeline another key, or add the stage to the playbook.");

    private static void Check(Mapping mapping, Playbook playbook)
    {
        var named = mapping.Kinds.Select(kind => (kind as OpportunityKind)?.Pipeline ?? (kind as StageHistoryKind)?.Pipeline).OfType<string>();
        if (named.FirstOrDefault(key => key != mapping.Pipeline?.Key && !playbook.Pipelines.ContainsKey(key)) is { } strange)
        {
            throw new ImportProblem(
                $"There is no pipeline '{strange}'; there are: {string.Join(", ", playbook.Pipelines.Keys)}. Define it in the mapping.");
        }

        if (mapping.Kinds.SelectMany(kind => kind.Custom?.Strange(playbook.Document) ?? []).FirstOrDefault() is { } none)
        {
            throw new ImportProblem(none);
        }
    }
}
