using Crm.Domain.SpotChecks;

namespace Crm.Domain.Tests.SpotChecks;

public sealed class SpotCheckTests() : Spec<SpotCheck, ISpotCheckCommand, ISpotCheckEvent>(SpotCheckDecider.Instance)
{
    private static readonly DateOnly Monday = new(2026, 3, 2);
    private static readonly DateOnly Tuesday = Monday.AddDays(1);
    private static readonly IReadOnlyList<Guid> Leads =
        [.. Enumerable.Range(1, 40).Select(i => new Guid(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]))];
    private static readonly DrawSpotCheck Draw = new(Monday, Tuesday, "Asia/Shanghai", "main 2026-03-02", 3, Leads, AtPosition: 1042);
    private static readonly SpotCheckDrawn Drawn =
        new(Monday, "Asia/Shanghai", Draw.Seed, 3, 40, 1042, SpotCheckDraw.Of(Draw.Seed, Leads, 3));

    [Fact]
    public void Three_are_drawn_and_it_is_said_from_how_many() =>
        Given().When(Draw).Then(Drawn);

    [Fact]
    public void The_same_seed_gives_the_same_three_in_whichever_order_the_leads_come()
    {
        var three = SpotCheckDraw.Of("seed", Leads, 3);

        SpotCheckDraw.Of("seed", Leads.Reverse(), 3).ShouldBe(three);
        SpotCheckDraw.Of("seed", Leads, 20).Take(3).ShouldBe(three);
        SpotCheckDraw.Of("other seed", Leads, 3).ShouldNotBe(three);
    }

    [Fact]
    public void A_draw_can_be_checked_by_hand() =>
        // printf '%s' 'main 2026-03-02 0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52' | sha256sum
        SpotCheckDraw.HashOf("main 2026-03-02", Guid.Parse("0198C5F2-7B1E-7C3A-9D39-5B0F6B1A8E52"))
            .ShouldBe("d3a42009a9362cc91f34d6806c21ef871faf9dcdeae537d2ee8cfc87c7e58ecd");

    [Fact]
    public void Where_there_are_fewer_all_are_drawn() =>
        SpotCheckDraw.Of("seed", Leads.Take(2), 3).Count.ShouldBe(2);

    [Fact]
    public void A_day_is_drawn_once()
    {
        Given(Drawn).When(Draw with { NewLeads = Leads.Take(7).ToList(), AtPosition = 2000 }).ThenNothing();
        Given(Drawn).When(Draw with { Seed = "one that suits me" }).ThenRejected("spot-check.drawn")
            .Kind.ShouldBe(RejectionKind.WrongState);
        Given(Drawn).When(Draw with { Count = 4 }).ThenRejected("spot-check.drawn");
    }

    [Fact]
    public void A_day_is_over_and_has_leads_before_any_are_drawn()
    {
        Given().When(Draw with { Today = Monday }).ThenRejected("spot-check.day", "day");
        Given().When(Draw with { NewLeads = [] }).ThenRejected("spot-check.no-leads");
    }

    [Fact]
    public void Only_those_that_were_drawn_are_called()
    {
        Given().When(Call(0)).ThenRejected("spot-check.unknown").Kind.ShouldBe(RejectionKind.Unknown);
        Given(Drawn).When(Call(0)).Then(Called(0));
        Given(Drawn).When(new CallSpotCheck(Guid.Empty, Reached: true)).ThenRejected("spot-check.lead", "leadId");
    }

    [Fact]
    public void What_came_of_a_call_can_be_said_anew_until_it_is_published()
    {
        Given(Drawn, Called(0)).When(Call(0)).ThenNothing();
        Given(Drawn, Called(0)).When(Call(0) with { Genuine = false }).Then(Called(0) with { Genuine = false });
        Given([Drawn, .. All, Published]).When(Call(0) with { Genuine = false }).ThenRejected("spot-check.published");
    }

    [Fact]
    public void It_is_published_once_all_have_been_called()
    {
        Given(Drawn, Called(0)).When(new PublishSpotCheck(["chen"])).ThenRejected("spot-check.not-called");
        Given([Drawn, .. All]).When(new PublishSpotCheck(["chen"])).Then(Published);
        Given([Drawn, .. All, Published]).When(new PublishSpotCheck(["li"])).ThenNothing();
    }

    [Fact]
    public void Those_who_are_to_be_told_hear_the_figures() =>
        TellOfSpotCheck.React(After([Drawn, .. All]), Published).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            notice => notice.To.ShouldBe("chen"),
            notice => notice.Params.Values.ShouldBe(["2026-03-02", "3", "2", "2"]));

    private static ISpotCheckEvent[] All => [Called(0), Called(1), new SpotCheckCalled(Drawn.Leads[2].LeadId, Reached: false)];

    private static SpotCheckPublished Published => new(Called: 3, Reached: 2, Genuine: 2, ["chen"]);

    private static CallSpotCheck Call(int lead) => new(Drawn.Leads[lead].LeadId, Reached: true, Genuine: true);

    private static SpotCheckCalled Called(int lead) => new(Drawn.Leads[lead].LeadId, Reached: true, Genuine: true);
}
