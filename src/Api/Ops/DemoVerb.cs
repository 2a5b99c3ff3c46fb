using System.CommandLine;
using Crm.Api.Ops.Demo;
using Crm.EventStore;

namespace Crm.Api.Ops;

/// <summary>Loads a small company of our own making, once, and serves it.</summary>
public static class DemoVerb
{
    private const int Seed = 20261122;
    private static readonly IdempotencyKey Loaded = new(Scope: "demo", Key: "sample company", Fingerprint: [1]);

    public static Command Make()
    {
        var verb = new Command("demo", "Load a small sample company, once, and serve it. Uses a private PostgreSQL unless one is configured.");
        verb.SetAction((_, ct) => CommandLine.Guard(async () =>
        {
            await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
            if (await IsWanted(engine, ct))
            {
                await Load(engine, ct);
            }

            return await ServeVerb.Serve(engine, ct, started: Invite);
        }));
        return verb;
    }

    // Loading leaves a mark when it is through. Without the mark it goes on where it was cut off, but never joins another company's data.
    private static async Task<bool> IsWanted(Engine engine, CancellationToken ct) =>
        await engine.Store.Answered(Caller.Developer.Tenant, Loaded, ct) is null
        && ((await engine.Store.Head(ct)).Position == 0
            || (await engine.Store.ReadStream(Caller.Developer.Tenant, SampleCompany.CustomerId(Caller.Developer.Tenant, 0), null, ct)).Count > 0);

    private static async Task Load(Engine engine, CancellationToken ct)
    {
        var today = new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero);
        var playbook = await engine.Playbooks.Of(Caller.Developer.Tenant, ct);
        var stories = SampleCompany.Stories(Caller.Developer.Tenant, today, Seed).ToList();
        await Progress.Run("Loading the sample company", stories.Sum(s => s.Steps), async tick =>
        {
            var told = new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = ct };
            await Parallel.ForEachAsync(stories, told, async (story, stop) =>
            {
                await story.Tell(engine.Commands, Caller.Developer, playbook, stop);
                tick(story.Steps);
            });
        });
        await engine.Store.Append(new AppendRequest(Caller.Developer.Tenant, [], Loaded), ct);
        await engine.CatchUp(null, ct);
    }

    private static void Invite(string url)
    {
        var then = DateTime.UtcNow.Date.AddDays(-180).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Console.WriteLine($"""

            Try:
              curl "{url}/api/v1/pipeline?by=region"
              curl "{url}/api/v1/pipeline?asOf={then}"
              curl "{url}/api/v1/opportunities?status=won&limit=3"
            """);
    }
}
