using Crm.Domain.Compliance;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Compliance;

public sealed class ComplianceScoreTests
{
    [Fact]
    public void Every_action_counts_alike_whichever_part_it_is_of()
    {
        var score = ComplianceScore.Of([new(RequiredPart.FirstResponses, 8, 10), new(RequiredPart.Tasks, 9, 9),
            new(RequiredPart.Commitments, 1, 1)], weight: 15);

        (score.Score, score.Points).ShouldBe((90m, 13.5m));
    }

    [Fact]
    public void A_score_is_rounded_half_to_even_and_its_points_are_not_rounded_twice()
    {
        var third = ComplianceScore.Of([new(RequiredPart.Tasks, 1, 3)], weight: 15);

        (third.Score, third.Points).ShouldBe((33.33m, 5m));
    }

    [Fact]
    public void Where_nothing_was_required_there_is_no_score() =>
        ComplianceScore.Of([new(RequiredPart.Tasks, 0, 0)], weight: 15).Score.ShouldBeNull();

    [Fact]
    public void A_playbook_counts_something_and_each_once()
    {
        FaultsOf(new ComplianceSection()).ShouldBeEmpty();
        FaultsOf(new ComplianceSection(Parts: [])).ShouldBe(["/compliance/parts playbook.compliance-empty"]);
        FaultsOf(new ComplianceSection(Parts: [RequiredPart.Tasks, RequiredPart.Tasks])).ShouldBe(["/compliance/parts/1 playbook.twice"]);
    }

    private static IEnumerable<string> FaultsOf(ComplianceSection section) =>
        PlaybookCheck.Of(new PlaybookDocument("Sales", Compliance: section), FixedZone.Shanghai, Braces.Balanced)
            .Select(fault => $"{fault.Pointer} {fault.Code}");
}
