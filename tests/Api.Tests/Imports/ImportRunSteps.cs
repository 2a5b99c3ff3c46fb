using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Imports;

/// <summary>What tests of imports over HTTP do: set one up, have something done with it, and look.</summary>
public abstract class ImportRunSteps(CrmServer crm) : IClassFixture<CrmServer>
{
    protected const string Mapping = """
        {
          "source": "SOURCE", "currency": "EUR",
          "pipeline": { "key": "SOURCE", "name": "Imported", "stages": ["Contact", "Offer"] },
          "customers": { "file": "companies.csv", "key": "number", "name": "company" },
          "leads": {
            "file": "people.csv", "key": "id", "at": "met", "source": { "constant": "fair" }, "company": "company", "contact": "contact", "email": "mail",
            "employees": "size"
          },
          "opportunities": {
            "file": "deals.csv", "key": "deal", "name": "deal", "customer": "customer", "opened": { "at": "opened", "amount": "value" },
            "won": { "at": "won", "amount": "value" }
          }
        }
        """;

    // Up to where the last job wrote.
    protected string? Position { get; private set; }

    protected CrmServer Crm => crm;

    protected HttpClient Http => crm.Http;

    protected async Task<(Guid Id, string Mail)> Set(string source, string? known = null)
    {
        var (id, mail) = (await Make(), known ?? $"{Guid.NewGuid():N}@acme.example");
        (await Send(HttpMethod.Put, $"imports/{id}/mapping", Mapping.Replace("SOURCE", source), type: "application/json")).EnsureSuccessStatusCode();
        await File(id, "companies.csv", "number,company\nC1,Acme\nC2,Bolt\n");
        await File(id, "people.csv", $"""
            id,met,company,contact,mail,size
            1,2026-02-03,Acme,Ann,{mail},120
            2,2026-02-03,Bolt,Ben,{Guid.NewGuid():N}@bolt.example,30
            3,2026-02-03,Coil,Cy,,many
            4,soon,Dent,Di,,7
            5,2026-02-04,Acme,Ann,{mail},121

            """);
        await File(id, "deals.csv", "deal,customer,opened,value,won\nD1,C1,2026-02-05,100.00,2026-03-01\nD2,C2,2026-02-06,50.00,\n");
        return (id, mail);
    }

    protected async Task<Guid> SetHistory(string source)
    {
        var id = await Make();
        (await Send(HttpMethod.Put, $"imports/{id}/mapping", """
            {
              "source": "SOURCE", "currency": "EUR", "pipeline": { "key": "SOURCE", "name": "Imported", "stages": ["Contact", "Offer"] },
              "opportunities": { "file": "deals.csv", "key": "deal", "name": "deal", "opened": { "at": "opened", "amount": "value" } },
              "stageHistories": { "file": "history.csv", "opportunity": "deal", "at": "at", "stage": "stage", "by": "who" }
            }
            """.Replace("SOURCE", source), type: "application/json")).EnsureSuccessStatusCode();
        await File(id, "deals.csv", "deal,opened,value\nH1,2026-02-05,100.00\n");
        await File(id, "history.csv", "deal,at,stage,who\nH1,2026-02-05,Contact,ann\nH1,2026-02-09,Offer,ann\nH1,2026-02-09,Offer,ann\nH2,2026-02-07,Contact,ben\nH2,soon,Offer,ben\n");
        return id;
    }

    protected async Task<Guid> Make() => (await Http.Write("imports", new { name = "Fair" })).Ok().Id;

    protected async Task File(Guid id, string name, string text) => (await Send(HttpMethod.Put, $"imports/{id}/files/{name}", text)).EnsureSuccessStatusCode();

    protected Task<HttpResponseMessage> Part(Guid id, string text, int at, bool complete = false) => Send(
        HttpMethod.Patch, $"imports/{id}/files/people.csv", text, [("Upload-Offset", $"{at}"), ("Upload-Complete", complete ? "?1" : "?0")], "application/partial-upload");

    protected Task<HttpResponseMessage> Send(HttpMethod method, string path, string text, params IReadOnlyList<(string, string)> headers) =>
        Send(method, path, text, headers, "application/octet-stream");

    protected Task<HttpResponseMessage> Send(HttpMethod method, string path, string text, string type) => Send(method, path, text, [], type);

    protected async Task<HttpResponseMessage> Send(HttpMethod method, string path, string text, IReadOnlyList<(string Name, string Value)> headers, string type)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>What a job came to.</summary>
    protected async Task<JsonElement> Job(Guid id, string kind)
    {
        var asked = await Http.Write($"imports/{id}/{kind}", new { });
        asked.Status.ShouldBe(202, asked.Text);
        var ended = await Ended(id, asked.Id);
        ended.GetProperty("state").GetString().ShouldBe("succeeded", ended.ToString());
        return ended.GetProperty("result");
    }

    protected async Task<JsonElement> Ended(Guid id, Guid job)
    {
        Reply found = null!;
        await Support.Patience.Until("the job has ended", async () =>
            (found = (await Http.Read($"imports/{id}/jobs/{job}")).Ok()).Body.GetProperty("endedAt").ValueKind != JsonValueKind.Null, TimeSpan.FromSeconds(60));
        Position = found.Position;
        return found.Body;
    }

    protected async Task<JsonElement> Import(Guid id) => (await Http.Read($"imports/{id}")).Ok().Body;

    protected async Task<string[]> Lines(Guid id, string state, string kind) =>
        (await Http.Read($"imports/{id}/results?state={state}&kind={kind}")).Ok().Text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    protected async Task<long> Total(string records) => (await Http.Read($"{records}?total=true&limit=1", ("Crm-Min-Position", Position))).Ok().Body.GetProperty("total").GetInt64();

    protected static Guid Record(string[] lines, int row) => Guid.Parse(lines[row].Split(',', ';')[3]);

    protected static (long Created, long Attached, long Unchanged, long Failed) Counts(JsonElement result, string kind)
    {
        var rows = result.GetProperty("rows").EnumerateArray().Single(counts => counts.GetProperty("kind").GetString() == kind);
        return (Number("created"), Number("attached"), Number("unchanged"), Number("failed"));

        long Number(string name) => rows.GetProperty(name).GetInt64();
    }
}
