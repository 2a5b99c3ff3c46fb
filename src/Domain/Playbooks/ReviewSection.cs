namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>What whoever has an opportunity is asked once it is won or lost.</summary>
/// <param name="Title">Of the task that asks him, such as 赢单复盘.</param>
/// <param name="Won">Asked of one that is won; left out, nothing is.</param>
/// <param name="Lost">Asked of one that is lost; left out, nothing is.</param>
/// <param name="DueWorkdays">Within how many workdays, or days where no calendar is named.</param>
/// <param name="Calendar">In which workdays are counted.</param>
public sealed record ReviewSection(
    [Text(200)] string Title, [Items(20)] IReadOnlyList<ReviewQuestionSection>? Won = null,
    [Items(20)] IReadOnlyList<ReviewQuestionSection>? Lost = null, [Between(1, 250)] int DueWorkdays = 3,
        [Text(40)] string? Calendar = null);

/// <param name="Key">By which answers name it.</param>
/// <param name="Question">Such as 赢单关键因素.</param>
/// <param name="Choices">Answers to choose from, word for word; left out, it is answered in free words.</param>
/// <param name="Several">Whether more than one can be chosen.</param>
/// <param name="IsOptional">Whether it can be left unanswered.</param>
public sealed record ReviewQuestionSection(
    [Text(40)] string Key, [Text(200)] string Question, [Items(50), Text(80)] IReadOnlyList<string>? Choices = null, bool Several = false,
    bool IsOptional = false);
