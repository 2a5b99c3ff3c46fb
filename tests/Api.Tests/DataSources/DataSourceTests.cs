using Crm.Api.DataSources;
using Crm.Api.Tests.Approvals;
using Crm.Api.Tests.Journeys;
using Crm.Domain.DataSources;
using Crm.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.DataSources;

/// <summary>Data sources as those meet them who look after them: what is sent, what is fetched from a real server, and what that server
/// does wrong.</summary>
public sealed class DataSourceTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    [Fact]
    public async Task What_is_odd_is_held_told_of_once_and_used_when_it_is_accepted_and_as_known_then_it_was_not()
    {
        using var http = await crm.Tenant("source-push");
        var customers = await Customers(http, 4);
        var source = await Register(http, new { kind = "push", freshMinutes = 60 });
        var start = DateTimeOffset.UtcNow.AddMinutes(-30);

        var first = await Push(http, source, start, customers, factor: 1);
        first.Status.ShouldBe(201);
        (await Push(http, source, start, customers, factor: 1)).Status.ShouldBe(200);
        var odd = await Push(http, source, start.AddMinutes(1), customers, factor: 100);
        var odder = await Push(http, source, start.AddMinutes(2), customers, factor: 1000);

        (await Health(http, source, odder)).ShouldBe("held");
        var reading = (await http.Read($"source-readings/{odd.Id}")).Ok().Body;
        (reading.GetProperty("reading").GetProperty("outcome").GetString(), reading.GetProperty("values").EnumerateObject().Count())
            .ShouldBe(("held", 4));
        (await Used(start.AddMinutes(5))).ShouldBe(first.Id);

        var before = (await crm.Engine.Store.Head(default)).Position;
        var accepted = (await http.Write($"source-readings/{odd.Id}/acceptance", new { reason = "a campaign" })).Ok();
        (await Health(http, source, accepted)).ShouldBe("fresh");
        (await (await http.Write($"source-readings/{first.Id}/rejection", new { reason = "no" })).Refused()).Code
            .ShouldBe("source-reading.not-held");
        (await Used(start.AddMinutes(5))).ShouldBe(odd.Id);
        (await Used(start.AddMinutes(5), before)).ShouldBe(first.Id);

        var list = (await http.Read("source-readings?outcome=held", (Least, accepted.Position))).Ok().Body.GetProperty("items");
        list.EnumerateArray().Single().GetProperty("id").GetGuid().ShouldBe(odder.Id);
        async Task<Guid> Used(DateTimeOffset asOf, long? position = null) =>
            (await crm.App.Services.GetRequiredService<ReadingReader>().InUse(
                "source-push", ["activity"], asOf, position ?? (await crm.Engine.Store.Head(default)).Position, default)).Single().Use.ReadingId;
    }

    [Fact]
    public async Task What_cannot_be_fetched_fails_once_and_recovers_with_the_first_reading()
    {
        using var http = await crm.Tenant("source-pull");
        var customers = await Customers(http, 2);
        await using var feed = new Feed(customers);
        feed.Status = 500;
        var source = await Register(http, new { kind = "pull", freshMinutes = 60, everyMinutes = 1, url = feed.Url });

        await Patience.Until("it fails", async () => await Health(http, source) == "failing");
        (await http.Read($"data-sources/{source}")).Ok()["detail"].ShouldBe("500");
        feed.Status = 200;
        await Patience.Until("it is well again", async () => await Health(http, source) == "fresh");

        var events = await crm.Engine.Store.ReadStream("source-pull", source, null, default);
        events.Select(e => e.Data).OfType<SourceFailed>().Count().ShouldBe(1);
        events.Select(e => e.Data).OfType<SourceRecovered>().Count().ShouldBe(1);
        events.Select(e => e.Data).OfType<SourceHeard>().GroupBy(heard => heard.Due).ShouldAllBe(due => due.Count() == 1);
    }

    [Fact]
    public async Task The_second_channel_answers_where_the_first_does_not()
    {
        using var http = await crm.Tenant("source-second");
        var customers = await Customers(http, 2);
        await using var first = new Feed(customers) { Status = 503 };
        await using var second = new Feed(customers);
        var source = await Register(
            http, new { kind = "pull", freshMinutes = 60, everyMinutes = 1, url = first.Url, secondUrl = second.Url });

        await Patience.Until("it is read", async () =>
            (await http.Read("source-readings")).Ok().Body.GetProperty("items").EnumerateArray()
                .Any(one => one.GetProperty("channel").GetString() == "second"));
        (await Health(http, source)).ShouldBe("fresh");
    }

    private static async Task<IReadOnlyList<Guid>> Customers(HttpClient http, int count)
    {
        var made = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            made.Add((await http.Write("customers", new { name = $"Customer {i}" })).Ok().Id);
        }

        return made;
    }

    private static async Task<Guid> Register(HttpClient http, object terms) =>
        (await http.Write("data-sources", new { key = "activity", terms })).Ok().Id;

    private static async Task<Reply> Push(
        HttpClient http, Guid source, DateTimeOffset at, IReadOnlyList<Guid> customers, int factor) =>
        (await http.Write($"data-sources/{source}/readings", new
        {
            measuredAt = at.Text(), rows = customers.Select((id, i) => new { subject = id.ToString(), value = $"{(i + 1) * factor}" })
        })).Ok();

    private static async Task<string?> Health(HttpClient http, Guid source, Reply? after = null) =>
        (await http.Read($"data-sources/{source}", after is null ? [] : [(Least, after.Position)])).Ok()["health"];
}
