using System.Diagnostics;
using System.Text.RegularExpressions;
using Crm.Api.Tests.Http;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Contract;

/// <summary>What docs/api/quick-start.md shows works as it stands there. Its TypeScript is run by <see cref="ToolTests"/>.</summary>
public sealed class QuickStartTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [FactWith("bash", "curl")]
    public async Task The_lines_for_curl_take_a_lead_to_an_order()
    {
        var (exit, output) = await Bash(Snippet("bash"));

        exit.ShouldBe(0, output);
        output.ShouldContain("\"status\":\"won\"");
        output.ShouldContain("\"reference\":\"PO-7\"");
        output.ShouldContain("\"open\":{\"count\":0");
    }

    [Fact]
    public async Task The_lines_of_csharp_are_those_that_are_compiled_and_take_a_lead_to_an_order()
    {
        var source = await File.ReadAllTextAsync(Path.Combine(DocsTests.Root(), "tests", "Api.Tests", "Contract", "QuickStart.cs"));
        var compiled = Regex.Match(source, "begins here.\n(.*)        // The page ends", RegexOptions.Singleline).Groups[1].Value;
        Regex.Replace(compiled, "^ {8}", "", RegexOptions.Multiline).ShouldBe(Snippet("csharp"));

        var (url, key) = (crm.Place()[0].Value, crm.Place()[1].Value);
        ((string?)(await QuickStart.Run(url, key))!["status"]).ShouldBe("won");
    }

    /// <summary>The one snippet of a language.</summary>
    internal static string Snippet(string language) => Regex.Match(
        File.ReadAllText(Path.Combine(DocsTests.Root(), "docs", "api", "quick-start.md")), $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private async Task<(int, string)> Bash(string script)
    {
        var start = new ProcessStartInfo("bash", ["-eu", "-o", "pipefail", "-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        foreach (var (name, value) in crm.Place())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said + await wrong);
    }
}

internal static class Places
{
    /// <summary>Where the program is and how to come in, as the page's own variables.</summary>
    public static (string Name, string Value)[] Place(this CrmServer crm) =>
        [("CRM_URL", crm.App.Urls.Single()), ("CRM_KEY", crm.Http.DefaultRequestHeaders.Authorization!.Parameter!)];
}
