using System.Collections.Concurrent;

namespace Crm.Api;

/// <summary>
/// The same question at the same position has the same answer: while one is worked out, others who need no later position wait for it, and it
/// stands until the model moves on.
/// </summary>
public sealed class SharedAnswers<TQuestion, TAnswer> where TQuestion : notnull
{
    private const int Most = 1000;

    // Should another process follow from now on, nobody here would hear that the model moves.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TQuestion, Shared> answers = new();

    /// <param name="position">The least position that the answer has to show, the newest known here included.</param>
    public Task<TAnswer> Get(TQuestion question, long position, Func<Task<TAnswer>> answer)
    {
        if (answers.TryGetValue(question, out var known) && known.Position >= position && !known.Answer.IsFaulted && !known.Answer.IsCanceled
            && TimeProvider.System.GetElapsedTime(known.Since) < Longest)
        {
            return known.Answer;
        }

        if (answers.Count >= Most)
        {
            answers.Clear();
        }

        var shared = new Shared(position, TimeProvider.System.GetTimestamp(), answer());
        answers[question] = shared;
        return shared.Answer;
    }

    private sealed record Shared(long Position, long Since, Task<TAnswer> Answer);
}
