namespace Crm.Api.Ops.Demo;

/// <summary>One thing that is said in the life of the sample company.</summary>
/// <param name="Stream">The record that it is said of.</param>
/// <param name="RecordedAt">When it is said.</param>
/// <param name="OccurredAt">When it happened; before that where somebody was late to say so.</param>
/// <param name="LooksBack">It is decided on what was so earlier, or names an earlier fact, so all before it must have been written.</param>
/// <param name="Tell">Decides it, on a page of the story.</param>
internal sealed record SampleStep(
    Guid Stream, DateTimeOffset RecordedAt, DateTimeOffset OccurredAt, bool LooksBack, Func<SamplePage, SampleStep, Task> Tell)
{
    /// <summary>Other records that take part in it.</summary>
    public IReadOnlyList<Guid> Others { get; init; } = [];
}
