using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Contract;

/// <summary>What the document shows as an example can be sent as it stands.</summary>
public sealed class ExamplesTests(CrmServer crm, ITestOutputHelper output) : IClassFixture<CrmServer>
{
    // What only an answer of the store itself can give.
    private static readonly string[] Given = ["cursor"];

    private static readonly string[] OfRecords = ["/api/", "/calendars/", "/forms/"];

    [Fact]
    public async Task Every_example_of_a_question_is_taken()
    {
        var sent = 0;
        var document = await Document();
        foreach (var (_, template, operation) in document.Operations.Where(o => o.Method == "get"))
        {
            var parameters = operation.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToList() : [];
            var path = parameters.Where(p => In(p, "path")).Aggregate(template, (at, p) => at.Replace($"{{{Name(p)}}}", Example(p)));
            var query = parameters.Where(p => In(p, "query") && !Given.Contains(Name(p))).ToList();

            // Each by itself beside what a question cannot do without, and all that go together at once.
            var needed = query.Where(IsRequired).ToList();
            foreach (var asked in query.Select(p => needed.Append(p).DistinctBy(Name)).Append(query.Where(p => Name(p) is not "at")))
            {
                var question = $"{path}?{string.Join('&', asked.Select(p => $"{Name(p)}={Example(p)}"))}".TrimEnd('?');
                var reply = await crm.Http.Read(question);
                reply.Status.ShouldBeOneOf(IsOfOneRecord(template, needed) ? [200, 404] : [200], $"{question}: {reply.Text}");
                sent++;
            }
        }

        output.WriteLine($"{sent} questions sent");
        sent.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Every_example_of_a_search_is_taken()
    {
        var searches = (await Document()).Operations.Where(o => o.Template.EndsWith("/search", StringComparison.Ordinal)).ToList();

        searches.Count.ShouldBe(8);
        foreach (var (_, template, operation) in searches)
        {
            var example = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
            (await crm.Http.Write(template, example.GetRawText())).Ok();
        }
    }

    // A record that an example names, or the one in force, need not be there in an empty store.
    private static bool IsOfOneRecord(string template, IReadOnlyCollection<JsonElement> needed) =>
        OfRecords.Any(area => template.StartsWith(area, StringComparison.Ordinal))
        && (template.Contains('{') || needed.Count > 0 || template.EndsWith("/forecasts/current", StringComparison.Ordinal));

    private static bool IsRequired(JsonElement parameter) => parameter.TryGetProperty("required", out var required) && required.GetBoolean();

    private static bool In(JsonElement parameter, string place) => parameter.GetProperty("in").GetString() == place;

    private static string Name(JsonElement parameter) => parameter.GetProperty("name").GetString()!;

    private static string Example(JsonElement parameter) => Uri.EscapeDataString(
        parameter.GetProperty("example") is { ValueKind: JsonValueKind.True or JsonValueKind.False } truth ? truth.GetRawText() : parameter.GetProperty("example").ToString());

    private async Task<ApiDocument> Document() => new((await crm.Http.Read("/openapi/v1.json")).Ok().Body);
}
