using Crm.Api.Tests.Attachments;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Compliance;

/// <summary>What gates ask for is required when a deal goes through them, or when it has stayed too long before them.</summary>
public sealed class GatesDueTests(MovedClock crm) : IClassFixture<MovedClock>
{
    [Fact]
    public async Task What_was_missing_when_a_stay_was_too_long_was_not_done_in_time_and_all_else_was()
    {
        using var http = await crm.Tenant("compliance-gates");
        await Publish(http);
        var begun = crm.Engine.Store.Clock.GetUtcNow().AddMinutes(-5);
        var (quick, slow) = (await Open(http), await Open(http));
        await Photo(http, quick);
        (await http.Write($"opportunities/{quick}/stage", new { stage = "Quote" })).Ok();
        (await Gates(http, begun)).ShouldBe("2/2");

        await crm.Move(TimeSpan.FromDays(8));
        await Patience.Until("it is marked", async () =>
            (await http.Read($"opportunities/{slow}")).Ok().Body.GetProperty("marks").GetArrayLength() == 1);
        (await Gates(http, begun)).ShouldBe("3/4", "the photo was missing, the day of closing was not");

        await Photo(http, slow);
        (await http.Write($"opportunities/{slow}/stage", new { stage = "Quote" })).Ok();
        (await Gates(http, begun)).ShouldBe("3/4", "nothing is due again at the gate");
        (await Gates(http, begun.AddDays(1))).ShouldBe("1/2", "as of what was due in these days");
    }

    private static async Task Publish(HttpClient http)
    {
        object[] exit =
        [
            new { key = "photo", name = "样品试用签字照片", attachment = "photo" }, new { key = "close", name = "Close", field = "expectedClose" },
            new
            {
                key = "worth", name = "Worth something",
                holds = new { field = "amount", @operator = "gt", value = 0 }
            }
        ];
        var limits = new[] { new { key = "pending", name = "Trial takes too long", after = new { days = 7 } } };
        (await http.Put("playbook/draft", new
        {
            name = "Sales",
            pipelines = new[]
            {
                new { key = "sales", name = "Sales", stages = new object[] { new { name = "Trial", exit, limits }, new { name = "Quote" } } }
            }
        })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
    }

    private static async Task<Guid> Open(HttpClient http) => (await http.Write("opportunities", new
    {
        name = "Lathe line", pipeline = "sales", stage = "Trial", rep = "li", amount = Talk.Money(1m), expectedClose = "2030-01-01"
    })).Ok().Id;

    private static async Task Photo(HttpClient http, Guid deal) =>
        (await http.Attach($"opportunities/{deal}", "photo.pdf", Attaching.Pdf($"photo of {deal}"), ("label", "photo"))).Ok();

    private static async Task<string> Gates(HttpClient http, DateTimeOffset from)
    {
        var written = (await http.Write("customers", new { name = $"{Guid.NewGuid()}" })).Ok().Position;
        var rep = (await http.Read($"reports/compliance?from={from.Text()}", ("Crm-Min-Position", written))).Ok().Body
            .GetProperty("reps").EnumerateArray().Single();
        var share = rep.GetProperty("parts").EnumerateArray().Single(part => part.GetProperty("part").GetString() == "gates")
            .GetProperty("inTime");
        return $"{share.GetProperty("count")}/{share.GetProperty("of")}";
    }
}
