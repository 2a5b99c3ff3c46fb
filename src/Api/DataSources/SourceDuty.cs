using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.DataSources;
using Crm.Domain.Playbooks;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.DataSources;

/// <summary>
/// One leader's time in the watch over data sources: what is due is fetched, once for each moment, and where values hold no more it is said
/// so, once. Whoever does it in the same instant has done it, since the ids of readings follow from source and moment.
/// </summary>
internal sealed class SourceDuty(
    Engine engine, SourceDesk desk, SourceFetch fetch, AutomationTable table, NpgsqlConnection connection) : IDuty
{
    public const string Actor = "source-watch";

    private const int MostDue = 200;

    // What cannot be fetched is tried again after a while; rows may be behind what was written.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly DueStreams dues = new(Catalog.DataSources, TellOfSource.Automation);
    private readonly Dictionary<(string, Guid), (long Position, long At)> looked = [];

    public async Task<bool> Step(CancellationToken ct)
    {
        foreach (var failure in await AutomationTable.Wanted(connection, TellOfSource.Automation, ct))
        {
            await Act(failure.Tenant, failure.Subject, failure.DueAt, ct);
            await table.Done(failure, ct);
        }

        var due = await dues.Look(connection, MostDue, [], ct);
        foreach (var gone in looked.Keys.Except(due.Select(one => (one.Tenant, one.Stream))).ToList())
        {
            looked.Remove(gone);
        }

        var fresh = due.Where(one => !looked.TryGetValue((one.Tenant, one.Stream), out var last)
            || one.Position > last.Position || TimeProvider.System.GetElapsedTime(last.At) > Rest).ToList();
        await Task.WhenAll(fresh.Select(one => Act(one.Tenant, one.Stream, one.DueAt, ct)));
        foreach (var one in fresh)
        {
            looked[(one.Tenant, one.Stream)] = (one.Position, TimeProvider.System.GetTimestamp());
        }

        // The right to lead is lost where its connection is silent for long.
        await using var used = new NpgsqlCommand("select 1", connection);
        await used.ExecuteNonQueryAsync(ct);
        return false;
    }

    private async Task Act(string tenant, Guid id, DateTimeOffset dueAt, CancellationToken ct)
    {
        try
        {
            if ((await engine.Playbooks.History(tenant, ct)).ModeOf(TellOfSource.Automation) != AutomationMode.On)
            {
                return;
            }

            // A program that nobody asks anything learns nowhere else how late it is.
            await engine.Store.Head(ct);
            var (state, _) = await engine.Commands.Latest(DataSourceDecider.Instance, tenant, id, ct);
            var now = desk.Now;
            var call = new Call(
                new Caller(tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation");
            if (state.IsWatched && state.Terms!.Due(state.NextPull, now) is { } due)
            {
                await Fetch(id, state.Terms, due, call, ct);
            }

            await desk.Send(id, new RingSource(now), call, ct);
        }
        catch (Exception error) when (!error.IsPassing())
        {
            // One that cannot be looked after keeps no other back.
            await table.Note(new AutomationFailure(
                tenant, TellOfSource.Automation, id, Cause: null, dueAt, default, 0,
                $"{error.GetType().Name}: {error.Message.Split('\n')[0]}", Again: false), ct);
        }
    }

    private async Task Fetch(Guid id, SourceTerms terms, DateTimeOffset due, Call call, CancellationToken ct)
    {
        var fetched = await fetch.Get(id, terms, ct);
        var said = fetched.Failure;
        if (fetched.Reading is { } reading)
        {
            try
            {
                // For which moment it was fetched names it: a body that says nothing new is known by its values.
                await desk.Take(id, reading with { Key = null }, fetched.Channel, due, call, ct);
                return;
            }
            catch (Exception error) when (error is Rejection or Problem)
            {
                said = "schema";
            }
        }

        await desk.Send(id, new FailSource(said ?? "schema"), call, ct);
    }
}
