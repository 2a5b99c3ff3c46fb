using System.Text.RegularExpressions;

namespace Crm.Api.Events;

/// <summary>What docs/events.md says of one kind of event; the program carries the page.</summary>
/// <param name="Text">When it happens, in a sentence or two.</param>
/// <param name="Since">The month from which on there are such events: <c>2026-11</c>.</param>
/// <param name="Members">What each member means, by its name.</param>
public sealed partial record EventMeaning(string Text, string Since, IReadOnlyDictionary<string, string> Members)
{
    /// <summary>By the name of the record.</summary>
    public static IReadOnlyDictionary<string, EventMeaning> All { get; } = Read();

    private static IReadOnlyDictionary<string, EventMeaning> Read()
    {
        using var file = new StreamReader(typeof(EventMeaning).Assembly.GetManifestResourceStream("events.md")!);
        return Section().Matches(file.ReadToEnd().ReplaceLineEndings("\n")).ToDictionary(section => section.Groups["name"].Value, section =>
        {
            var text = section.Groups["text"].Value;
            var since = Dated().Match(text);
            return new EventMeaning(Space().Replace(text[..since.Index], " ").Trim(), since.Groups[1].Value, MembersIn(text));
        });
    }

    private static IReadOnlyDictionary<string, string> MembersIn(string text) =>
        Row().Matches(text).ToDictionary(row => row.Groups["name"].Value, row => row.Groups["meaning"].Value.Trim());

    [GeneratedRegex(@"^### (?<name>\w+)\n(?<text>.*?)(?=^#|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"Since version \d+, (\d{4}-\d{2})\.")]
    private static partial Regex Dated();

    [GeneratedRegex(@"^\| `(?<name>\w+)` \|[^|]*\|(?<meaning>[^|\n]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
