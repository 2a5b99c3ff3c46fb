using Crm.Domain.Activities;
using Crm.Domain.Leads;

namespace Crm.Domain.Tests.Leads;

public sealed class LeadMergeTests
{
    private static readonly Guid A = Guid.Parse("01920000-0000-7000-8000-00000000000a");
    private static readonly Guid B = Guid.Parse("01920000-0000-7000-8000-00000000000b");
    private static readonly Guid C = Guid.Parse("01920000-0000-7000-8000-00000000000c");
    private static readonly Guid D = Guid.Parse("01920000-0000-7000-8000-00000000000d");
    private static readonly Personal Mail = new("enc:v1:k1:bWFpbA==");

    [Fact]
    public void The_whole_borrows_what_it_does_not_know()
    {
        var (part, whole) = (Of(new LeadCaptured("fair", "Other", Email: Mail, Employees: 70)), Of(new LeadCaptured("web", "Acme")));

        var facts = LeadMerge.Decide(part, Said(B), whole, A);

        facts.Part.ShouldBe([new LeadMerged(A)]);
        var merged = After(whole, facts.Whole);
        merged.Details.ShouldBe(new LeadCaptured("web", "Acme", Email: Mail, Employees: 70));
        merged.TouchCount.ShouldBe(2);
    }

    [Fact]
    public void Merged_twice_nothing_happens()
    {
        var (part, whole) = Merged(Of(new LeadCaptured("fair")), B, Of(new LeadCaptured("web")), A);

        var facts = LeadMerge.Decide(part, Said(B), whole, A);

        facts.Part.ShouldBeEmpty();
        facts.Whole.ShouldBeEmpty();
    }

    [Fact]
    public void A_part_is_not_merged_again_nor_merged_into()
    {
        var (part, _) = Merged(Of(new LeadCaptured("fair")), B, Of(new LeadCaptured("web")), A);
        var other = Of(new LeadCaptured("mail"));

        Should.Throw<Rejection>(() => LeadMerge.Decide(part, Said(B), other, C)).Code.ShouldBe("lead.merged");
        Should.Throw<Rejection>(() => LeadMerge.Decide(other, Said(C), part, B)).Code.ShouldBe("lead.merged");
    }

    [Fact]
    public void A_qualified_lead_stays_the_whole()
    {
        var qualified = Of(new LeadCaptured("web"), new LeadQualified(C, D));

        Should.Throw<Rejection>(() => LeadMerge.Decide(qualified, Said(A), Of(new LeadCaptured("fair")), B)).Code.ShouldBe("lead.qualified");
        LeadMerge.Decide(Of(new LeadCaptured("fair")), Said(B), qualified, A).Whole.Count.ShouldBe(1);
    }

    [Fact]
    public void A_part_takes_nothing_but_what_was_said_before()
    {
        var touch = new TouchLead(D, TouchKind.Call, Direction.Outbound);
        var part = Of(new LeadCaptured("web"), new LeadTouched(D, TouchKind.Call, Direction.Outbound), new LeadMerged(A));

        LeadDecider.Decide(part, touch).ShouldBeEmpty();
        Should.Throw<Rejection>(() => LeadDecider.Decide(part, touch with { TouchId = C })).Code.ShouldBe("lead.merged");
        Should.Throw<Rejection>(() => LeadDecider.Decide(part, new AssignLead("ann"))).Code.ShouldBe("lead.merged");
    }

    [Fact]
    public void Taken_back_both_are_as_if_they_had_never_been_one()
    {
        var (one, other) = (Of(new LeadCaptured("web", "Acme")), Of(new LeadCaptured("fair", "Other", Email: Mail), Touch(D)));
        var (part, whole) = Merged(other, B, one, A);

        var (partAfter, wholeAfter) = Parted(B, part, whole, A, [new LeadCaptured("web", "Acme"), Absorbed(whole, B)]);

        wholeAfter.Details.ShouldBe(one.Details);
        wholeAfter.TouchCount.ShouldBe(1);
        wholeAfter.Absorbed.ShouldBeEmpty();
        wholeAfter.Released.ShouldBe([B]);
        partAfter.MergedInto.ShouldBeNull();
        partAfter.TouchCount.ShouldBe(2);
        partAfter.Details.ShouldBe(other.Details);
    }

    [Fact]
    public void What_came_in_by_a_part_goes_with_it()
    {
        // B is part of A; C was captured with a key of B, D with one of A; a touch was recorded with B, one with A.
        var (part, whole) = Merged(Of(new LeadCaptured("fair")), B, Of(new LeadCaptured("web")), A);
        List<ILeadEvent> between =
        [
            Absorbed(whole, B), new LeadAbsorbed(C, Touches: 1, Via: B, Company: "By C"), new LeadAbsorbed(D, Touches: 1, Company: "By D"),
            Touch(Guid.Parse("00000000-0000-0000-0000-000000000001")) with { Via = B }, Touch(Guid.Parse("00000000-0000-0000-0000-000000000002"))
        ];
        whole = After(whole, between.Skip(1));
        whole.TouchCount.ShouldBe(6);
        whole.Details!.Company.ShouldBe("By C");

        var (partAfter, wholeAfter) = Parted(B, part, whole, A, between);

        wholeAfter.Absorbed.Keys.ShouldBe([D]);
        wholeAfter.TouchCount.ShouldBe(3, "its capture, that of D, one touch");
        wholeAfter.Details!.Company.ShouldBe("By D");
        partAfter.Absorbed.Keys.ShouldBe([C]);
        partAfter.Absorbed[C].Via.ShouldBeNull();
        partAfter.TouchCount.ShouldBe(3);
        partAfter.Details!.Company.ShouldBe("By C");
    }

    [Fact]
    public void A_part_of_a_part_waits_until_that_one_is_out()
    {
        var (c, b) = Merged(Of(new LeadCaptured("fair")), C, Of(new LeadCaptured("mail")), B);
        var (_, whole) = Merged(b, B, Of(new LeadCaptured("web")), A);

        Should.Throw<Rejection>(() => LeadMerge.TakeBack(C, c, whole, A, [])).Code.ShouldBe("lead.merged-below");
    }

    [Fact]
    public void What_is_cleared_is_not_borrowed_any_more()
    {
        var (_, whole) = Merged(Of(new LeadCaptured("fair", "Other", Email: Mail)), B, Of(new LeadCaptured("web")), A);

        var facts = LeadDecider.Decide(whole, new ChangeLead(Cleared: ["email"]));

        After(whole, facts).Details.ShouldBe(new LeadCaptured("web", "Other"));
    }

    private static LeadAbsorbed Said(Guid lead) => new(lead, Touches: 0, MatchedBy: ["phone"]);

    private static LeadTouched Touch(Guid id) => new(id, TouchKind.Call, Direction.Inbound);

    private static Lead Of(params ILeadEvent[] facts) => After(Lead.None, facts);

    private static Lead After(Lead lead, IEnumerable<ILeadEvent> facts) => facts.Aggregate(lead, Lead.Evolve);

    private static LeadAbsorbed Absorbed(Lead whole, Guid part) => whole.Absorbed[part];

    private static (Lead Part, Lead Whole) Merged(Lead part, Guid id, Lead whole, Guid into)
    {
        var facts = LeadMerge.Decide(part, Said(id), whole, into);
        return (After(part, facts.Part), After(whole, facts.Whole));
    }

    private static (Lead Part, Lead Whole) Parted(Guid id, Lead part, Lead whole, Guid from, IReadOnlyList<ILeadEvent> history)
    {
        var separation = LeadMerge.TakeBack(id, part, whole, from, history);
        var facts = separation.Facts(lastTouchAt: null);
        return (After(part, [.. facts.Part, .. separation.Between.Select(fact => fact.Fact)]), After(whole, facts.Whole));
    }
}
