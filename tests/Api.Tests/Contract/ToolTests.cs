using System.Text.Json;
using System.Text.RegularExpressions;
using Crm.Api.Tests.Http;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Contract;

/// <summary>The served document in the hands of other people's tools: linters, and a generator of clients.</summary>
public sealed partial class ToolTests(CrmServer crm) : IClassFixture<CrmServer>
{
    // Node's own types are a package that would bring nothing else here.
    private const string DeclaredForUs = "\ndeclare const process: { env: Record<string, string> };\n";

    private static readonly string Bin = Path.Combine(Node.Folder, "bin");

    [FactWith("node", "npm")]
    public async Task Spectral_finds_no_error_by_its_own_rules_and_those_of_owasp()
    {
        var (exit, output) = await Node.Run("spectral", ["lint", await Saved("spectral"), "--fail-severity", "error", "--display-only-failures"]);
        exit.ShouldBe(0, output);
    }

    [FactWith("node", "npm")]
    public async Task Redocly_finds_no_error_by_its_strict_rules()
    {
        var (exit, output) = await Node.Run("redocly", ["lint", await Saved("redocly")]);
        exit.ShouldBe(0, output);
    }

    [FactWith("node", "npm")]
    public async Task A_linter_that_has_something_to_find_finds_it()
    {
        var broken = Path.Combine(Directory.CreateDirectory(Bin).FullName, "broken.json");
        await File.WriteAllTextAsync(broken, """
            {"openapi": "3.1.1", "info": {"title": "Broken", "version": "1"}, "paths": {"/x": {"get": {"responses": {"200": {"description": "", "headers": {}}}}}}, "components": {"schemas": {"OneRequest": {
              "type": "object", "properties": {"text": {"type": ["null", "string"]}, "list": {"type": "array", "items": {"type": "boolean"}}}}}}}
            """);

        var (exit, output) = await Node.Run("spectral", ["lint", broken, "--fail-severity", "error", "--display-only-failures"]);
        exit.ShouldBe(1, output);
        output.ShouldContain("crm-request-string-limit");
        output.ShouldContain("crm-request-array-limit");
        output.ShouldContain("crm-rate-limit");
    }

    [Fact]
    public void Exceptions_to_the_rules_are_few_and_each_has_its_reason()
    {
        var reasons = File.ReadAllText(Path.Combine(DocsTests.Root(), "docs", "api", "lint.md"));
        var exceptions = new[] { ".spectral.yaml", "redocly.yaml" }
            .SelectMany(file => Off().Matches(File.ReadAllText(Path.Combine(Node.Folder, file)))).Select(match => match.Groups[1].Value).ToList();

        exceptions.Count.ShouldBeInRange(1, 5);
        exceptions.Where(rule => !reasons.Contains($"| `{rule}` |")).ShouldBeEmpty();
    }

    [FactWith("node", "npm")]
    public async Task A_generated_client_compiles_and_takes_a_lead_all_the_way_to_an_order()
    {
        var document = await Saved("client");
        await Ran("openapi-typescript", [document, "--output", Path.Combine(Bin, "api.ts")]);
        await File.WriteAllTextAsync(Path.Combine(Bin, "quick-start.ts"), QuickStartTests.Snippet("ts") + DeclaredForUs);
        await Ran("tsc", ["--project", "."]);
        var said = await Ran("node", [Path.Combine(Bin, "out", "walk.js")], crm.Place());

        (await Ran("node", [Path.Combine(Bin, "out", "bin", "quick-start.js")], crm.Place())).Trim().ShouldBe("Lathe line Prospecting 1054000.00");
        JsonDocument.Parse(said).RootElement.GetRawText()
            .ShouldBe("""{"status":"won","amount":{"amount":"998000.00","currency":"CNY"},"reference":"PO-7","refused":"opportunity.closed"}""");
    }

    private static async Task<string> Ran(string tool, string[] words, params (string, string)[] environment)
    {
        var (exit, output) = await Node.Run(tool, words, environment);
        exit.ShouldBe(0, output);
        return output;
    }

    private async Task<string> Saved(string name)
    {
        Directory.CreateDirectory(Bin);
        var file = Path.Combine(Bin, $"{name}.json");
        await File.WriteAllTextAsync(file, (await crm.Http.Read("/openapi/v1.json")).Ok().Text);
        return file;
    }

    [GeneratedRegex(@"^\s*([\w:-]+):\s*off\s*$", RegexOptions.Multiline)]
    private static partial Regex Off();
}
