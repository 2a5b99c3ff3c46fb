using Crm.Domain;
using Crm.EventModel;

namespace Crm.Api.Ops.Demo;

/// <summary>What is said of one record, in the order of saying it.</summary>
internal sealed class SampleStory<TState, TCommand, TEvent>(Decider<TState, TCommand, TEvent> decider, Guid stream)
    where TState : class where TCommand : notnull where TEvent : notnull
{
    private readonly List<SampleStep> steps = [];

    public Guid Stream => stream;

    public IReadOnlyList<SampleStep> Steps => steps;

    /// <summary>How the record begins.</summary>
    public void Begin(DateTimeOffset recordedAt, DateTimeOffset occurredAt, Func<SamplePage, Task<TCommand>> command) =>
        steps.Add(new SampleStep(stream, Cut(recordedAt), Cut(occurredAt), LooksBack: false, async (page, step) =>
            await page.Say(decider, step, stream, await command(page), begins: true)));

    public void Say(DateTimeOffset at, Func<SamplePage, TCommand> command) => Say(at, at, command);

    /// <summary>Says late what happened earlier.</summary>
    public void Say(DateTimeOffset recordedAt, DateTimeOffset occurredAt, Func<SamplePage, TCommand> command) =>
        Add(recordedAt, occurredAt, looksBack: occurredAt < recordedAt, page => Task.FromResult(command(page)));

    /// <summary>Tells of a touch, or notes something, perhaps days later; neither rests on what was so then.</summary>
    public void Report<T>(DateTimeOffset recordedAt, DateTimeOffset occurredAt, Func<SamplePage, Task<T>> command) where T : TCommand, IMayPredate =>
        Add(recordedAt, occurredAt, looksBack: false, async page => await command(page));

    /// <summary>Puts right the last fact of a kind.</summary>
    public void Correct<TFact>(DateTimeOffset at, Func<SamplePage, Recorded, TFact, TCommand> command) where TFact : TEvent =>
        steps.Add(new SampleStep(stream, Cut(at), Cut(at), LooksBack: true, async (page, step) =>
        {
            var fact = (await page.Written(stream)).Last(e => e.Data is TFact);
            await page.Say(decider, step, stream, command(page, fact, (TFact)fact.Data));
        }));

    /// <summary>Something that other records take part in.</summary>
    public void Share(DateTimeOffset at, IReadOnlyList<Guid> others, Func<SamplePage, SampleStep, Task> tell) =>
        steps.Add(new SampleStep(stream, Cut(at), Cut(at), LooksBack: false, tell) { Others = others });

    private void Add(DateTimeOffset recordedAt, DateTimeOffset occurredAt, bool looksBack, Func<SamplePage, Task<TCommand>> command) =>
        steps.Add(new SampleStep(stream, Cut(recordedAt), Cut(occurredAt), looksBack, async (page, step) =>
            await page.Say(decider, step, stream, await command(page))));

    private static DateTimeOffset Cut(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond));
}
