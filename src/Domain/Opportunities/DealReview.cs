using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>Whoever had a deal says what is to be learned from it.</summary>
/// <param name="Answers">By the questions of the playbook in force.</param>
/// <param name="Industry">The customer's.</param>
public sealed record ReviewOpportunity(IReadOnlyList<ReviewSaid> Answers, Playbook Playbook, string? Industry = null) : IOpportunityCommand;

/// <param name="Key">Of the question.</param>
public sealed record ReviewSaid(string Key, IReadOnlyList<string>? Choices = null, string? Text = null);

/// <summary>What is asked of a deal that is decided, and which answers do.</summary>
public static class DealReview
{
    /// <summary>What is asked, by the playbook in force; none where it asks nothing, or the deal is open.</summary>
    public static IReadOnlyList<ReviewQuestionSection> Questions(Opportunity deal, Playbook playbook) =>
        Questions(playbook.Road(deal.Opened?.Pipeline ?? "")?.Review, deal.Outcome);

    public static IReadOnlyList<ReviewQuestionSection> Questions(ReviewSection? review, OpportunityOutcome outcome) => outcome switch
    {
        OpportunityOutcome.Won => review?.Won ?? [],
        OpportunityOutcome.Lost => review?.Lost ?? [],
        _ => []
    };

    internal static IReadOnlyList<IOpportunityEvent> Decide(Opportunity deal, ReviewOpportunity c)
    {
        if (!deal.IsClosed)
        {
            throw Rejection.WrongState("opportunity.not-closed", "Only what is won or lost is looked back upon.");
        }

        var questions = Questions(deal, c.Playbook);
        if (questions.Count == 0)
        {
            throw Rejection.WrongState(
                "opportunity.no-review", $"Pipeline '{deal.Opened!.Pipeline}' asks nothing of deals that are {Word(deal.Outcome)}.");
        }

        var faults = Faults(questions, c.Answers).ToList();
        if (faults.Count > 0)
        {
            throw Rejection.BrokenRules("opportunity.review", $"{faults.Count} of the answers will not do; errors names each.", faults);
        }

        var said = c.Answers.ToDictionary(answer => answer.Key);
        List<ReviewAnswer> answers =
        [
            .. questions.Where(question => said.ContainsKey(question.Key)).Select(question => new ReviewAnswer(
                question.Key, question.Question, said[question.Key].Choices, said[question.Key].Text))
        ];
        return deal.Review is { } known && known.Answers.Count == answers.Count && known.Answers.Zip(answers)
            .All(both => IsSame(both.First, both.Second))
            ? [] : [new OpportunityReviewed(deal.Outcome, answers, c.Playbook.Number, c.Industry)];
    }

    private static IEnumerable<RuleFault> Faults(IReadOnlyList<ReviewQuestionSection> questions, IReadOnlyList<ReviewSaid> answers)
    {
        var byKey = questions.ToDictionary(question => question.Key);
        foreach (var (i, answer) in answers.Index())
        {
            if (!byKey.TryGetValue(answer.Key, out var question))
            {
                yield return Fault(i, "key", $"There is no question '{answer.Key}'; there are: {string.Join(", ", byKey.Keys)}.");
            }
            else if (answers.Take(i).Any(earlier => earlier.Key == answer.Key))
            {
                yield return Fault(i, "key", $"'{answer.Key}' is answered twice.");
            }
            else if (question.Choices is { } choices && Unfit(question, choices, answer) is { } why)
            {
                yield return Fault(i, "choices", why);
            }
            else if (question.Choices is null && (answer.Choices is not null || string.IsNullOrWhiteSpace(answer.Text)))
            {
                yield return Fault(i, "text", $"'{question.Question}' is answered in free words, as text.");
            }
        }

        foreach (var missing in questions.Where(question => !question.IsOptional && answers.All(answer => answer.Key != question.Key)))
        {
            yield return new("/answers", "opportunity.review-answer", $"'{missing.Key}' ({missing.Question}) is not answered.");
        }
    }

    private static string? Unfit(ReviewQuestionSection question, IReadOnlyList<string> choices, ReviewSaid answer) =>
        answer.Choices is not { Count: > 0 } chosen || answer.Text is not null || chosen.Except(choices).Any()
            ? $"'{question.Question}' is answered by choices of: {string.Join(", ", choices)}."
            : chosen.Distinct().Count() < chosen.Count || (chosen.Count > 1 && !question.Several)
                ? $"'{question.Question}' takes {(question.Several ? "each choice once" : "one choice")}." : null;

    private static RuleFault Fault(int i, string member, string message) =>
        new($"/answers/{i}/{member}", "opportunity.review-answer", message);

    private static bool IsSame(ReviewAnswer known, ReviewAnswer said) =>
        known.Key == said.Key && known.Text == said.Text && (known.Choices ?? []).SequenceEqual(said.Choices ?? []);

    private static string Word(OpportunityOutcome outcome) => outcome.ToString().ToLowerInvariant();
}
