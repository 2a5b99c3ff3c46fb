using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.Projections.Leads;
using Crm.Projections.Opportunities;

namespace Crm.Projections.Tests;

/// <summary>What was taken back counts as if it had never been said, whatever was said before and after.</summary>
public sealed class RetractionTests
{
    private static readonly Guid Import = Guid.NewGuid();

    [Fact]
    public void A_record_of_which_everything_was_taken_back_is_none()
    {
        var story = new Story<LeadList.Row>(new LeadList());
        var (captured, assigned) = (story.On(0, new LeadCaptured("fair", "Acme")), story.On(1, new LeadAssigned("rosa")));

        story.On(9, new LeadImportUndone(Import, [captured, assigned]));

        story.Row.ShouldBeNull();
        story.RowAsOf(5).ShouldBeNull("it was never so");
    }

    [Fact]
    public void Every_choice_of_facts_that_are_taken_back_leaves_what_the_others_say()
    {
        object[] facts =
        [
            new OpportunityOpened("Deal", OpportunityType.New, Money.Of(100m, "EUR"), "b2b", "Lead"), new OpportunityStageEntered("Offer"),
            new OpportunityAmountChanged(Money.Of(120m, "EUR")), new OpportunityAssigned("rosa"), new OpportunityStageEntered("Lead"), new OpportunityWon(Money.Of(110m, "EUR"))
        ];
        for (var choice = 0; choice < 1 << facts.Length; choice++)
        {
            var (story, without) = (new Story<OpportunityList.Row>(new OpportunityList()), new Story<OpportunityList.Row>(new OpportunityList()));
            var gone = new List<Guid>();
            foreach (var (i, fact) in facts.Index())
            {
                var day = (i * 5) % facts.Length;                               // not in the order of recording
                var id = story.On(day, fact);
                if ((choice & (1 << i)) != 0)
                {
                    gone.Add(id);
                }
                else
                {
                    without.On(day, fact);
                }
            }

            story.On(20, new OpportunityImportUndone(Import, gone));

            story.Row.ShouldBe(without.Row, $"choice {choice}");
            story.RowAsOf(3).ShouldBe(without.RowAsOf(3), $"choice {choice}");
        }
    }

    [Fact]
    public void What_is_taken_back_cannot_be_corrected_any_more_and_what_was_corrected_is_taken_back_as_well()
    {
        var story = new Story<OpportunityList.Row>(new OpportunityList());
        story.On(0, new OpportunityOpened("Deal", OpportunityType.New, Money.Of(100m, "EUR"), "b2b", "Lead"));
        var changed = story.On(1, new OpportunityAmountChanged(Money.Of(120m, "EUR")));
        story.On(2, new OpportunityCorrected(changed, "typo", Withdrawn: false, Amount: Money.Of(125m, "EUR")));

        story.On(3, new OpportunityImportUndone(Import, [changed]));
        story.Row!.Amount.ShouldBe(100m);
        story.On(4, new OpportunityCorrected(changed, "typo", Withdrawn: false, Amount: Money.Of(130m, "EUR")));

        story.Row!.Amount.ShouldBe(100m);
        story.Row.ShouldNotBeNull();
    }

    [Fact]
    public void A_retraction_makes_the_row_anew()
    {
        var first = new Recorded("acme", Guid.NewGuid(), 2, 2, Guid.NewGuid(), "lead_import_undone", new LeadImportUndone(Import, []), Monday, Monday, new Metadata());

        FoldOrder.Follows(first, Monday.AddDays(-1), EventCatalog.Types).ShouldBeFalse();
    }

    private static DateTimeOffset Monday => Story<LeadList.Row>.Monday;
}
