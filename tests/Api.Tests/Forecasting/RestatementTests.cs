using Crm.Api.Tests.Approvals;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Forecasting;

public sealed class RestatementTests(ShanghaiServer crm) : IClassFixture<ShanghaiServer>
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task What_came_to_light_later_is_said_beside_what_was_said_first()
    {
        using var http = await crm.Tenant("restated", "Asia/Shanghai");
        (await http.Write("members", new { id = "anna", role = "analyst" })).Ok();
        using var anna = crm.With((await http.Write("api-keys", new { name = "k", member = "anna" })).Ok()["key"]);
        var deal = (await http.Open(new { expectedClose = Now.AddDays(5).ToString("yyyy-MM-dd"), occurredAt = Now.AddDays(-9).Text() })).Id;
        var first = (await http.Write("forecasts", new { period = "weeks", asOf = Now.AddDays(-1).Text() })).Ok();
        (await (await http.Write($"forecasts/{first.Id}/restatement", new { })).Refused()).Code.ShouldBe("forecast.unchanged");
        (await http.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(3000), occurredAt = Now.AddDays(-3).Text() })).Ok();

        var anew = (await http.Write($"forecasts/{first.Id}/restatement", new { })).Ok();
        var again = (await http.Write($"forecasts/{first.Id}/restatement", new { })).Ok();

        (anew.Status, again.Id, anew.Location).ShouldBe((201, anew.Id, $"/api/v1/forecasts/{anew.Id}"));
        (await Total(first)).ShouldBe(("500.00", null, anew.Id));
        (await Total(anew)).ShouldBe(("1500.00", first.Id, null));
        foreach (var id in (Guid[])[first.Id, anew.Id])
        {
            (await http.Write($"forecasts/{id}/replay", new { fromEvents = true })).Ok().Body.GetProperty("equal").GetBoolean().ShouldBeTrue();
        }

        (await anna.Told(anew)).ShouldBe(["forecast-restated"]);
        (await (await http.Write($"forecasts/{Guid.NewGuid()}/restatement", new { })).Refused()).Code.ShouldBe("forecast.unknown");

        async Task<(string?, Guid?, Guid?)> Total(Reply run)
        {
            var forecast = (await http.Read($"forecasts/{run.Id}", ("Crm-Min-Position", again.Position))).Ok().Body.GetProperty("forecast");
            return (forecast.GetProperty("total").GetProperty("amount").GetString(), Guid("restates"), Guid("restatedBy"));

            Guid? Guid(string member) => forecast.GetProperty(member).GetString() is { } text ? System.Guid.Parse(text) : null;
        }
    }
}
