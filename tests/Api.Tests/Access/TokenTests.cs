using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Access;

/// <summary>Tokens of a trusted issuer open; the attacks of RFC 8725 do not.</summary>
public sealed class TokenTests : IClassFixture<TokenTests.TrustingServer>
{
    private readonly TrustingServer crm;

    public TokenTests(TrustingServer crm) => this.crm = crm;

    public static TheoryData<string> Attacks => [.. Forgeries.Keys];

    private static Dictionary<string, Func<TestIssuer, string>> Forgeries { get; } = new()
    {
        ["alg none"] = i => i.Token("alice", header: new { alg = "none" }, sign: _ => []),
        ["alg None"] = i => i.Token("alice", header: new { alg = "None" }, sign: _ => []),
        ["no signature"] = i => i.Token("alice", sign: _ => []),
        ["HS256 with the public key"] = i => i.Token("alice", header: new { alg = "HS256" }, sign: i.SignWithPublicKey),
        ["another key"] = i => i.Token("alice", sign: _ => new byte[256]),
        ["key in the header"] = i => i.Token("alice", header: new { jwk = i.PublicKey() }),
        ["address of keys in the header"] = i => i.Token("alice", header: new { jku = "http://127.0.0.1:1/keys" }),
        ["certificate in the header"] = i => i.Token("alice", header: new { x5c = new[] { "AAAA" } }),
        ["address of a certificate"] = i => i.Token("alice", header: new { x5u = "http://127.0.0.1:1/" }),
        ["kid is a path"] = i => i.Token("alice", header: new { kid = "../../../../dev/null" }),
        ["kid is SQL"] = i => i.Token("alice", header: new { kid = "' or '1'='1" }),
        ["crit"] = i => i.Token("alice", header: new { crit = new[] { "exp" } }),
        ["unpacked signature payload"] = i => i.Token("alice", header: new { b64 = false }),
        ["another audience"] = i => i.Token("alice", new { aud = "another" }),
        ["no audience"] = i => i.Token("alice", new { aud = (string?)null }),
        ["issuer is null"] = i => i.Token("alice", rawClaims: """{"iss":null}"""),
        ["no issuer"] = i => i.Token("alice", new { iss = (string?)null }),
        ["another issuer"] = i => i.Token("alice", new { iss = "https://issuer.example/" }),
        ["issuer with a slash more"] = i => i.Token("alice", new { iss = i.Name + "/" }),
        ["an ID token by type"] = i => i.Token("alice", header: new { typ = "id_token+jwt" }),
        ["an ID token by nonce"] = i => i.Token("alice", new { nonce = "n" }),
        ["a logout token"] = i => i.Token("alice", new { events = new { } }),
        ["a proof of possession"] = i => i.Token("alice", header: new { typ = "dpop+jwt" }),
        ["expired"] = i => i.Token("alice", new { exp = DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds() }),
        ["never expires"] = i => i.Token("alice", new { exp = (long?)null }),
        ["expires in a thousand years"] = i => i.Token("alice", new { exp = 33_000_000_000 }),
        ["not yet valid"] = i => i.Token("alice", new { nbf = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds() }),
        ["subject said twice"] = i => i.Token("bob", rawClaims:
            $$"""{"iss":"{{i.Name}}","aud":"crm","sub":"bob","sub":"alice","exp":{{DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds()}}}"""),
        ["claims are no JSON"] = i => i.Token("alice", rawClaims: "sub=alice"),
        ["claims are a list"] = i => i.Token("alice", rawClaims: "[]"),
        ["no subject"] = i => i.Token("alice", new { sub = (string?)null }),
        ["encrypted"] = i => $"{i.Token("alice")}.AAAA.AAAA",
        ["twenty kilobytes"] = i => i.Token("alice", new { padding = new string('x', 20_000) }),
        ["somebody unknown"] = i => i.Token("mallory"),
        ["somebody else's letter case"] = i => i.Token("ALICE")
    };

    [Fact]
    public async Task A_good_token_opens_what_its_member_may_do()
    {
        using var alice = crm.With(crm.Issuer.Token("alice"));

        var me = (await alice.Read("me")).Ok();

        (me["member"], me["tenant"], me.Body.GetProperty("credential").GetProperty("kind").GetString()).ShouldBe(("m-alice", "tokens", "token"));
        (await alice.Write("members", new { id = "x", role = "rep" })).Status.ShouldBe(403);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task A_forged_token_opens_nothing(string attack)
    {
        using var mallory = crm.With(Forgeries[attack](crm.Issuer));

        var reply = await mallory.Read("leads");

        reply.Status.ShouldBe(401, reply.Text);
        reply.Message.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
        reply.Text.ShouldNotContain("IDX");
    }

    [Fact]
    public async Task A_new_key_of_the_issuer_is_found_by_itself()
    {
        using var before = crm.With(crm.Issuer.Token("alice"));
        (await before.Read("me")).Ok();

        crm.Issuer.ChangeKeys();

        // Unknown keys are looked for once in ten seconds at most, whoever sends them.
        using var after = crm.With(crm.Issuer.Token("alice"));
        await Patience.Until("the new key is known", async () => (await after.Read("me")).Status == 200);
        (await before.Read("me")).Status.ShouldBe(401);
    }

    /// <summary>A server that trusts one issuer, with a member who has a login there.</summary>
    public sealed class TrustingServer : CrmServer
    {
        public TestIssuer Issuer { get; private set; } = null!;

        public override async Task InitializeAsync()
        {
            Issuer = await TestIssuer.Start();
            await base.InitializeAsync();
            using var admin = await Tenant("tokens");
            (await admin.Write("members", new { id = "m-alice", role = "rep" })).Ok();
            (await admin.Write("members/m-alice/logins", new { issuer = Issuer.Name, subject = "alice" })).Ok();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            await Issuer.DisposeAsync();
        }

        protected override IReadOnlyDictionary<string, string?> More => new Dictionary<string, string?>
        {
            ["Crm:Issuers:0:Authority"] = Issuer.Name,
            ["Crm:Issuers:0:Audience"] = "crm",
            ["Crm:Issuers:0:Tenant"] = "tokens"
        };
    }
}
