using System.Diagnostics;
using System.Text.RegularExpressions;
using Crm.Api.Tests.Contract;
using Crm.Api.Tests.Http;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Events;

/// <summary>What docs/api/events.md shows works as it stands there.</summary>
public sealed class EventsPageTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static readonly string Page = File.ReadAllText(Path.Combine(DocsTests.Root(), "docs", "api", "events.md"));

    [FactWith("bash", "curl")]
    public async Task The_lines_for_curl_follow_what_happens()
    {
        var before = (await crm.Http.Write("leads", new { source = "web" })).Ok();
        var start = new ProcessStartInfo("bash", ["-c", $"exec {Snippet().Trim()}"]) { RedirectStandardOutput = true };
        foreach (var (name, value) in crm.Place())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            await Line("retry: 1000");
            await Line(before.Id.ToString());
            var after = (await crm.Http.Write("leads", new { source = "fair" })).Ok();
            (await Line(after.Id.ToString())).ShouldStartWith("data: {\"id\":");
        }
        finally
        {
            process.Kill();
        }

        async Task<string> Line(string part)
        {
            while (await process.StandardOutput.ReadLineAsync().Soon() is { } line)
            {
                if (line.Contains(part))
                {
                    return line;
                }
            }

            throw new EndOfStreamException(part);
        }
    }

    [Fact]
    public void Every_parameter_that_the_page_lists_is_there()
    {
        var told = Regex.Matches(Page, @"^\| `(\w+)` \|", RegexOptions.Multiline).Select(row => row.Groups[1].Value);

        told.ShouldBe(Crm.Api.Http.Shapes.Shape.OfRecord(typeof(Crm.Api.Events.FeedQuestion)).Parameters.Select(p => p.Name), ignoreOrder: true);
    }

    private static string Snippet() => Regex.Match(Page, "```bash\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
}
