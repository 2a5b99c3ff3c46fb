using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Lists;

namespace Crm.Api.Tests.Access;

/// <summary>With the development key one sees what any member sees; nobody else does.</summary>
public sealed class DevIssuerTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task A_token_shows_what_its_member_sees_until_he_is_suspended()
    {
        (await crm.Http.Write("members", new { id = "seen.rep", kind = "person", role = "rep" })).Ok();
        var own = (await crm.Http.Write("leads", new { source = "web", rep = "seen.rep" })).Ok();
        var other = (await crm.Http.Write("leads", new { source = "web", rep = "other.rep" })).Ok();
        using var rep = crm.With((await Token(crm.Http, "seen.rep")).Ok()["access_token"]);

        (await rep.Read("me")).Ok()["member"].ShouldBe("seen.rep");
        (await rep.Read("leads", ("Crm-Min-Position", other.Position))).Ids().ShouldBe([own.Id.ToString()]);
        (await rep.Write("members", new { id = "x", kind = "person", role = "rep" })).Status.ShouldBe(403);

        (await crm.Http.Write("members/seen.rep/suspension", new { })).Ok();
        (await rep.Read("me")).Status.ShouldBe(401);
        (await Token(crm.Http, "seen.rep")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Only_the_development_key_gets_tokens_and_only_of_members_of_main()
    {
        using var admin = await crm.Tenant("dev-other");

        (await Token(admin, "admin")).Status.ShouldBe(403);
        (await Token(crm.With(null), "admin")).Status.ShouldBe(401);
        (await Token(crm.Http, "nobody.knows")).Status.ShouldBe(404);
        (await crm.Http.Write("/dev/token", new { member = "a", tenant = "dev-other" })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_token_ends_with_the_program_that_made_it()
    {
        (await crm.Http.Write("members", new { id = "brief", kind = "person", role = "rep" })).Ok();
        var token = (await Token(crm.Http, "brief")).Ok()["access_token"];
        await using var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
        await using var again = Server.Build(engine);
        await again.StartAsync();
        using var late = new HttpClient { BaseAddress = new Uri(again.Urls.Single() + "/api/v1/"), DefaultRequestHeaders = { Authorization = new("Bearer", token) } };

        (await late.Read("me")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Where_no_development_key_is_set_there_is_no_such_issuer()
    {
        await using var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
        engine.DevKey = null;
        await using var bare = Server.Build(engine);
        await bare.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(bare.Urls.Single() + "/api/v1/") };

        (await Token(client, "admin")).Status.ShouldBe(404);
    }

    private static Task<Reply> Token(HttpClient http, string member) => http.Write("/dev/token", new { member });
}
