using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Domain;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.Api.Jobs;

/// <summary>Does long work that was asked for, a few jobs at a time. What a process leaves unfinished, another or the next goes on with.</summary>
public sealed class JobRunner(JobTable jobs, IEnumerable<IJobKind> kinds, ILogger<JobRunner> log) : BackgroundService
{
    private const int AtOnce = 2;
    private const int MostAttempts = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IJobKind> known = kinds.ToDictionary(kind => kind.Kind);
    private readonly SemaphoreSlim asked = new(0);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        jobs.Asked += Wake;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Work(stop)));
        }
        finally
        {
            jobs.Asked -= Wake;
        }
    }

    public override void Dispose()
    {
        asked.Dispose();
        base.Dispose();
    }

    private void Wake() => asked.Release();

    private async Task Work(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var worker = Guid.CreateVersion7();
                await using var life = await jobs.Live(worker, stop);
                await Work(life!, worker, stop);
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException && !stop.IsCancellationRequested)
            {
                log.LogWarning("Jobs wait: {Reason}", error.Message.Split('\n')[0]);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await asked.WaitAsync(Pause, stop).ContinueWith(_ => { }, CancellationToken.None);
        }
    }

    // For one life: who is taken for dead begins another.
    private async Task Work(Sole life, Guid worker, CancellationToken stop)
    {
        while (true)
        {
            if (await JobTable.Take(life, worker, known.Keys, stop) is { } job)
            {
                await Do(job, worker, stop);
            }
            else
            {
                await asked.WaitAsync(Pause, stop);
            }
        }
    }

    private async Task Do(Job job, Guid worker, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var progress = new JobProgress();
        progress.Report(job.Phase ?? "", job.Done, job.Total);
        var beats = Beats(job, worker, progress, end);
        try
        {
            var (state, result, trouble) = await Outcome(job, progress, end.Token);
            await end.CancelAsync();
            var isOurs = await beats != Ending.TakenOver;
            if (isOurs && state is { } ended)
            {
                await jobs.End(job, worker, ended, result, trouble, progress.Now, CancellationToken.None);
            }
            else if (isOurs && await beats == Ending.Wanted)
            {
                await jobs.End(job, worker, JobState.Cancelled, result, trouble: null, progress.Now, CancellationToken.None);
            }
            else if (isOurs)
            {
                await jobs.Release(job, worker, stop.IsCancellationRequested ? TimeSpan.Zero : AfterTrouble, CancellationToken.None);
            }
        }
        finally
        {
            await end.CancelAsync();
            await beats;
        }
    }

    // No state: it was broken off, and is cancelled or gone on with.
    private async Task<(JobState? State, JsonNode? Result, string? Trouble)> Outcome(Job job, JobProgress progress, CancellationToken ct)
    {
        if (job.Attempts > MostAttempts)
        {
            return (JobState.Failed, null, $"It was begun {MostAttempts} times and never came to its end.");
        }

        try
        {
            return (JobState.Succeeded, await known[job.Kind].Run(job, progress, ct), null);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return default;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException or StoreUnavailable || error is Problem { Status: 503 })
        {
            log.LogWarning("Job {Job} ({Kind}) goes on in a while: {Reason}", job.Id, job.Kind, error.Message.Split('\n')[0]);
            return default;
        }
        catch (Exception error) when (error is JobFailed or Rejection or Problem)
        {
            return (JobState.Failed, null, error.Message);
        }
        catch (Exception error)
        {
            log.LogError(error, "Job {Job} ({Kind}) failed", job.Id, job.Kind);
            return (JobState.Failed, null, $"Something failed on our side. Quote the job's id when you report it: {job.Id}.");
        }
    }

    private enum Ending { Done, Wanted, TakenOver }

    // Says again and again that the work goes on, and ends it where somebody wants that, or has taken it over.
    private async Task<Ending> Beats(Job job, Guid worker, JobProgress progress, CancellationTokenSource end)
    {
        var last = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Beat);
        try
        {
            while (await timer.WaitForNextTickAsync(end.Token))
            {
                try
                {
                    var wanted = await jobs.Renew(job, worker, progress.Now, end.Token);
                    last = TimeProvider.System.GetTimestamp();
                    if (wanted is not false)
                    {
                        await end.CancelAsync();
                        return wanted is true ? Ending.Wanted : Ending.TakenOver;
                    }
                }
                catch (Exception error) when (error is NpgsqlException or TimeoutException && TimeProvider.System.GetElapsedTime(last) < JobTable.Lease)
                {
                    log.LogWarning("Job {Job} cannot say how far it is: {Reason}", job.Id, error.Message.Split('\n')[0]);
                }
                catch (Exception error) when (error is NpgsqlException or TimeoutException)
                {
                    await end.CancelAsync();
                    return Ending.TakenOver;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work has ended, or the program does.
        }

        return Ending.Done;
    }
}
