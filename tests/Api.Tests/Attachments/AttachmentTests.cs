using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Attachments;

/// <summary>Files of records over HTTP: sent, listed, given back to the byte, taken away, and there again for whoever asks as of then.</summary>
public sealed class AttachmentTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Theory]
    [InlineData("leads")]
    [InlineData("customers")]
    [InlineData("opportunities")]
    public async Task A_file_comes_back_as_it_was_sent(string kind)
    {
        var record = await Record(kind);
        byte[] file = [.. Attaching.Pdf(), .. RandomNumberGenerator.GetBytes(200_000)];
        var hash = Convert.ToHexStringLower(SHA256.HashData(file));

        var added = (await Http.Attach(record, "会议纪要 3月.pdf", file, ("label", "minutes"))).Ok();
        added.Status.ShouldBe(201);
        added["sha256"].ShouldBe(hash);
        added.Location.ShouldBe($"/api/v1/{record}/attachments/{added["attachmentId"]}/content");

        var item = (await Http.Read($"{record}/attachments")).Ok().Body.GetProperty("items").EnumerateArray().Single();
        item.GetProperty("name").GetString().ShouldBe("会议纪要 3月.pdf");
        item.GetProperty("mediaType").GetString().ShouldBe("application/pdf");
        item.GetProperty("size").GetInt64().ShouldBe(file.Length);
        item.GetProperty("label").GetString().ShouldBe("minutes");

        using var content = await Http.GetAsync($"{record}/attachments/{added["attachmentId"]}/content");
        (await content.Content.ReadAsByteArrayAsync()).ShouldBe(file);
        content.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
        content.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        content.Content.Headers.ContentDisposition.FileNameStar.ShouldBe("会议纪要 3月.pdf");
        content.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; sandbox"]);
        content.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        content.Headers.ETag!.Tag.ShouldBe($"\"{hash}\"");
    }

    [Fact]
    public async Task Any_part_of_a_file_can_be_asked_for()
    {
        var record = await Record("leads");
        byte[] file = [.. Attaching.Pdf(), .. RandomNumberGenerator.GetBytes(300_000)];
        var id = (await Http.Attach(record, "a.pdf", file)).Ok()["attachmentId"];
        foreach (var (from, to) in ((int, int)[])[(0, 0), (65_530, 65_545), (65_536, 131_071), (131_000, 299_000), (file.Length - 1, file.Length - 1)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{record}/attachments/{id}/content") { Headers = { Range = new RangeHeaderValue(from, to) } };
            using var reply = await Http.SendAsync(request);
            reply.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
            (await reply.Content.ReadAsByteArrayAsync()).ShouldBe(file[from..(to + 1)]);
        }

        using var known = new HttpRequestMessage(HttpMethod.Get, $"{record}/attachments/{id}/content");
        known.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(file))}\""));
        (await Http.SendAsync(known)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task What_was_taken_away_is_still_there_for_whoever_asks_as_of_then()
    {
        var record = await Record("opportunities");
        var id = (await Http.Attach(record, "a.pdf", Attaching.Pdf("then"), ("occurredAt", DateTimeOffset.UtcNow.Text()))).Ok()["attachmentId"];

        (await Http.Write($"{record}/attachments/{id}/removal", new { reason = "wrong" })).Ok();
        var then = (await Http.History(record))[^1].GetProperty("recordedAt").GetString();
        (await Http.Read($"{record}/attachments")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await Http.Read($"{record}/attachments/{id}/content")).Status.ShouldBe(404);
        (await Http.Read($"{record}/attachments?at={then}")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await Http.GetByteArrayAsync($"{record}/attachments/{id}/content?at={then}")).ShouldBe(Attaching.Pdf("then"));

        var again = (await Http.Write($"{record}/attachments/{id}/removal", new { })).Ok();
        (await Http.History(record)).Count(e => e.GetProperty("type").GetString() == "opportunity_attachment_removed").ShouldBe(1, again.Text);
        (await (await Http.Attach(record, "a.pdf", Attaching.Pdf("then"), ("id", id!))).Refused()).Code.ShouldBe("attachment.known");
    }

    [Fact]
    public async Task The_same_file_is_stored_once_a_tenant_and_sealed()
    {
        var (one, two) = (await Record("leads"), await Record("customers"));
        var file = Attaching.Pdf(Guid.NewGuid().ToString());
        var before = Stored();
        (await Http.Attach(one, "a.pdf", file)).Ok();
        (await Http.Attach(two, "b.pdf", file)).Ok();
        (Stored() - before).ShouldBe(1);

        using var other = await crm.Tenant($"t-{Guid.NewGuid():N}"[..20]);
        var theirs = $"leads/{(await other.Write("leads", new { source = "web" })).Ok().Id}";
        var id = (await other.Attach(theirs, "c.pdf", file)).Ok()["attachmentId"];
        (Stored() - before).ShouldBe(2, "nobody can tell what others have");
        (await other.GetByteArrayAsync($"{theirs}/attachments/{id}/content")).ShouldBe(file);

        foreach (var stored in crm.Attachments.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            (await File.ReadAllBytesAsync(stored.FullName)).AsSpan().IndexOf("%PDF"u8).ShouldBe(-1);
        }

        (await crm.TablesWith("a.pdf")).ShouldBeEmpty("a name may be a person's");
    }

    [Fact]
    public async Task Sent_twice_it_is_attached_once()
    {
        var (record, file) = (await Record("leads"), Attaching.Pdf());
        var first = (await Http.Attach(record, "a.pdf", file, ("Idempotency-Key", "one"))).Ok();
        var second = (await Http.Attach(record, "a.pdf", file, ("Idempotency-Key", "one"))).Ok();
        second.Replayed.ShouldBe("true");
        second["attachmentId"].ShouldBe(first["attachmentId"]);
        (await (await Http.Attach(record, "b.pdf", file, ("Idempotency-Key", "one"))).Refused()).Status.ShouldBe(422);

        var id = Guid.NewGuid().ToString();
        (await Http.Attach(record, "c.pdf", file, ("id", id))).Status.ShouldBe(201);
        (await Http.Attach(record, "c.pdf", file, ("id", id))).Status.ShouldBe(200);
        (await (await Http.Attach(record, "c.pdf", Attaching.Pdf("other"), ("id", id))).Refused()).Code.ShouldBe("attachment.known");
        (await Http.Read($"{record}/attachments")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_dry_run_stores_nothing()
    {
        var record = await Record("leads");
        var before = Stored();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Attaching.Pdf(Guid.NewGuid().ToString())), "file", "a.pdf" } };
        var request = new HttpRequestMessage(HttpMethod.Post, $"{record}/attachments?dryRun=true") { Content = form };
        var rehearsed = (await Http.Ask(request)).Ok();
        rehearsed.Body.GetProperty("wouldRecord")[0].GetProperty("type").GetString().ShouldBe("lead_attachment_added");
        Stored().ShouldBe(before);
        (await Http.Read($"{record}/attachments")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_file_belongs_to_a_touch_that_there_is()
    {
        var record = await Record("opportunities");
        var touch = Guid.NewGuid();
        (await Http.Write($"{record}/touches", new { kind = "visit", direction = "outbound", id = touch })).Ok();
        (await Http.Attach(record, "photo.png", Attaching.Png(800, 600), ("touchId", $"{touch}"))).Ok();
        (await (await Http.Attach(record, "photo.png", Attaching.Png(800, 600), ("touchId", $"{Guid.NewGuid()}"))).Refused()).Code.ShouldBe("attachment.touch-unknown");
        var customer = await Record("customers");
        (await (await Http.Attach(customer, "photo.png", Attaching.Png(8, 6), ("touchId", $"{touch}"))).Refused()).Code.ShouldBe("attachment.touch-unknown");
    }

    [Fact]
    public async Task What_a_merged_lead_brought_is_shown_with_the_whole()
    {
        var (part, whole) = (await Record("leads"), await Record("leads"));
        var id = (await Http.Attach(part, "a.pdf", Attaching.Pdf())).Ok()["attachmentId"];
        (await Http.Attach(whole, "b.pdf", Attaching.Pdf("b"))).Ok();
        (await Http.Write($"{part}/merge", new { into = whole["leads/".Length..] })).Ok();

        var items = (await Http.Read($"{whole}/attachments")).Ok().Body.GetProperty("items").EnumerateArray().ToList();
        items.Select(item => item.GetProperty("name").GetString()).ShouldBe(["a.pdf", "b.pdf"]);
        items[0].GetProperty("via").GetString().ShouldBe(part["leads/".Length..]);
        (await Http.GetByteArrayAsync($"{whole}/attachments/{id}/content")).ShouldBe(Attaching.Pdf());

        var list = (await Http.Read($"{whole}/attachments")).Ok();
        (await (await Http.Write($"{whole}/attachments/{id}/removal", new { }, ("If-Match", "\"1\""))).Refused()).Status.ShouldBe(412);
        (await Http.Write($"{whole}/attachments/{id}/removal", new { }, ("If-Match", (await Http.Read(whole)).ETag))).Ok();
        (await Http.Write($"{whole}/attachments/{id}/removal", new { })).Ok();
        (await Http.Read($"{whole}/attachments", ("If-None-Match", list.ETag))).Status.ShouldBe(200, "the list is another");
        (await Http.Write($"{part}/unmerge", new { })).Ok();
        (await Http.Read($"{part}/attachments")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await Http.Read($"{whole}/attachments")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Only_those_who_may_read_the_record_and_its_files_get_them()
    {
        using var admin = await crm.Tenant($"t-{Guid.NewGuid():N}"[..20]);
        using var noFiles = await Member(admin, "no-files", ["leads.read", "leads.write"], "all");
        using var onlyFiles = await Member(admin, "only-files", ["attachments.read"], "all");
        using var own = await Member(admin, "own", ["leads.read", "attachments.read", "attachments.write"], "own");
        var record = $"leads/{(await admin.Write("leads", new { source = "web", rep = "somebody" })).Ok().Id}";
        var id = (await admin.Attach(record, "a.pdf", Attaching.Pdf())).Ok()["attachmentId"];

        foreach (var path in (string[])[$"{record}/attachments", $"{record}/attachments/{id}/content"])
        {
            (await noFiles.Read(path)).Status.ShouldBe(403);
            (await onlyFiles.Read(path)).Status.ShouldBe(403);
            (await own.Read(path)).Status.ShouldBe(404);
        }

        foreach (var path in (string[])[$"{record}/events", $"{record}/history"])
        {
            var told = (await noFiles.Read(path)).Ok().Text;
            told.ShouldContain("lead_attachment_added");
            told.ShouldNotContain("a.pdf");
            (await admin.Read(path)).Ok().Text.ShouldContain("a.pdf");
        }

        (await noFiles.Attach(record, "a.pdf", Attaching.Pdf())).Status.ShouldBe(403);
        (await own.Attach(record, "a.pdf", Attaching.Pdf())).Status.ShouldBe(404);
        (await own.Write($"{record}/attachments/{id}/removal", new { })).Status.ShouldBe(404);
    }

    [Fact]
    public async Task The_audit_trail_says_what_was_attached()
    {
        var record = await Record("leads");
        var added = (await Http.Attach(record, "纪要.pdf", Attaching.Pdf(), ("label", "minutes"))).Ok();
        var told = (await Http.Read($"audit?subjectId={record["leads/".Length..]}", ("Crm-Min-Position", added.Position), ("Accept-Language", "zh-CN"))).Ok();
        told.Text.ShouldContain("纪要.pdf");
        told.Text.ShouldContain("minutes");
    }

    [Fact]
    public async Task What_is_too_large_is_told_so_however_large()
    {
        var record = await Record("leads");
        (await (await Http.Attach(record, "a.pdf", new byte[(25 << 20) + 1])).Refused()).Status.ShouldBe(413);

        // A sender who waits for our word hears it before he sends all that.
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[40 << 20]), "file", "a.pdf" } };
        (await (await Http.Send(record, form, ("Expect", "100-continue"))).Refused()).Status.ShouldBe(413);
    }

    private async Task<string> Record(string kind) => $"{kind}/{(await (kind switch
    {
        "leads" => Http.Write("leads", new { source = "web" }),
        "customers" => Http.Write("customers", new { name = "Acme" }),
        _ => Http.Open()
    })).Ok().Id}";

    private int Stored() => crm.Attachments.EnumerateFiles("*", SearchOption.AllDirectories).Count(file => file.Directory!.Name != "drafts");

    private async Task<HttpClient> Member(HttpClient admin, string name, string[] functions, string scope)
    {
        using var role = new HttpRequestMessage(HttpMethod.Put, $"roles/{name}")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { functions, scope }), System.Text.Encoding.UTF8, "application/json")
        };
        (await admin.SendAsync(role)).EnsureSuccessStatusCode();
        (await admin.Write("members", new { id = name, role = name })).Ok();
        return crm.With((await admin.Write("api-keys", new { name, member = name })).Ok()["key"]);
    }
}
