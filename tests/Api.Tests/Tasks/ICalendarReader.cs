using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Crm.Api.Tests.Tasks;

/// <summary>A component of a calendar as a strict reader of RFC 5545 finds it.</summary>
public sealed record Component(string Name, List<(string Name, string Parameters, string Value)> Properties, List<Component> Components)
{
    /// <summary>The only value of a property, as it stands; null where it is not there.</summary>
    public string? this[string property] => Properties.SingleOrDefault(p => p.Name == property).Value;

    public string? Text(string property) => this[property] is { } value ? ICalendarReader.Unescape(value) : null;

    public DateTimeOffset Moment(string property) => DateTimeOffset.ParseExact(
        this[property]!, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}

/// <summary>
/// Reads calendars by the grammar of RFC 5545, and takes nothing that it does not permit. Shares no code with the product.
/// </summary>
public static partial class ICalendarReader
{
    // What a component must have once (section 3.6), of those that are read here.
    private static readonly Dictionary<string, string[]> Needs = new()
    {
        ["VCALENDAR"] = ["PRODID", "VERSION"],
        ["VEVENT"] = ["UID", "DTSTAMP", "DTSTART", "SEQUENCE", "LAST-MODIFIED", "STATUS", "SUMMARY"],
        ["VALARM"] = ["ACTION", "TRIGGER", "DESCRIPTION"],
        ["VTIMEZONE"] = ["TZID"],
        ["STANDARD"] = ["DTSTART", "TZOFFSETFROM", "TZOFFSETTO"]
    };

    private static readonly string[] Texts = ["SUMMARY", "DESCRIPTION", "CATEGORIES"];

    public static Component Read(byte[] bytes)
    {
        var lines = new Queue<string>(Unfold(bytes));
        var calendar = Component(lines);
        lines.ShouldBeEmpty("nothing comes after the calendar");
        calendar.Name.ShouldBe("VCALENDAR");
        calendar["VERSION"].ShouldBe("2.0");
        calendar.Components.ShouldNotBeEmpty("a calendar has one component at least");
        return calendar;
    }

    /// <summary>What people wrote (section 3.3.11).</summary>
    public static string Unescape(string value)
    {
        EscapedText().IsMatch(value).ShouldBeTrue($"not a TEXT: {value}");
        return Escape().Replace(value, match => match.Value[1] is 'n' or 'N' ? "\n" : match.Value[1..]);
    }

    // Section 3.1: lines end in CRLF and nothing else, are of 75 octets at most, and go on where a white space follows.
    private static List<string> Unfold(byte[] bytes)
    {
        var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        text.ShouldEndWith("\r\n");
        text.Replace("\r\n", "").ShouldNotContain("\r");
        text.Replace("\r\n", "").ShouldNotContain("\n");
        var unfolded = new List<string>();
        foreach (var line in text[..^2].Split("\r\n"))
        {
            Encoding.UTF8.GetByteCount(line).ShouldBeInRange(1, 75, line);
            if (line[0] is ' ' or '\t')
            {
                unfolded[^1] += line[1..];
            }
            else
            {
                unfolded.Add(line);
            }
        }

        return unfolded;
    }

    private static Component Component(Queue<string> lines)
    {
        var begin = Line(lines.Dequeue());
        begin.Name.ShouldBe("BEGIN");
        var component = new Component(begin.Value, [], []);
        while (lines.TryPeek(out var next))
        {
            if (Line(next).Name == "BEGIN")
            {
                component.Components.Add(Component(lines));
                continue;
            }

            var line = Line(lines.Dequeue());
            if (line.Name == "END")
            {
                line.Value.ShouldBe(component.Name);
                foreach (var name in Needs[component.Name])
                {
                    component.Properties.Count(property => property.Name == name).ShouldBe(1, $"{component.Name} has {name} once");
                }

                return component;
            }

            component.Properties.Add(line);
            _ = Texts.Contains(line.Name) ? Unescape(line.Value) : "";
        }

        throw new FormatException($"{component.Name} does not end.");
    }

    private static (string Name, string Parameters, string Value) Line(string line) => ContentLine().Match(line) is { Success: true } match
        ? (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value)
        : throw new FormatException($"Not a content line: {line}");

    // name *(";" param) ":" value, of which no part holds a control character but a tab.
    [GeneratedRegex(
        """\A([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:[^\x00-\x08\x0A-\x1F\x7F";:,]*|"[^\x00-\x08\x0A-\x1F\x7F"]*"))*)"""
        + """:([^\x00-\x08\x0A-\x1F\x7F]*)\z""")]
    private static partial Regex ContentLine();

    [GeneratedRegex(@"\A(?:[^\\;,]|\\[\\;,nN])*\z")]
    private static partial Regex EscapedText();

    [GeneratedRegex(@"\\[\\;,nN]")]
    private static partial Regex Escape();
}
