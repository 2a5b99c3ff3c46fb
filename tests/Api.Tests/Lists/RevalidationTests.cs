using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Tests.Journeys;
using Microsoft.AspNetCore.Http;

namespace Crm.Api.Tests.Lists;

/// <summary>What a caller holds already is not sent again, and what is long is sent short.</summary>
public sealed class RevalidationTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Theory]
    [InlineData("opportunities?limit=2&sort=-amount&expand=customer")]
    [InlineData("leads")]
    [InlineData("imports/rows")]
    [InlineData("pipeline?by=rep")]
    [InlineData("conversion")]
    [InlineData("reports/activity")]
    [InlineData("audit?limit=3&lang=zh-CN")]
    public async Task A_list_or_a_figure_is_sent_again_only_when_something_was_written(string path)
    {
        var first = await Settled(path);
        var tag = first.Message.Headers.ETag!;
        tag.IsWeak.ShouldBeTrue();
        first.Message.Headers.Vary.ShouldContain("Authorization");

        var same = await Http.Read(path, ("If-None-Match", $"\"x\", {tag}"));
        (same.Status, same.Text, same.Message.Headers.ETag, same.Position).ShouldBe((304, "", tag, first.Position));

        await Settled(path);
        var changed = (await Http.Read(path, ("If-None-Match", tag.ToString()))).Ok();
        changed.Message.Headers.ETag.ShouldNotBe(tag);
    }

    [Fact]
    public async Task A_record_is_sent_again_only_when_its_version_is_another()
    {
        var deal = await Http.Open();
        foreach (var path in (string[])[$"opportunities/{deal.Id}", $"opportunities/{deal.Id}/events", $"opportunities/{deal.Id}/history"])
        {
            var first = (await Http.Read(path)).Ok();
            first.Message.Headers.Vary.ShouldContain("Authorization");
            (await Http.Read(path, ("If-None-Match", first.Message.Headers.ETag!.ToString()))).Status.ShouldBe(304);
            (await Http.Read(path, ("If-None-Match", "*"))).Status.ShouldBe(304);
            (await Http.Read(path, ("If-None-Match", "\"77\""))).Ok();
        }

        var told = (await Http.Read($"opportunities/{deal.Id}/history")).Message.Headers.ETag!.ToString();
        (await Http.Read($"opportunities/{deal.Id}/history", ("If-None-Match", told), ("Accept-Language", "zh-CN"))).Ok();
        await Http.Write($"opportunities/{deal.Id}/amount", new { amount = Talk.Money(7m) });
        (await Http.Read($"opportunities/{deal.Id}", ("If-None-Match", deal.ETag))).Ok().ETag.ShouldBe("\"2\"");
        (await Http.Read($"opportunities/{Guid.NewGuid()}", ("If-None-Match", "*"))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_tag_that_is_none_is_refused()
    {
        var refusal = await (await Http.Read("opportunities", ("If-None-Match", "7"))).Refused();
        (refusal.Status, refusal.Errors.Single().Where, refusal.Errors.Single().Code).ShouldBe((400, "If-None-Match", "bad-entity-tag"));
    }

    [Fact]
    public void A_tag_is_of_one_question_one_position_and_one_set_of_rights()
    {
        Sight[] sights =
        [
            Sight.Everything, new(new Owners([], []), new HashSet<string>()), new(new Owners(["An"], []), new HashSet<string>()),
            new(new Owners([], ["An"]), new HashSet<string>()), new(null, new HashSet<string> { "opportunity.amount" })
        ];
        var tags = sights.SelectMany(sight => (string[])["main", "other"], (sight, tenant) => Caller.Developer with { Sight = sight, Tenant = tenant })
            .SelectMany(by => (string[])["?limit=1", "?limit=2"], (by, query) => WeakTag.Of(Request(query), by, new PositionToken("1a", 7)))
            .Append(WeakTag.Of(Request("?limit=1"), Caller.Developer, new PositionToken("1a", 8)))
            .Append(WeakTag.Of(Request("?limit=1"), Caller.Developer, new PositionToken("1b", 7)));

        tags.ShouldBeUnique();
        WeakTag.Of(Request("?limit=1"), Caller.Developer, new PositionToken("1a", 7)).ShouldBe(tags.First());
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Long_answers_are_compressed_and_short_ones_are_not(string encoding)
    {
        var deal = await Http.Open();
        for (var i = 0; i < 5; i++) await Http.Open();
        (await Http.Read("opportunities", ("Crm-Min-Position", (await Http.Open()).Position))).Ok();

        var list = await Encoded("opportunities", encoding);
        list.Headers.Vary.ShouldContain("Accept-Encoding");
        using var packed = await list.Content.ReadAsStreamAsync();
        using Stream unpacked = encoding == "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
        (await new StreamReader(unpacked).ReadToEndAsync()).ShouldStartWith("{\"items\":[{");

        (await Encoded($"opportunities/{deal.Id}", encoding, isShort: true)).Content.Headers.ContentLength.ShouldNotBeNull();
        (await Encoded($"opportunities/{Guid.NewGuid()}", encoding, isShort: true)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    // A plain client, since the document is held against texts.
    private async Task<HttpResponseMessage> Encoded(string path, string encoding, bool isShort = false)
    {
        using var plain = new HttpClient { BaseAddress = Http.BaseAddress };
        plain.DefaultRequestHeaders.Authorization = Http.DefaultRequestHeaders.Authorization;
        plain.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        var response = await plain.GetAsync(path);
        response.Content.Headers.ContentEncoding.ShouldBe(isShort ? [] : [encoding]);
        return response;
    }

    // Everything that was written is shown.
    private async Task<Reply> Settled(string path)
    {
        var written = await Http.Open();
        return (await Http.Read(path, ("Crm-Min-Position", written.Position))).Ok();
    }

    private static HttpRequest Request(string query)
    {
        var request = new DefaultHttpContext().Request;
        request.Path = "/api/v1/opportunities";
        request.QueryString = new QueryString(query);
        return request;
    }
}
