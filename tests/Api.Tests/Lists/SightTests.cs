using System.Text.Json;
using Crm.Api.Access;
using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Api.Opportunities;
using Crm.Api.Tests.Journeys;
using Crm.Domain;
using Crm.Domain.Opportunities;
using Microsoft.AspNetCore.Http;

namespace Crm.Api.Tests.Lists;

/// <summary>Who may not see everything sees nothing of the rest: not in lists, not in records, not in what is said of a mistake.</summary>
public sealed class SightTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static readonly Owners AnAndNorth = new(["An"], ["North"]);
    private static readonly Rejection Missing = Rejection.Unknown("opportunity.unknown", "There is no such opportunity.");

    private HttpClient Http => crm.Http;

    [Fact]
    public async Task Lists_hold_the_records_of_ones_reps_and_teams_now_and_then()
    {
        var (region, deals) = await Deals();
        var an = new Insight(crm, AnAndNorth);

        (await an.List(OpportunityAnswer.List, Of(region))).Select(Id).ShouldBe([deals[0].Id, deals[1].Id], ignoreOrder: true);
        (await an.List(OpportunityAnswer.List, Of(region) with { Times = new Times(AsOf: Moment.Of(DateTimeOffset.UtcNow.AddDays(1))) })).Count.ShouldBe(2);
        (await an.List(OpportunityAnswer.List, Of(region) with { Filter = "{\"not\":{\"field\":\"rep\",\"operator\":\"eq\",\"value\":\"An\"}}" })).Select(Id).ShouldBe([deals[1].Id]);
        (await new Insight(crm, new Owners([], [])).List(OpportunityAnswer.List, Of(region))).ShouldBeEmpty();
        (await an.Page(OpportunityAnswer.List, Of(region) with { Total = true })).Body.GetProperty("total").GetInt64().ShouldBe(2);
        (await new Insight(crm, AnAndNorth).List(LeadAnswer.List, new Asked(new Page(), new Times()))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_record_out_of_sight_is_like_one_that_never_was()
    {
        var (_, deals) = await Deals();
        var an = new Insight(crm, AnAndNorth);
        var records = an.Service<Records>();
        Func<IfNoneMatch, Guid, Task<IResult>>[] ways =
        [
            (held, id) => records.One(OpportunityAnswer.List, an.By, id, new RecordQuestion(new Times()), held, Missing, default),
            (held, id) => records.Events<IOpportunityEvent>(OpportunityAnswer.List, an.By, id, new Times(), held, Missing, default),
            async (_, id) => Results.Json((await records.Stream<IOpportunityEvent>(OpportunityAnswer.List, an.By, id, new Times(), Missing, default)).Events.Count)
        ];

        foreach (var way in ways)
        {
            (await an.Ask(request => way(IfNoneMatch.Nothing(request), deals[0].Id))).Status.ShouldBe(200);
            var (never, hidden) = (await an.Ask(request => way(IfNoneMatch.Nothing(request), Guid.NewGuid())), await an.Ask(request => way(IfNoneMatch.Nothing(request), deals[2].Id)));
            (hidden.Status, hidden.Body.ToString()).ShouldBe((404, never.Body.ToString()));
        }
    }

    [Fact]
    public async Task Hidden_members_are_in_no_answer()
    {
        var (region, deals) = await Deals();
        var blind = new Insight(crm, owners: null, "opportunity.amount", "opportunity.competitor");
        var records = blind.Service<Records>();

        var item = (await blind.List(OpportunityAnswer.List, Of(region)))[0];
        item.TryGetProperty("amount", out _).ShouldBeFalse();
        item.TryGetProperty("rep", out _).ShouldBeTrue();
        var one = await blind.Ask(request => records.One(OpportunityAnswer.List, blind.By, deals[0].Id, new RecordQuestion(new Times()), IfNoneMatch.Nothing(request), Missing, default));
        one.Body.TryGetProperty("amount", out _).ShouldBeFalse();
        var events = await blind.Ask(request => records.Events<IOpportunityEvent>(OpportunityAnswer.List, blind.By, deals[0].Id, new Times(), IfNoneMatch.Nothing(request), Missing, default));
        events.Body.ToString().ShouldNotContain("2345.67");
        var (_, stream) = await records.Stream<IOpportunityEvent>(OpportunityAnswer.List, blind.By, deals[0].Id, new Times(), Missing, default);
        var told = JsonSerializer.Serialize(await blind.Service<Telling>().Tell(stream, _ => true, blind.By, Languages.English, default));
        told.ShouldNotContain("2345.67");
        told.ShouldNotContain("USD");
        told.ShouldContain("An");
    }

    [Theory]
    [InlineData("amount")]
    [InlineData("currency")]
    public async Task A_hidden_field_is_refused_exactly_like_one_that_does_not_exist(string field)
    {
        var blind = new Insight(crm, owners: null, "opportunity.amount");
        var plain = new Asked(new Page(), new Times());

        await Same(name => plain with { Filter = $"{name}=1" });
        await Same(name => plain with { FilterJson = JsonSerializer.SerializeToElement(new { field = name, @operator = "eq", value = "1" }), InBody = true });
        await Same(name => plain with { Sort = [name] });
        await Same(name => plain with { Fields = [name] });
        await Same(name => plain with { Equal = [(name, name, "1")] });

        async Task Same(Func<string, Asked> ask)
        {
            // Names of one length, so that places are the same as well.
            var nothing = new string('q', field.Length);
            var (hidden, unknown) = (await blind.Page(OpportunityAnswer.List, ask(field)), await blind.Page(OpportunityAnswer.List, ask(nothing)));
            (hidden.Status, hidden.Body.ToString().Replace(field, nothing)).ShouldBe((400, unknown.Body.ToString()));
        }
    }

    [Fact]
    public async Task The_audit_trail_leaves_out_what_is_out_of_sight()
    {
        var (_, deals) = await Deals();
        var an = new Insight(crm, AnAndNorth, "opportunity.amount");
        var page = await an.Service<AuditReader>().Page(
            an.By, new AuditQuestion(new Page(Limit: 200), new Times()), new Lens(null, null, null), PositionToken.Parse(deals[^1].Position), Languages.English, default);

        page.Items.ShouldContain(entry => entry.SubjectId == deals[0].Id);
        page.Items.ShouldNotContain(entry => entry.SubjectId == deals[2].Id);
        page.Items.ShouldAllBe(entry => !entry.Sentence.Contains("2345.67"));
    }

    private async Task<(string Region, IReadOnlyList<Reply> Deals)> Deals()
    {
        var region = Guid.NewGuid().ToString("N");
        Reply[] deals =
        [
            await Http.Open(new { region, rep = "An", amount = Talk.Money(12345.67m) }), await Http.Open(new { region, rep = "Bo", team = "North", amount = Talk.Money(12345.67m) }),
            await Http.Open(new { region, rep = "Bo", team = "South", amount = Talk.Money(12345.67m) }), await Http.Open(new { region })
        ];
        (await Http.Read("opportunities?limit=1", ("Crm-Min-Position", deals[^1].Position))).Ok();
        return (region, deals);
    }

    private static Asked Of(string region) => new(new Page(), new Times()) { Equal = [("region", "region", region)] };

    private static Guid Id(JsonElement item) => item.GetProperty("id").GetGuid();
}
