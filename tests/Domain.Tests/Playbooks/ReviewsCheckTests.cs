using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Playbooks;

public sealed class ReviewsCheckTests
{
    private static readonly ReviewQuestionSection Cause = new("cause", "Why", ["price", "timing"]);

    [Fact]
    public void Questions_about_either_end_are_well() => FaultsOf(new ReviewSection("Review", Lost: [Cause])).ShouldBeEmpty();

    [Fact]
    public void A_review_asks_something() => FaultsOf(new ReviewSection("Review", Won: [])).ShouldBe([" playbook.review-empty"]);

    [Fact]
    public void Its_calendar_is_in_the_document() =>
        FaultsOf(new ReviewSection("Review", Won: [Cause], Calendar: "office")).ShouldBe(["/calendar playbook.calendar-unknown"]);

    [Fact]
    public void A_choice_has_something_to_choose_from()
    {
        FaultsOf(new ReviewSection("Review", Won: [Cause with { Choices = ["price"] }]))
            .ShouldBe(["/won/0/choices playbook.review-choices"]);
        FaultsOf(new ReviewSection("Review", Won: [Cause with { Choices = ["price", "price"] }]))
            .ShouldBe(["/won/0/choices playbook.review-choices"]);
        FaultsOf(new ReviewSection("Review", Won: [Cause with { Choices = null, Several = true }]))
            .ShouldBe(["/won/0/several playbook.review-choices"]);
        FaultsOf(new ReviewSection("Review", Won: [Cause, Cause])).ShouldBe(["/won/1/key playbook.twice"]);
    }

    private static IEnumerable<string> FaultsOf(ReviewSection review) => PlaybookCheck
        .Of(new PlaybookDocument("Sales", [new("sales", "Sales", [new("Need")], Review: review)]), FixedZone.Shanghai, Braces.Balanced)
        .Select(fault => $"{fault.Pointer["/pipelines/0/review".Length..]} {fault.Code}");
}
