using System.Text.Json.Nodes;
using System.Threading.Channels;
using Crm.Api.Jobs;
using Crm.Api.Tests.Journeys;
using Crm.EventStore.ReadModels;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crm.Api.Tests.Jobs;

/// <summary>Long work outlives the program that began it.</summary>
public sealed class TakeoverTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_job_is_taken_at_once_from_a_program_that_is_gone_and_not_from_one_that_lives()
    {
        var jobs = new JobTable(crm.Engine);
        var (living, gone) = (Guid.NewGuid(), Guid.NewGuid());
        await using var life = await Sole.Try(crm.Engine.Workers, $"crm.worker {living}", useOrLose: false, CancellationToken.None);
        var theirs = await Begun(jobs, living);
        var orphan = await Begun(jobs, gone);

        var work = new Work();
        using var runner = new JobRunner(jobs, [work], NullLogger<JobRunner>.Instance);
        await runner.StartAsync(CancellationToken.None);
        (await work.Done.Reader.ReadAsync(new CancellationTokenSource(Patience).Token).AsTask()).ShouldBe(orphan);

        await life!.DisposeAsync();
        (await work.Done.Reader.ReadAsync(new CancellationTokenSource(Patience).Token).AsTask()).ShouldBe(theirs);
        await runner.StopAsync(CancellationToken.None);
    }

    // Its lease runs for an hour: only that the lock is gone can have it taken.
    private async Task<Guid> Begun(JobTable jobs, Guid worker)
    {
        var job = (await jobs.Ask("main", Work.Name, Guid.NewGuid(), new JsonObject(), "somebody", CancellationToken.None))!;
        await crm.Sql($"update crm.job set state = 'running', worker = '{worker}', leased_until = now() + interval '1 hour', attempts = 1 where job_id = '{job.Id}'");
        return job.Id;
    }

    private sealed class Work : IJobKind
    {
        public const string Name = "takeover-test";

        public Channel<Guid> Done { get; } = Channel.CreateUnbounded<Guid>();

        public string Kind => Name;

        public Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct)
        {
            Done.Writer.TryWrite(job.Id);
            return Task.FromResult<JsonNode?>(null);
        }
    }
}
