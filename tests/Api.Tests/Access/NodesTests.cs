using Crm.Api.Access;
using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Api.Tests.Journeys;
using Crm.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Access;

/// <summary>What is taken away on one node is taken away on all.</summary>
public sealed class NodesTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task A_key_that_is_revoked_on_one_node_opens_nothing_on_another_a_second_later()
    {
        using var admin = await crm.Tenant("nodes");
        var key = (await admin.Write("api-keys", new { name = "lost" })).Ok();
        await using var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
        await using var other = Server.Build(engine);
        await other.StartAsync();
        using var thief = new HttpClient { BaseAddress = new Uri(other.Urls.Single() + "/api/v1/"), DefaultRequestHeaders = { Authorization = new("Bearer", key["key"]) } };
        (await thief.Read("me")).Ok();

        (await admin.Write($"api-keys/{key["id"]}/revocation", new { })).Ok();

        await Patience.Until("the other node knows", async () => (await thief.Read("me")).Status == 401, within: TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_long_export_ends_when_the_right_to_it_does()
    {
        using var admin = await crm.Tenant("exports");
        for (var i = 0; i < 6; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ => (await admin.Write("leads", new { source = "web" })).Ok()));
        }

        var last = (await admin.Write("leads", new { source = "web" })).Ok();
        var key = (await admin.Write("api-keys", new { name = "export" })).Ok();
        var services = crm.App.Services;
        var by = await services.GetRequiredService<Door>().Open(key["key"]!, default);
        var position = new PositionToken(crm.Engine.Store.Epoch, last.Body.GetProperty("position").GetInt64());
        var entries = await services.GetRequiredService<AuditReader>().All(
            by, new AuditQuestion(new Page(), new Times()), new Lens(null, null, null), position, Languages.English, default);
        var told = 0;

        await using var reading = entries.GetAsyncEnumerator();
        for (; told < 500; told++)
        {
            (await reading.MoveNextAsync()).ShouldBeTrue();
        }

        (await admin.Write($"api-keys/{key["id"]}/revocation", new { })).Ok();

        (await Should.ThrowAsync<Problem>(async () =>
        {
            while (await reading.MoveNextAsync())
            {
                told++;
            }
        })).Status.ShouldBe(401);
        told.ShouldBe(500);
    }
}
