using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Compliance;

/// <summary>A first response is required when its time is up, however early it was given.</summary>
public sealed class FirstResponsesDueTests(MovedClock crm) : CareTests(crm), IClassFixture<MovedClock>
{
    [Fact]
    public async Task A_first_response_counts_in_the_span_in_which_it_was_due_and_not_in_that_in_which_it_was_given()
    {
        using var http = await Company();
        var begun = Crm.Engine.Store.Clock.GetUtcNow().AddMinutes(-5);
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");
        await Crm.Move(TimeSpan.FromHours(1));
        (await http.Write($"leads/{lead}/touches", new { kind = "call", direction = "outbound" })).Ok();

        (await Responses(http, lead, begun, begun.AddDays(2))).ShouldBeNull("it was given, and is not due yet");
        await Crm.Move(TimeSpan.FromHours(24));
        (await Responses(http, lead, begun, begun.AddHours(20))).ShouldBeNull("it was given then, and due later");
        (await Responses(http, lead, begun.AddHours(20), begun.AddDays(2))).ShouldBe("1/1");
    }

    private static async Task<string?> Responses(HttpClient http, Guid lead, DateTimeOffset from, DateTimeOffset to)
    {
        var written = (await http.Write($"leads/{lead}/notes", new { text = "now" })).Ok().Position;
        var reps = (await http.Read($"reports/compliance?rep=li&from={from.Text()}&to={to.Text()}", ("Crm-Min-Position", written))).Ok().Body
            .GetProperty("reps").EnumerateArray().ToList();
        return reps.Count == 0 ? null : reps[0].GetProperty("parts").EnumerateArray()
            .Where(part => part.GetProperty("part").GetString() == "first-responses").Select(part => part.GetProperty("inTime"))
            .Select(share => $"{share.GetProperty("count")}/{share.GetProperty("of")}").Single();
    }
}
