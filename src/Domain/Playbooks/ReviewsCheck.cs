namespace Crm.Domain.Playbooks;

/// <summary>What stands against the questions that a pipeline asks when a deal is decided.</summary>
internal static class ReviewsCheck
{
    public static IEnumerable<PlaybookFault> Of(PlaybookDocument document) => (document.Pipelines ?? []).SelectMany(
        (pipeline, i) => pipeline.Review is { } review ? Of($"/pipelines/{i}/review", review, document) : []);

    private static IEnumerable<PlaybookFault> Of(string at, ReviewSection review, PlaybookDocument document)
    {
        if (review is { Won: null or { Count: 0 }, Lost: null or { Count: 0 } })
        {
            yield return new(at, "playbook.review-empty", "Ask something of deals that are won, or of those that are lost.");
        }

        if (review.Calendar is { } calendar && document.Calendars?.Any(one => one.Key == calendar) != true)
        {
            yield return new($"{at}/calendar", "playbook.calendar-unknown", $"There is no calendar '{calendar}' in this document.");
        }

        foreach (var fault in Of($"{at}/won", review.Won).Concat(Of($"{at}/lost", review.Lost)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<PlaybookFault> Of(string at, IReadOnlyList<ReviewQuestionSection>? questions) =>
    [
        .. PlaybookFault.Twice(at, (questions ?? []).Select(question => question.Key)),
        .. (questions ?? []).Index().Where(one => one.Item is { Choices: { } choices } && choices.Distinct().Count() < Math
            .Max(2, choices.Count))
            .Select(one => new PlaybookFault($"{at}/{one.Index}/choices", "playbook.review-choices",
                "Name at least two answers, each once.")),
        .. (questions ?? []).Index().Where(one => one.Item is { Several: true, Choices: null })
            .Select(one => new PlaybookFault($"{at}/{one.Index}/several", "playbook.review-choices",
                "Only of answers to choose from can several be chosen."))
    ];
}
