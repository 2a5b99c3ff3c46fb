using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Lists;

/// <summary>What lists can be asked, and how they say what is wrong with a question.</summary>
public sealed class FilterTests(ShanghaiServer crm) : IClassFixture<ShanghaiServer>
{
    private HttpClient Http => crm.Http;

    [Theory]
    [InlineData("name~öl", "Ölmühle")]
    [InlineData("name~ÖLM", "Ölmühle")]
    [InlineData("name~100%25", "Acme 100%")]
    [InlineData("name~_", "under_score")]
    [InlineData("name^acme", "Acme 100%")]
    [InlineData("amount>=300,amount<400", "苏州, 恒测")]
    [InlineData("amount in (100,400)", "Acme 100%", "under_score")]
    [InlineData("name~\"苏州, \"", "苏州, 恒测")]
    [InlineData("currency!=USD", "Ölmühle")]
    [InlineData("rep=An", "Acme 100%")]
    [InlineData("rep!=An", "Ölmühle", "苏州, 恒测", "under_score")]
    [InlineData("rep is null", "Ölmühle", "苏州, 恒测", "under_score")]
    [InlineData("rep>A", "Acme 100%")]
    [InlineData("tags has hot", "Ölmühle")]
    [InlineData("expectedClose<2026-07-01", "Acme 100%")]
    [InlineData("openedAt>=2026-03-02", "Ölmühle", "苏州, 恒测", "under_score")]
    [InlineData("openedAt<2026-03-02", "Acme 100%")]
    [InlineData("openedAt=2026-03-01T20:00:00%2B08:00", "Acme 100%")]
    [InlineData("""{"not":{"field":"expectedClose","operator":"lt","value":"2026-07-01"}}""", "Ölmühle", "苏州, 恒测", "under_score")]
    [InlineData("""{"any":[{"field":"rep","operator":"eq","value":"An"},{"not":{"field":"amount","operator":"lte","value":"300.00"}}]}""", "Acme 100%", "under_score")]
    public async Task A_filter_finds_what_it_says(string filter, params string[] names)
    {
        var (region, least) = await Deals();

        (await Http.Read($"opportunities?region={region}&sort=amount&filter={filter}", ("Crm-Min-Position", least))).All("name").ShouldBe(names.OrderBy(Order));
    }

    [Theory]
    [InlineData("amount", "Acme 100%", "Ölmühle", "苏州, 恒测", "under_score")]
    [InlineData("-amount", "under_score", "苏州, 恒测", "Ölmühle", "Acme 100%")]
    [InlineData("rep,-amount", "Acme 100%", "under_score", "苏州, 恒测", "Ölmühle")]
    [InlineData("-rep,amount", "Acme 100%", "Ölmühle", "苏州, 恒测", "under_score")]
    [InlineData("name", "Acme 100%", "under_score", "Ölmühle", "苏州, 恒测")]
    [InlineData("-expectedClose,-name", "Acme 100%", "苏州, 恒测", "Ölmühle", "under_score")]
    public async Task A_list_is_sorted_by_several_fields_with_what_is_unknown_at_the_end(string sort, params string[] names)
    {
        var (region, least) = await Deals();

        var pages = await Http.Pages($"opportunities?region={region}&limit=1&sort={sort}", least);
        pages.SelectMany(page => page.All("name")).ShouldBe(names);
    }

    [Theory]
    [InlineData("opportunities?filter=amuont%3E5", "filter", "unknown-field", "At character 1: There is no field 'amuont' here. Did you mean 'amount'?")]
    [InlineData("opportunities?filter=amount%3E5,name", "filter", "bad-filter", "At character 14: Here one of")]
    [InlineData("opportunities?filter={", "filter", "bad-filter", "At character 2")]
    [InlineData("opportunities?filter={\"all\":[{\"field\":\"amount\",\"operator\":\"gt\",\"value\":5}]}", "filter", "not-an-amount", "At /all/0/value: ")]
    [InlineData("leads?filter=contact=Wang", "filter", "unknown-field", "There is no field 'contact' here.")]
    [InlineData("leads?sort=phone", "sort", "unknown-field", "There is no field 'phone' here.")]
    [InlineData("imports/rows?filter=cells~x", "filter", "unknown-field", "There is no field 'cells' here.")]
    [InlineData("opportunities?sort=amount,amount", "sort", "not-together", "only once")]
    [InlineData("opportunities?sort=tags", "sort", "not-one-of", "no order")]
    [InlineData("opportunities?sort=name,amount,rep,team,region", "sort", "too-many", "At most 4")]
    [InlineData("opportunities?sort=opened_at", "sort", "unknown-field", "Did you mean 'openedAt'?")]
    [InlineData("opportunities?sort=id;drop table crm.lane", "sort", "unknown-field", "There is no field")]
    [InlineData("opportunities?fields=id,nmae", "fields", "unknown-field", "Did you mean 'name'?")]
    [InlineData("opportunities?fields=currency", "fields", "unknown-field", "There is no field 'currency' here.")]
    [InlineData("opportunities?expand=custmer", "expand", "not-one-of", "Did you mean 'customer'?")]
    [InlineData("leads?expand=customer", "expand", "unknown-parameter", "There is no parameter 'expand' here.")]
    [InlineData("opportunities?limt=5", "limt", "unknown-parameter", "Did you mean 'limit'?")]
    [InlineData("opportunities?filter=name=%00", "filter", "bad-text", "control character")]
    public async Task A_question_that_cannot_be_asked_is_refused_where_it_is_wrong(string path, string where, string code, string message)
    {
        var refusal = await (await Http.Read(path)).Refused();

        refusal.Status.ShouldBe(400);
        (refusal.Errors.Single().Where, refusal.Errors.Single().Code).ShouldBe((where, code));
        refusal.Errors.Single().Message.ShouldContain(message);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_question_is_said_at_once() =>
        (await (await Http.Read("opportunities?filter=nmae=x,amount%3Ey&sort=x&fields=y&expand=z")).Refused()).Errors.Select(e => e.Where)
            .ShouldBe(["filter", "filter", "sort", "fields", "expand"]);

    [Fact]
    public async Task Only_what_was_asked_for_is_answered()
    {
        var (region, least) = await Deals();
        var page = (await Http.Read($"opportunities?region={region}&fields=id,amount&limit=3&total=true", ("Crm-Min-Position", least))).Ok();

        page.Body.GetProperty("items")[0].EnumerateObject().Select(member => member.Name).ShouldBe(["id", "amount"]);
        (page["total"], page["totalIsCapped"]).ShouldBe(("4", "False"));
        (await Http.Read($"opportunities?region={region}")).Body.TryGetProperty("total", out _).ShouldBeFalse();
    }

    // Four deals with everything that is hard to find, or to sort.
    private async Task<(string Region, string? Position)> Deals()
    {
        var region = Guid.NewGuid().ToString("N");
        await Http.Open(new { name = "Acme 100%", region, rep = "An", amount = Talk.Money(100m), expectedClose = "2026-06-30", occurredAt = "2026-03-01T12:00:00Z" });
        await Http.Open(new { name = "Ölmühle", region, amount = Talk.Money(200m, "EUR"), tags = new[] { "hot", "new" }, occurredAt = "2026-03-01T16:00:00Z" });
        await Http.Open(new { name = "苏州, 恒测", region, amount = Talk.Money(300m), occurredAt = "2026-03-02T00:00:00Z" });
        var last = await Http.Open(new { name = "under_score", region, amount = Talk.Money(400m), occurredAt = "2026-03-03T00:00:00Z" });
        return (region, last.Position);
    }

    private static int Order(string name) => Array.IndexOf(["Acme 100%", "Ölmühle", "苏州, 恒测", "under_score"], name);
}
