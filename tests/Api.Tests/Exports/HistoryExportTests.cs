using System.IO.Compression;
using Crm.Api.Tests.Journeys;
using Crm.EventStore.Histories;
using Crm.Support;

namespace Crm.Api.Tests.Exports;

/// <summary>A tenant's whole history over HTTP: asked for, waited for, fetched, and put into a store of its own.</summary>
public sealed class HistoryExportTests(CrmServer crm) : IClassFixture<CrmServer>, IDisposable
{
    private static int _tenants;

    private readonly string folder = Directory.CreateTempSubdirectory("crm-history-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_tenant_fetches_all_that_is_his_and_nothing_of_others()
    {
        var (name, admin) = await NewTenant();
        var lead = (await admin.Write("leads", new { source = "web", contact = "王伟", email = "wei@example.cn" })).Ok();
        (await crm.Http.Write("leads", new { source = "elsewhere" })).Ok();

        var asked = (await admin.Write("exports", new { withKeys = true })).Ok();
        var done = await Ended(admin, asked.Location!);
        using var answer = await admin.GetAsync($"exports/{asked.Id}/file");
        await Unpack(answer);

        (asked.Status, asked.Location).ShouldBe((202, $"/api/v1/exports/{asked.Id}"));
        done["state"].ShouldBe("succeeded", done.Text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        answer.Content.Headers.ContentDisposition!.FileName!.ShouldStartWith("history-");
        var whole = await HistoryFolder.Open(folder, default);
        await whole.MustBeWhole(null, default);
        (whole.Manifest.Tenants.Keys.Single(), whole.Manifest.Tenant, whole.Manifest.Tenants[name].Types["lead_captured"]).ShouldBe((name, name, 1));
        done.Body.GetProperty("result").GetProperty("events").GetInt64().ShouldBe(whole.Manifest.Events);
        (await admin.Read("exports")).Ok().Body.GetProperty("items")[0].GetProperty("id").GetGuid().ShouldBe(asked.Id);

        var other = new CrmServer();
        await other.InitializeAsync();
        try
        {
            await new HistoryLoad(other.Engine.Database, "told").Run(whole, other.Engine.MasterKey.Opens, null, default);
            using var there = other.With(admin.DefaultRequestHeaders.Authorization!.Parameter);
            var shown = await there.Read($"leads/{lead.Id}");
            (shown.Ok()["email"], shown["contact"]).ShouldBe(("wei@example.cn", "王伟"), "his key opens there, too, and so does what is personal");
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task Without_more_words_no_keys_go_along_and_a_moment_cuts_it_off()
    {
        var (_, admin) = await NewTenant();
        var first = (await admin.Write("leads", new { source = "web", email = "one@example.cn" })).Ok();
        var moment = (await admin.History($"leads/{first.Id}"))[0].GetProperty("recordedAt").GetDateTimeOffset().AddMicroseconds(1);
        (await admin.Write("leads", new { source = "web", email = "two@example.cn" })).Ok();

        var asked = (await admin.Write("exports", new { knownAt = moment.Text() })).Ok();
        await Ended(admin, asked.Location!);
        using var answer = await admin.GetAsync($"exports/{asked.Id}/file");
        await Unpack(answer);

        var manifest = await HistoryManifest.Read(folder, default);
        (manifest.HasKeys, manifest.Files.Count(file => file.Table.EndsWith("keys", StringComparison.Ordinal)), manifest.Tenants.Values.Single().Types["lead_captured"]).ShouldBe((false, 0, 1));
        (await (await admin.Write("exports", new { knownAt = "2999-01-01" })).Refused()).Errors.Single().Where.ShouldBe("/knownAt");
    }

    [Fact]
    public async Task It_is_for_nobody_who_does_not_see_all()
    {
        var (_, admin) = await NewTenant();
        (await admin.Write("leads", new { source = "web" })).Ok();
        var asked = (await admin.Write("exports", new { })).Ok();
        foreach (var (role, scope, hidden) in ((string, string, string[])[])[("own", "own", []), ("blind", "all", ["lead.email"])])
        {
            using var define = new HttpRequestMessage(HttpMethod.Put, $"roles/{role}");
            define.Content = new StringContent(System.Text.Json.JsonSerializer.Serialize(new { functions = new[] { "history.export" }, scope, hiddenFields = hidden }), System.Text.Encoding.UTF8, "application/json");
            (await admin.SendAsync(define)).EnsureSuccessStatusCode();
            (await admin.Write("members", new { id = role, role })).Ok();
            using var member = crm.With((await admin.Write("api-keys", new { name = role, member = role })).Ok()["key"]);

            (await member.Write("exports", new { })).Status.ShouldBe(403);
            (await member.Read("exports")).Status.ShouldBe(403);
            (await member.Read($"exports/{asked.Id}")).Status.ShouldBe(403);
            (await member.Read($"exports/{asked.Id}/file")).Status.ShouldBe(403);
            (await member.Write($"exports/{asked.Id}/cancellation", new { })).Status.ShouldBe(403);
        }
    }

    [Fact]
    public async Task One_is_written_at_a_time_and_one_that_is_not_done_has_no_file()
    {
        var (_, admin) = await NewTenant();
        await using var held = await crm.Engine.Database.OpenConnectionAsync();
        await using var locked = await held.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("lock table crm.webhook_secret, crm.webhook in access exclusive mode", held))
        {
            await command.ExecuteNonQueryAsync();
        }

        var asked = (await admin.Write("exports", new { })).Ok();

        (await (await admin.Write("exports", new { })).Refused()).Code.ShouldBe("export.busy");
        (await (await admin.Read($"exports/{asked.Id}/file")).Refused()).Code.ShouldBe("export.under-way");
        (await admin.Write($"exports/{asked.Id}/cancellation", new { })).Ok();
        (await Ended(admin, asked.Location!))["state"].ShouldBe("cancelled");
        await locked.RollbackAsync();
        (await (await admin.Read($"exports/{asked.Id}/file")).Refused()).Code.ShouldBe("export.no-file");
        (await (await admin.Read($"exports/{Guid.NewGuid()}")).Refused()).Code.ShouldBe("export.unknown");
    }

    private async Task<(string Name, HttpClient Admin)> NewTenant()
    {
        var name = $"history-{Interlocked.Increment(ref _tenants)}";
        return (name, await crm.Tenant(name));
    }

    private static async Task<Reply> Ended(HttpClient admin, string location)
    {
        Reply? job = null;
        await Patience.Until("the job has ended", async () => (job = (await admin.Read(location)).Ok())["endedAt"] is not null);
        return job!;
    }

    private async Task Unpack(HttpResponseMessage answer)
    {
        answer.IsSuccessStatusCode.ShouldBeTrue();
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        zip.ExtractToDirectory(folder);
    }
}
