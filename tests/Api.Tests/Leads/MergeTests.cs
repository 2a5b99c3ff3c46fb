using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Leads;

public sealed class MergeTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task Two_leads_are_merged_and_parted_exactly()
    {
        var (one, other) = (await Capture(new { source = "web", company = "Acme", phone = CaptureTests.Phone() }), await Capture(new { source = "fair", contact = "Ann", phone = CaptureTests.Phone() }));
        await Touch(other.Id, "2026-03-01T09:00:00Z");
        var (before, otherBefore) = (await State(one.Id), await State(other.Id));

        var merged = (await Http.Write($"leads/{other.Id}/merge", new { into = one.Id })).Ok();

        (merged.Id, merged["version"]).ShouldBe((one.Id, "2"));
        var whole = (await Http.Read($"leads/{one.Id}")).Ok();
        (whole["contact"], whole["touches"], whole["captures"], whole["source"]).ShouldBe(("Ann", "3", "2", "web"));
        (await Ids(merged.Position)).ShouldNotContain(other.Id);

        var parted = (await Http.Write($"leads/{other.Id}/unmerge", new { })).Ok();

        parted.Id.ShouldBe(other.Id);
        (await State(one.Id)).ShouldBe(before);
        (await State(other.Id)).ShouldBe(otherBefore);
        (await Ids(parted.Position)).ShouldContain(other.Id);
    }

    [Fact]
    public async Task What_came_in_between_goes_where_it_belongs()
    {
        var (phone, otherPhone) = (CaptureTests.Phone(), CaptureTests.Phone());
        var (one, other) = (await Capture(new { source = "web", phone }), await Capture(new { source = "fair", phone = otherPhone }));
        (await Http.Write($"leads/{other.Id}/merge", new { into = one.Id })).Ok();

        (await Capture(new { source = "mail", phone })).Id.ShouldBe(one.Id);
        (await Capture(new { source = "mail", phone = otherPhone, occurredAt = "2026-04-01T00:00:00Z" })).Id.ShouldBe(one.Id);
        (await Touch(one.Id, "2026-04-02T00:00:00Z")).Id.ShouldBe(one.Id);
        (await Touch(other.Id, "2026-04-03T00:00:00Z")).Id.ShouldBe(one.Id);
        (await Http.Read($"leads/{one.Id}")).Ok()["touches"].ShouldBe("6");

        (await Http.Write($"leads/{other.Id}/unmerge", new { })).Ok();

        (await Http.Read($"leads/{one.Id}")).Ok()["touches"].ShouldBe("3");
        var back = (await Http.Read($"leads/{other.Id}")).Ok();
        (back["touches"], back["captures"]).ShouldBe(("3", "2"));
        var events = (await Http.Read($"leads/{other.Id}/events")).Ok().Body.GetProperty("items").EnumerateArray().ToList();
        events.Single(e => e.GetProperty("type").GetString() == "lead_touched").GetProperty("occurredAt").GetString().ShouldBe("2026-04-03T00:00:00Z");
        (await Capture(new { source = "mail", phone = otherPhone })).Id.ShouldBe(other.Id);
    }

    [Fact]
    public async Task The_old_address_names_the_whole()
    {
        var (one, other) = (await Capture(new { source = "web", phone = CaptureTests.Phone() }), await Capture(new { source = "fair", phone = CaptureTests.Phone() }));
        (await Http.Write($"leads/{other.Id}/merge", new { into = one.Id })).Ok();

        var part = (await Http.Read($"leads/{other.Id}")).Ok();
        (part.Id, part["status"], part["mergedInto"], part["source"]).ShouldBe((other.Id, "merged", one.Id.ToString(), "fair"));
        (await Http.Read($"leads/{other.Id}/events")).Ok();
        var refused = await (await Http.Write($"leads/{other.Id}/notes", new { text = "?" })).Refused();
        (refused.Status, refused.Code).ShouldBe((409, "lead.merged"));
    }

    [Fact]
    public async Task Fifty_merges_at_once_have_one_effect()
    {
        var (one, other) = (await Capture(new { source = "web", phone = CaptureTests.Phone() }), await Capture(new { source = "fair", phone = CaptureTests.Phone() }));

        var said = await Task.WhenAll(Enumerable.Range(0, 25).SelectMany(_ => new[]
        {
            Http.Write($"leads/{other.Id}/merge", new { into = one.Id }), Http.Write($"leads/{one.Id}/merge", new { into = other.Id })
        }));

        said.Count(reply => reply.Status == 200).ShouldBe(25, string.Join(' ', said.Select(reply => reply.Status)));
        said.Where(reply => reply.Status != 200).ShouldAllBe(reply => reply.Status == 409);
        var whole = said.First(reply => reply.Status == 200).Id;
        (await Http.Read($"leads/{whole}")).Ok()["captures"].ShouldBe("2");
    }

    [Theory]
    [InlineData("{}", "/into")]
    [InlineData("""{"into":"00000000-0000-7000-8000-000000000009"}""", "/into")]
    public async Task A_lead_to_merge_into_is_named(string body, string pointer)
    {
        var lead = await Capture(new { source = "web", phone = CaptureTests.Phone() });

        var refused = await (await Http.Write($"leads/{lead.Id}/merge", body)).Refused();

        refused.Errors.Select(error => error.Where).ShouldBe([pointer]);
    }

    [Fact]
    public async Task Duplicates_are_explained()
    {
        var (phone, name) = (CaptureTests.Phone(), $"苏州博恩{CaptureTests.Phone()[9..]}仪器");
        var lead = await Capture(new { source = "web", company = $"{name}有限公司", contact = "王芳", phone });
        var part = await Capture(new { source = "fair", phone });
        var alike = await Capture(new { source = "list", company = $"{name}科技股份有限公司", contact = "王芳", phone = CaptureTests.Phone() });
        await Capture(new { source = "list", company = "杭州海康威视有限公司", phone = CaptureTests.Phone() });

        var found = (await Http.Read($"leads/{lead.Id}/duplicates", ("Crm-Min-Position", alike.Position))).Ok().Body.GetProperty("items").EnumerateArray().ToList();

        found.Select(item => (item.GetProperty("id").GetString(), item.GetProperty("relation").GetString(), By(item))).ShouldBe(
        [
            (part["captureId"], "part", "phone"), (alike.Id.ToString(), "suspect", "company contact")
        ]);
        found[1].GetProperty("similarity").GetDouble().ShouldBeInRange(0.6, 0.99);
        (await Http.Read($"leads/{part["captureId"]}/duplicates")).Ok()["mergedInto"].ShouldBe(lead.Id.ToString());

        var apart = (await Http.Write($"leads/{part["captureId"]}/unmerge", new { })).Ok();
        var parted = (await Http.Read($"leads/{lead.Id}/duplicates", ("Crm-Min-Position", apart.Position))).Ok().Body.GetProperty("items")[0];
        (parted.GetProperty("id").GetString(), parted.GetProperty("relation").GetString(), By(parted)).ShouldBe((part["captureId"], "separated", "phone"));

        static string By(JsonElement item) => string.Join(' ', item.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("by").GetString()));
    }

    private async Task<Reply> Capture(object said) => (await Http.Write("leads", said)).Ok();

    private async Task<Reply> Touch(Guid lead, string at) => (await Http.Write($"leads/{lead}/touches", new { kind = "call", direction = "outbound", occurredAt = at })).Ok();

    private async Task<string> State(Guid lead) => (await Http.Read($"leads/{lead}")).Ok().Text;

    private async Task<IReadOnlyList<Guid>> Ids(string? position) => [.. (await Http.Read("leads?limit=200", ("Crm-Min-Position", position))).Ok().Body.GetProperty("items")
        .EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];
}
