using System.Globalization;
using Crm.EventStore;

namespace Crm.Api.Ops.Demo;

/// <summary>Plays the story of the sample company into an empty store, by the road of every command, each step at its own time.</summary>
internal sealed class SamplePlay(Engine engine, Caller by)
{
    private const int StepsOnPage = 1000;

    /// <summary>Plays what has not been played: a page that was written is known by its key.</summary>
    /// <param name="steps">In the order of their recording.</param>
    /// <param name="story">Names the story, so that no page of another is taken for one of it.</param>
    /// <param name="tick">Told how many steps are through.</param>
    public async Task Run(IReadOnlyList<SampleStep> steps, byte[] story, Action<long> tick, CancellationToken ct)
    {
        var playbook = await engine.Playbooks.Of(by.Tenant, ct);
        var number = 0;
        foreach (var page in Pages(steps))
        {
            var key = new IdempotencyKey("demo", string.Create(CultureInfo.InvariantCulture, $"page {++number}"), story);
            if (await engine.Store.Answered(by.Tenant, key, ct) is null)
            {
                await Write(page, key, playbook, ct);
            }

            tick(page.Count);
        }
    }

    private async Task Write(IReadOnlyList<SampleStep> steps, IdempotencyKey key, Domain.Playbooks.Playbook playbook, CancellationToken ct)
    {
        var personKeys = new List<PersonKey>();
        var call = new Call(by, OccurredAt: null, IfMatch: null, key, RequestId: key.Key, Source: "sample") { PersonKeys = personKeys };
        await engine.Commands.Send(call, async () =>
        {
            var page = new SamplePage(engine.Commands, engine.Store, engine.Sealer, engine.LeadKeys, by.Tenant, playbook, ct);
            foreach (var step in steps)
            {
                await step.Tell(page, step);
            }

            personKeys.AddRange(page.PersonKeys);
            return page.Decision;
        }, playbook.Version, ct);
    }

    // A step that looks back on its record begins a page of its own if the page has said something of that record already.
    private static IEnumerable<IReadOnlyList<SampleStep>> Pages(IReadOnlyList<SampleStep> steps)
    {
        var (page, streams) = (new List<SampleStep>(), new HashSet<Guid>());
        foreach (var step in steps)
        {
            if (page.Count == StepsOnPage || (step.LooksBack && streams.Contains(step.Stream)))
            {
                yield return page;
                (page, streams) = ([], []);
            }

            page.Add(step);
            streams.UnionWith([step.Stream, .. step.Others]);
        }

        if (page.Count > 0)
        {
            yield return page;
        }
    }
}
