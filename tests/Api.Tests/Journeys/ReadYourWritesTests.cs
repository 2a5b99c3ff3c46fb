using System.Diagnostics;

namespace Crm.Api.Tests.Journeys;

public sealed class ReadYourWritesTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task Two_hundred_writes_are_each_seen_at_once_by_whoever_names_their_position()
    {
        var deal = (await Http.Open(new { region = "Mine" })).Id;
        for (var amount = 1; amount <= 200; amount++)
        {
            var least = ("Crm-Min-Position", (await Http.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(amount) })).Ok().Position);

            (await Http.Read("pipeline?region=Mine", least)).Ok().Body.GetProperty("open").GetProperty("amount").GetString().ShouldBe($"{amount}.00");
            (await Http.Read("opportunities?region=Mine", least)).Ok().Body.GetProperty("items")[0].GetProperty("amount").GetProperty("amount").GetString()
                .ShouldBe($"{amount}.00");
        }
    }

    [Theory]
    [InlineData("leads", "source")]
    [InlineData("customers", "name")]
    public async Task New_records_are_in_the_list_of_whoever_names_their_position(string records, string required)
    {
        for (var i = 0; i < 20; i++)
        {
            var written = (await Http.Write(records, new Dictionary<string, string> { [required] = "x" })).Ok();

            (await Http.Read($"{records}?limit=1", ("Crm-Min-Position", written.Position))).Ok().Body.GetProperty("items")[0].GetProperty("id").GetGuid()
                .ShouldBe(written.Id);
        }
    }

    [Fact]
    public async Task A_read_tells_a_position_that_may_be_asked_for_again()
    {
        var written = await Http.Open();
        var read = (await Http.Read("pipeline", ("Crm-Min-Position", written.Position))).Ok();

        read.Position!.ShouldEndWith($"-{read["position"]}");
        (await Http.Read("opportunities", ("Crm-Min-Position", read.Position))).Ok();
    }

    [Theory]
    [InlineData("pipeline")]
    [InlineData("opportunities")]
    [InlineData("leads")]
    [InlineData("customers")]
    public async Task A_position_of_another_life_of_the_store_is_gone(string path)
    {
        var refusal = await (await Http.Read(path, ("Crm-Min-Position", "dead-1"))).Refused();

        (refusal.Status, refusal.Code, refusal.Retryable).ShouldBe((410, "foreign-epoch", false));
        refusal.Errors.Single().Where.ShouldBe("Crm-Min-Position");
    }

    [Theory]
    [InlineData("pipeline")]
    [InlineData("conversion")]
    [InlineData("reports/activity")]
    [InlineData("opportunities")]
    [InlineData("imports/rows")]
    [InlineData("audit")]
    public async Task A_position_that_the_store_has_not_come_to_is_refused_at_once(string path)
    {
        var epoch = (await Http.Open()).Position!.Split('-')[0];
        var clock = Stopwatch.StartNew();
        var refusal = await (await Http.Read(path, ("Crm-Min-Position", $"{epoch}-999999999"))).Refused();

        clock.Elapsed.TotalSeconds.ShouldBeLessThan(4);
        (refusal.Status, refusal.Code).ShouldBe((400, "invalid"));
        var error = refusal.Errors.ShouldHaveSingleItem();
        (error.Where, error.Code).ShouldBe(("Crm-Min-Position", "bad-position"));
    }
}
