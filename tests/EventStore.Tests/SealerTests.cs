using System.Security.Cryptography;
using Crm.EventStore.Sealing;

namespace Crm.EventStore.Tests;

public sealed class SealerTests : IAsyncLifetime
{
    private static readonly Guid Wang = Guid.Parse("0198a5f0-0000-7000-8000-0000000000aa");
    private readonly MasterKey master = MasterKey.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    private StoreFixture crm = null!;

    public async Task InitializeAsync() => crm = await StoreFixture.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public async Task What_was_sealed_opens_again_for_its_tenant_only()
    {
        var text = await SealAndStore("王伟 <wang@example.cn>");

        text.ShouldStartWith("enc:v1:");
        (await Fresh().Open("acme", text, default)).ShouldBe("王伟 <wang@example.cn>");
        (await Fresh().Open("globex", text, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_forgotten_person_cannot_be_read_by_anyone()
    {
        var text = await SealAndStore("王伟");
        await crm.Run($"delete from crm.person_key where tenant_id = 'acme' and person = '{Wang}'");

        (await Fresh().Open("acme", text, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Keys_of_many_texts_come_with_one_question()
    {
        var (text, forgotten) = (await SealAndStore("王伟"), $"enc:v1:{Guid.NewGuid():N}:AAAA");
        var sealer = Fresh();
        await sealer.Fetch("acme", [text, text, forgotten, "plain", "enc:v1:x:y"], default);
        await crm.Run("alter table crm.person_key rename to person_key_away");

        (await sealer.Open("acme", text, default)).ShouldBe("王伟");
        (await sealer.Open("acme", forgotten, default)).ShouldBeNull();
        (await sealer.Open("acme", "plain", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Equal_texts_are_sealed_differently()
    {
        var sealer = Fresh();
        var key = sealer.NewKey("acme", Wang).KeyId;

        (await sealer.Seal("acme", key, "王伟", default)).ShouldNotBe(await sealer.Seal("acme", key, "王伟", default));
    }

    [Fact]
    public async Task A_changed_text_does_not_open()
    {
        var text = await SealAndStore("王伟");
        var changed = text[..^4] + (text[^4] == 'A' ? 'B' : 'A') + text[^3..];

        await Should.ThrowAsync<CryptographicException>(() => Fresh().Open("acme", changed, default));
    }

    [Theory]
    [InlineData("Wang Wei")]
    [InlineData("enc:v1:")]
    [InlineData("enc:v1:no-key:AAAA")]
    public async Task What_another_writer_left_unsealed_is_not_shown(string text) => (await Fresh().Open("acme", text, default)).ShouldBeNull();

    [Fact]
    public async Task A_store_made_with_another_master_key_is_refused()
    {
        await master.Check(crm.Database, default);
        await master.Check(crm.Database, default);

        var other = MasterKey.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        await Should.ThrowAsync<InvalidOperationException>(() => other.Check(crm.Database, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64 at all")]
    public void A_master_key_is_32_bytes(string text) => Should.Throw<FormatException>(() => MasterKey.Parse(text));

    private async Task<string> SealAndStore(string text)
    {
        var sealer = Fresh();
        var key = sealer.NewKey("acme", Wang);
        await crm.Append(StoreFixture.To(Guid.CreateVersion7(), 0, new CoffeeServed(1)) with { PersonKeys = [key] });
        return await sealer.Seal("acme", key.KeyId, text, default);
    }

    // Without what another remembers: as after a restart, or on another node.
    private Sealer Fresh() => new(crm.Store.Reader, master);
}
