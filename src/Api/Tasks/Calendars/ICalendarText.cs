using System.Globalization;
using System.Text;

namespace Crm.Api.Tasks.Calendars;

/// <summary>
/// Writes content lines of iCalendar (RFC 5545, section 3.1): CRLF at each end, none longer than 75 octets, and no text that could be taken
/// for a line.
/// </summary>
internal sealed class ICalendarText
{
    private const int MostOctets = 75;

    private readonly StringBuilder lines = new();

    public byte[] Bytes => Encoding.UTF8.GetBytes(lines.ToString());

    /// <param name="name">With its parameters.</param>
    /// <param name="value">As it has to stand there.</param>
    public ICalendarText Line(string name, string value)
    {
        var octets = 0;
        foreach (var rune in $"{name}:{value}".EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > MostOctets)
            {
                lines.Append("\r\n ");
                octets = 1;
            }

            lines.Append(rune);
            octets += rune.Utf8SequenceLength;
        }

        lines.Append("\r\n");
        return this;
    }

    public ICalendarText Line(string name, DateTimeOffset moment) =>
        Line(name, moment.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));

    /// <summary>What people write (section 3.3.11).</summary>
    public ICalendarText Text(string name, string text) => Line(name, Escaped(text));

    // What only some readers take for the end of a line is one here, so that none finds a line of its own behind it.
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            escaped.Append(rune.Value switch
            {
                '\n' or '\v' => @"\n",
                '\\' or ';' or ',' => $@"\{rune}",
                '\t' => "\t",
                _ => Rune.IsControl(rune) ? "" : rune.ToString()
            });
        }

        return escaped.ToString();
    }
}
