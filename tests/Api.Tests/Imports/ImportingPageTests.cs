using System.Text.RegularExpressions;
using Crm.Api.Imports;
using Crm.Api.Tests.Http;

namespace Crm.Api.Tests.Imports;

public sealed partial class ImportingPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(DocsTests.Root(), "docs", "importing.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_mapping_on_the_page_is_one() => Mapping.Parse(Example().Match(Page).Groups[1].Value).Source.ShouldBe("acme");

    [Theory]
    [InlineData("maventech")]
    [InlineData("x-education")]
    public void The_mappings_that_are_shipped_can_be_read(string name) => Mapping.Shipped(name).Source.ShouldBe(name);

    [Fact]
    public void Every_reason_is_explained() =>
        Directory.EnumerateFiles(Path.Combine(DocsTests.Root(), "src", "Api", "Imports"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Reason().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)
            .Where(reason => !reason.StartsWith("no-") && !Page.Contains($"`{reason}`") && !reason.StartsWith("lead.") && !reason.StartsWith("import."))
            .ShouldBeEmpty();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"(?:RowRemark|Refuse|Wrong<\w+>|WrongState)\(\s*""([a-z][a-z.-]+)""")]
    private static partial Regex Reason();
}
