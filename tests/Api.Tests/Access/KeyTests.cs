using System.Net.Sockets;
using System.Text;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Access;

/// <summary>Keys open what they are for, as long as they are for it, and nothing else.</summary>
public sealed class KeyTests(JudgedServer crm) : IClassFixture<JudgedServer>
{
    private static int _tenants;

    [Fact]
    public async Task A_key_is_for_what_its_member_may()
    {
        using var admin = await crm.Tenant("beyond");
        (await admin.Write("members", new { id = "anna", kind = "person", role = "rep" })).Ok();

        var refusal = await (await admin.Write("api-keys", new { name = "x", member = "anna", functions = new[] { "leads.read", "members.manage" } })).Refused();

        (refusal.Status, refusal.Code, refusal.Errors.Single().Where).ShouldBe((422, "access.key-beyond-member", "/functions"));
    }

    [Fact]
    public async Task A_key_opens_for_all_who_come_with_it_at_once_and_for_none_of_them_once_it_is_revoked()
    {
        using var admin = await crm.Tenant("crowded");
        for (var i = 0; i < 40; i++)
        {
            var key = (await admin.Write("api-keys", new { name = "crowded" })).Ok();
            using var client = crm.With(key["key"]);

            (await AtOnce(client)).ShouldAllBe(status => status == 200);
            (await admin.Write($"api-keys/{key["id"]}/revocation", new { })).Ok();
            (await AtOnce(client)).ShouldAllBe(status => status == 401);
        }

        static async Task<int[]> AtOnce(HttpClient client) =>
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await client.Read("me")).Status));
    }

    [Fact]
    public async Task Without_a_credential_nobody_comes_in_and_is_told_how()
    {
        using var nobody = crm.With(null);

        var reply = await nobody.Read("leads");

        reply.Status.ShouldBe(401);
        reply.Message.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        (await reply.Refused()).Code.ShouldBe("unauthenticated");
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer crm_main_aaaaaaaaaaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer crm_nobody_aaaaaaaaaaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer ../../etc/passwd")]
    [InlineData("Bearer ' or 1=1 --")]
    public async Task What_opens_nothing_is_refused_alike(string credential)
    {
        using var stranger = crm.With(null);

        var reply = await stranger.Read("leads", ("Authorization", credential));

        reply.Status.ShouldBe(401, reply.Text);
        reply.Message.Headers.WwwAuthenticate.ShouldNotBeEmpty();
        reply.Text.ShouldNotContain("passwd");
    }

    [Fact]
    public async Task A_key_in_the_address_is_not_taken()
    {
        using var nobody = crm.With(null);

        (await nobody.Read("leads?access_token=key-of-the-tests")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_key_is_told_once_and_kept_nowhere()
    {
        using var admin = await NewTenant();
        var first = (await admin.Write("api-keys", new { name = "ERP" }, ("Idempotency-Key", "one"))).Ok();
        var again = (await admin.Write("api-keys", new { name = "ERP" }, ("Idempotency-Key", "one"))).Ok();

        first.Status.ShouldBe(201);
        again.Replayed.ShouldBe("true");
        again["key"].ShouldBeNull();
        (again["id"], again["expiresAt"], again.Location).ShouldBe((first["id"], first["expiresAt"], first.Location));
        using var erp = crm.With(first["key"]);
        (await erp.Read("me")).Ok()["member"].ShouldBe("admin");
        (await crm.TablesWith(first["key"]!.Split('_', 4)[3])).ShouldBeEmpty();
        (await admin.Read("api-keys")).Ok().Text.ShouldNotContain(first["key"]!.Split('_', 4)[3]);
        (await admin.Read("api-keys")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_scoped_key_does_what_it_is_for_and_no_more()
    {
        using var admin = await NewTenant();
        using var form = crm.With((await admin.Write("api-keys", new { name = "form", functions = new[] { "leads.write" } })).Ok()["key"]);

        (await form.Write("leads", new { source = "web" })).Ok();
        var reading = await form.Read("leads");
        var managing = await form.Write("api-keys", new { name = "more" });

        (reading.Status, managing.Status).ShouldBe((403, 403));
        (await reading.Refused()).Code.ShouldBe("forbidden");
        reading.Text.ShouldContain("leads.read");
    }

    [Fact]
    public async Task A_revoked_key_opens_nothing_from_the_next_request_on()
    {
        using var admin = await NewTenant();
        var key = (await admin.Write("api-keys", new { name = "lost" })).Ok();
        using var thief = crm.With(key["key"]);
        (await thief.Read("leads")).Ok();

        (await admin.Write($"api-keys/{key["id"]}/revocation", new { reason = "lost" })).Ok();

        (await thief.Read("leads")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_suspended_member_is_out_with_all_keys_and_in_again_after_it()
    {
        using var admin = await NewTenant();
        using var rep = await Member(admin, "m-1", "rep");
        (await admin.Write("members/m-1/suspension", new { })).Ok();
        (await rep.Read("leads")).Status.ShouldBe(401);

        (await admin.Write("members/m-1/reinstatement", new { })).Ok();
        (await rep.Read("leads")).Ok();
    }

    [Fact]
    public async Task Who_is_suspended_gets_no_key()
    {
        using var admin = await NewTenant();
        (await admin.Write("members", new { id = "m-1", role = "rep" })).Ok();
        var key = (await admin.Write("api-keys", new { name = "x", member = "m-1" })).Ok();
        (await admin.Write("members/m-1/suspension", new { })).Ok();

        var issued = await (await admin.Write("api-keys", new { name = "y", member = "m-1" })).Refused();
        var rotated = await (await admin.Write($"api-keys/{key["id"]}/rotation", new { })).Refused();

        (issued.Status, issued.Code, rotated.Status, rotated.Code).ShouldBe((409, "access.member-suspended", 409, "access.member-suspended"));
    }

    [Fact]
    public async Task There_is_no_key_for_nothing()
    {
        using var admin = await NewTenant();

        var refusal = await (await admin.Write("api-keys", new { name = "x", functions = Array.Empty<string>() })).Refused();

        refusal.Status.ShouldBe(400);
        var error = refusal.Errors.ShouldHaveSingleItem();
        (error.Where, error.Code).ShouldBe(("/functions", "missing"));
    }

    [Theory]
    [InlineData("Authorization: Bearer one\r\nAuthorization: Bearer two")]
    [InlineData("Authorization: Bearer one, Bearer two")]
    public async Task Two_credentials_in_one_request_are_refused_as_two(string headers)
    {
        using var socket = new TcpClient(crm.Http.BaseAddress!.Host, crm.Http.BaseAddress.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n\r\n"));

        var answer = await new StreamReader(socket.GetStream()).ReadToEndAsync().Soon();

        answer.ShouldStartWith("HTTP/1.1 401 ");
        answer.ShouldContain("Two credentials came with one request");
    }

    [Fact]
    public async Task A_rotated_key_opens_beside_its_successor_until_the_overlap_is_over()
    {
        using var admin = await NewTenant();
        var key = (await admin.Write("api-keys", new { name = "ERP" })).Ok();
        var next = (await admin.Write($"api-keys/{key["id"]}/rotation", new { overlapHours = 1 })).Ok();
        var last = (await admin.Write($"api-keys/{next["id"]}/rotation", new { overlapHours = 0 })).Ok();

        using var old = crm.With(key["key"]);
        using var middle = crm.With(next["key"]);
        using var newest = crm.With(last["key"]);
        (await old.Read("me")).Ok();
        (await middle.Read("me")).Status.ShouldBe(401);
        (await newest.Read("me")).Ok();
    }

    [Fact]
    public async Task The_last_admin_stays_however_many_try_at_once()
    {
        using var admin = await NewTenant();
        await Member(admin, "m-2", "admin");
        using var ops = await Member(admin, "m-3", "ops");

        var replies = await Task.WhenAll(((string[])["admin", "m-2"]).SelectMany(member => Enumerable.Range(0, 10)
            .Select(_ => admin.Write($"members/{member}/role", new { role = "rep" }))));

        replies.ShouldContain(r => r.Status != 200);
        var members = (await ops.Read("members")).Ok().Body.GetProperty("items").EnumerateArray().ToList();
        members.Count(m => m.GetProperty("role").GetString() == "admin").ShouldBe(1);
    }

    [Fact]
    public async Task When_a_key_was_used_is_told_to_the_minute()
    {
        using var admin = await NewTenant();

        await Patience.Until("the use is told", async () => (await admin.Read("api-keys")).Ok().Body.GetProperty("items")[0].GetProperty("lastUsedAt").GetString() is not null);
    }

    private Task<HttpClient> NewTenant() => crm.Tenant($"keys-{Interlocked.Increment(ref _tenants)}");

    private async Task<HttpClient> Member(HttpClient admin, string id, string role)
    {
        (await admin.Write("members", new { id, role })).Ok();
        return crm.With((await admin.Write("api-keys", new { name = id, member = id })).Ok()["key"]);
    }
}
