using System.Text.RegularExpressions;

namespace Crm.Api.Http.Pages;

/// <summary>What a problem's <c>type</c> leads to: its row of docs/problems.md, which the program carries.</summary>
/// <param name="Status">Null for the code of a single member, parameter or header.</param>
public sealed partial record ProblemPage(string Code, string? Status, string Meaning, string Remedy)
{
    public static IReadOnlyDictionary<string, ProblemPage> All { get; } = Read().ToDictionary(page => page.Code);

    public string Markdown => $"""
        # {Code}
        {(Status is null ? "" : $"\nStatus {Status}\n")}
        {Meaning}

        {(Remedy is "" ? "" : $"**What you can do:** {Remedy}\n")}
        """;

    private static IEnumerable<ProblemPage> Read()
    {
        using var file = new StreamReader(typeof(ProblemPage).Assembly.GetManifestResourceStream("problems.md")!);
        while (file.ReadLine() is { } line)
        {
            // The first cell is the code; rows with a status have one cell more.
            if (Row().Match(line) is { Success: true } row)
            {
                yield return row.Groups["cell"].Captures.Select(cell => cell.Value.Trim()).ToArray() switch
                {
                    [var status, var meaning, var remedy] => new ProblemPage(row.Groups["code"].Value, status, meaning, remedy),
                    [var meaning, var remedy] => new ProblemPage(row.Groups["code"].Value, Status: null, meaning, remedy),
                    _ => throw new InvalidOperationException($"docs/problems.md: {line}")
                };
            }
        }
    }

    [GeneratedRegex(@"^\| `(?<code>[a-z.-]+)` \|(?:(?<cell>[^|]*)\|){2,3}$")]
    private static partial Regex Row();
}
