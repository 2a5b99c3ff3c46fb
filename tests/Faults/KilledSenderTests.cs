using System.Net.Http.Headers;
using System.Net.Http.Json;
using Npgsql;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>F19: kill -9 of the program that sends to webhooks, after a delivery went out and before that is noted; and of one of two.</summary>
public sealed class KilledSenderTests(ITestOutputHelper output)
{
    [Fact]
    public async Task F19_what_was_under_way_comes_again_under_the_same_id_and_nothing_is_lost()
    {
        await using var outside = new Outside();
        var environment = Environment(await TestCluster.NewDatabase());
        var port = ServedProgram.FreePort();
        await using (var first = await ServedProgram.Serve(port, environment))
        {
            using var http = Client(port);
            await Written(http, "webhooks", new { url = outside.Url });
            outside.IsHeld = true;
            for (var i = 0; i < 20; i++)
            {
                await Written(http, "leads", new { source = "web" });
            }

            await Patience.Until("deliveries are out and unanswered", () => outside.Got.Count >= 8);
            await first.Kill();
        }

        var before = outside.Got.ToList();
        outside.IsHeld = false;
        await using var second = await ServedProgram.Serve(port, environment);
        var took = await Patience.Until("each event was taken", () => outside.Taken.Distinct().Count() >= 20);

        output.WriteLine($"killed with {before.Count} deliveries unanswered; all 20 taken {took.TotalSeconds:0.0} s after the next program served, {outside.Got.Count} requests");
        outside.Taken.Distinct().Count().ShouldBe(20);
        before.ShouldAllBe(id => outside.Taken.Contains(id), "what was under way comes again under its id");
    }

    [Fact]
    public async Task F19_the_second_of_two_goes_on_where_the_first_was_killed()
    {
        await using var outside = new Outside();
        var environment = Environment(await TestCluster.NewDatabase());
        var ports = new[] { ServedProgram.FreePort(), ServedProgram.FreePort() };
        var first = await ServedProgram.Serve(ports[0], environment);
        await using var second = await ServedProgram.Serve(ports[1], environment);
        using var http = Client(ports[1]);
        await Written(http, "webhooks", new { url = outside.Url });
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await Written(http, "leads", new { source = "web" });
            }
        });
        await Patience.Until("much is taken", () => outside.Taken.Count >= 50);

        await first.Kill();
        await first.DisposeAsync();
        await writing;
        var took = await Patience.Until("each event was taken", () => outside.Taken.Distinct().Count() >= 200);

        var twice = outside.Taken.Count - outside.Taken.Distinct().Count();
        output.WriteLine($"all 200 taken, {twice} of them twice, {took.TotalSeconds:0.0} s after the last was written");
        outside.Taken.Distinct().Count().ShouldBe(200);
        twice.ShouldBeLessThanOrEqualTo(8, "no more than was under way");
    }

    [Fact]
    public async Task Two_programs_send_nothing_twice()
    {
        await using var outside = new Outside();
        var environment = Environment(await TestCluster.NewDatabase());
        var ports = new[] { ServedProgram.FreePort(), ServedProgram.FreePort() };
        await using var first = await ServedProgram.Serve(ports[0], environment);
        await using var second = await ServedProgram.Serve(ports[1], environment);
        using var one = Client(ports[0]);
        using var other = Client(ports[1]);
        await Written(one, "webhooks", new { url = outside.Url });

        for (var i = 0; i < 100; i++)
        {
            await Written(i % 2 == 0 ? one : other, "leads", new { source = "web" });
        }

        await Patience.Until("each event was taken", () => outside.Taken.Count >= 100);
        outside.Taken.Distinct().Count().ShouldBe(100);
        outside.Got.Count.ShouldBe(100);
    }

    private static Dictionary<string, string> Environment(string connectionString) => new()
    {
        ["Crm__MasterKey"] = Convert.ToBase64String(new byte[32]),
        ["Crm__UnsafeWebhooks"] = "true",
        ["ConnectionStrings__Crm"] = new NpgsqlConnectionStringBuilder(connectionString).ConnectionString
    };

    private static HttpClient Client(int port)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServedProgram.Key);
        return client;
    }

    private static async Task Written(HttpClient http, string path, object body)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        ((int)response.StatusCode).ShouldBe(201, await response.Content.ReadAsStringAsync());
    }
}
