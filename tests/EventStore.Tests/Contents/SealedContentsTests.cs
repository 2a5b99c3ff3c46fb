using System.Security.Cryptography;
using Crm.EventStore.Contents;
using Crm.EventStore.Sealing;

namespace Crm.EventStore.Tests.Contents;

/// <summary>What is kept comes back to the byte, is kept once, and opens for nobody who should not have it.</summary>
public sealed class SealedContentsTests : IAsyncLifetime
{
    private const string Tenant = StoreFixture.Tenant;
    private const long Room = 10 << 20;
    private static readonly Guid Record = Guid.CreateVersion7();

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("crm-contents-");
    private readonly MasterKey master = MasterKey.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    private StoreFixture store = null!;
    private SealedContents contents = null!;

    public async Task InitializeAsync()
    {
        store = await StoreFixture.New();
        contents = new SealedContents(store.Database, master, new DiskContents(folder.FullName));
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(131_072)]
    [InlineData(1_000_000)]
    public async Task Comes_back_to_the_byte_whatever_its_size_and_wherever_it_is_read_from(int size)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);
        await using (var draft = await Draft(bytes))
        {
            await using var early = draft.Read();
            (await All(early)).ShouldBe(bytes, "it can be looked at before it is kept");
            (await contents.Keep(draft, Tenant, "x/y", Record, Room, default)).ShouldBeTrue();
        }

        await using var kept = await Open(bytes);
        (await All(kept!)).ShouldBe(bytes);
        foreach (var from in (int[])[0, size / 3, size - 1])
        {
            kept!.Position = from;
            (await All(kept)).ShouldBe(bytes[from..]);
        }
    }

    [Fact]
    public async Task Opens_for_its_tenant_alone()
    {
        var bytes = RandomNumberGenerator.GetBytes(100);
        await Keep(bytes);
        (await contents.Open("globex", Hash(bytes), default)).ShouldBeNull();

        await store.Run("insert into crm.content select 'globex', sha256, size, media_type, wrapped from crm.content");
        (await contents.Open("globex", Hash(bytes), default)).ShouldBeNull("its bytes lie under the other's address");
    }

    [Fact]
    public async Task What_was_changed_cut_off_or_moved_is_not_given_back()
    {
        var bytes = RandomNumberGenerator.GetBytes(200_000);
        await Keep(bytes);
        var file = Files().Single();
        var @sealed = await File.ReadAllBytesAsync(file);
        byte[][] damaged = [[.. @sealed[..100_000], (byte)(@sealed[100_000] ^ 1), .. @sealed[100_001..]], @sealed[..150_000], [.. @sealed[65_564..131_128], .. @sealed[..65_564], .. @sealed[131_128..]]];
        foreach (var changed in damaged)
        {
            await File.WriteAllBytesAsync(file, changed);
            await using var stream = await Open(bytes);
            await Should.ThrowAsync<CryptographicException>(() => All(stream!));
        }
    }

    [Fact]
    public async Task Is_kept_once_and_a_lost_one_takes_its_place_again()
    {
        var bytes = RandomNumberGenerator.GetBytes(70_000);
        await Keep(bytes);
        var (file, written) = (Files().Single(), await File.ReadAllBytesAsync(Files().Single()));
        await Keep(bytes);
        (await File.ReadAllBytesAsync(Files().Single())).ShouldBe(written);
        (await contents.Total(Tenant, default)).ShouldBe(70_000);

        File.Delete(file);
        (await Open(bytes)).ShouldBeNull();
        await Keep(bytes);
        await using (var again = await Open(bytes))
        {
            (await All(again!)).ShouldBe(bytes);
        }

        // As on a disk that was away for a while: what lies there opens with the same key as what came in its place.
        await File.WriteAllBytesAsync(file, written);
        await using var back = await Open(bytes);
        (await All(back!)).ShouldBe(bytes);
    }

    [Fact]
    public async Task What_is_not_kept_leaves_nothing()
    {
        await (await Draft(RandomNumberGenerator.GetBytes(100_000))).DisposeAsync();
        folder.EnumerateFiles("*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_never_attached_is_removed_after_a_while_and_nothing_else()
    {
        byte[][] all = [.. Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetBytes(10))];
        var (attached, named, shared, left) = (all[0], all[1], all[2], all[3]);
        await Keep(attached);
        await contents.Attached(Tenant, Hash(attached), default);
        await Keep(attached, Guid.CreateVersion7());
        await Keep(named);
        await Keep(shared);
        await Keep(shared, Guid.CreateVersion7());
        await Keep(left);
        await Keep(left, Guid.CreateVersion7());

        await contents.Tidy(DateTimeOffset.UtcNow.AddHours(-1), Has, default);
        Files().Count.ShouldBe(4, "they may still be attached");
        await contents.Tidy(DateTimeOffset.UtcNow.AddHours(1), Has, default);
        (await Open(left)).ShouldBeNull();
        foreach (var kept in (byte[][])[attached, named, shared])
        {
            await using var stream = await Open(kept);
            (await All(stream!)).ShouldBe(kept);
        }

        Task<bool> Has(string tenant, Guid stream, string sha256) => Task.FromResult(stream == Record && (sha256 == Hash(named) || sha256 == Hash(shared)));
    }

    [Fact]
    public async Task There_is_room_for_so_much_and_what_is_there_already_needs_none()
    {
        var bytes = RandomNumberGenerator.GetBytes(1000);
        await Keep(bytes);
        await using var same = await Draft(bytes);
        (await contents.Keep(same, Tenant, "x/y", Record, 1000, default)).ShouldBeTrue();
        await using var more = await Draft([1]);
        (await contents.Keep(more, Tenant, "x/y", Record, 1000, default)).ShouldBeFalse();
        (await contents.Keep(more, "globex", "x/y", Record, 1000, default)).ShouldBeTrue("each tenant has room of its own");
        (await contents.Total(Tenant, default)).ShouldBe(1000);
        Files().Count.ShouldBe(2);
    }

    [Fact]
    public void A_folder_that_an_operator_names_is_not_made() =>
        Should.Throw<InvalidOperationException>(() => new DiskContents(Path.Combine(folder.FullName, "away"), isOurs: false)).Message.ShouldContain("away");

    [Fact]
    public async Task Many_at_once_keep_one()
    {
        var bytes = RandomNumberGenerator.GetBytes(100_000);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Keep(bytes))));
        Files().Count.ShouldBe(1);
        await using var kept = await Open(bytes);
        (await All(kept!)).ShouldBe(bytes);
    }

    private IReadOnlyList<string> Files() => [.. folder.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Directory!.Name != "drafts").Select(file => file.FullName)];

    private async Task<ContentDraft> Draft(byte[] bytes)
    {
        var draft = contents.Begin();
        foreach (var some in bytes.Chunk(50_000))
        {
            await draft.Write(some, default);
        }

        await draft.Finish(default);
        draft.Sha256.ShouldBe(Hash(bytes));
        return draft;
    }

    private async Task Keep(byte[] bytes, Guid? record = null)
    {
        await using var draft = await Draft(bytes);
        (await contents.Keep(draft, Tenant, "x/y", record ?? Record, Room, default)).ShouldBeTrue();
    }

    private Task<Stream?> Open(byte[] bytes) => contents.Open(Tenant, Hash(bytes), default);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static async Task<byte[]> All(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
