using System.Diagnostics;
using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Leaks;
using Crm.Domain.Scoring.Training;
using Xunit.Abstractions;

namespace Crm.Domain.Tests.Scoring;

public sealed class XEducationTests(ITestOutputHelper output)
{
    private static readonly ExampleTable? Leads = XEducation.Read();

    [Theory]
    [InlineData(true, 0.89)]
    [InlineData(false, 0.865)]
    public void Leads_of_X_Education_are_told_apart_by_what_was_known_before_the_sales_work(bool withLastActivity, double least)
    {
        string[] late = [.. XEducation.Late, .. withLastActivity ? [] : (string[])[XEducation.LastActivity]];
        if (Train(XEducation.Plan with { NotKnownAtCapture = late }) is not { } card)
        {
            return;
        }

        ((double)card.Together!.RocAuc!).ShouldBeInRange(least, 0.93);
        card.Together.CalibrationError.ShouldBeLessThanOrEqualTo(0.03m);
        card.Left.Where(left => left.Reason == LeftReason.LikeAnId).Select(left => left.Field).ShouldBe(["Prospect ID", "Lead Number"]);
        card.Left.Count(left => left.Reason == LeftReason.SingleValue).ShouldBe(5);
    }

    [Fact]
    public void The_guard_names_what_sales_wrote_down_afterwards()
    {
        if (Train(XEducation.Plan with { Strengths = [3], Bins = [10], LeastCounts = [20] }) is not { } card)
        {
            return;
        }

        card.Findings.ShouldAllBe(finding => !finding.IsLeftOut);
        card.Used.ShouldContain("Tags");
        card.Findings.ShouldContain(finding => finding.Field == "Tags" && finding.Kind == LeakKind.SaysMuchAlone);
        card.Findings.ShouldContain(finding => finding.Field == "Lead Quality" && finding.Kind == LeakKind.PinnedByValue);
    }

    private ModelCard? Train(TrainingPlan plan)
    {
        if (Leads is null)
        {
            output.WriteLine("Skipped: there is no shared/data/x-education-leads beside the repository.");
            return null;
        }

        var began = Stopwatch.GetTimestamp();
        var card = ScoreTraining.Train(Leads, plan).Card;
        output.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        output.WriteLine(card.Said());
        return card;
    }
}
