using System.Text;

namespace Crm.Api.Imports.Files;

/// <summary>A line of a text file.</summary>
/// <param name="Number">As an editor shows it, from 1.</param>
/// <param name="IsCut">It is longer than a row may be; this is its beginning.</param>
internal readonly record struct Line(int Number, string Text, bool IsCut = false);

/// <summary>How many lines of a file end in which way.</summary>
internal sealed record LineEnds(long Crlf = 0, long Lf = 0, long Cr = 0);

/// <summary>Reads lines, however they end, and keeps no more than one row of a file in memory.</summary>
internal sealed class LineReader(TextReader text)
{
    private const int KeptOfALongLine = 1_000;

    private readonly char[] buffer = new char[1 << 15];
    private readonly StringBuilder pending = new();
    private int at, filled, number;
    private bool isCut;

    public LineEnds Ends { get; private set; } = new();

    /// <summary>Null at the end of the file.</summary>
    public Line? Next()
    {
        var any = false;
        while (at < filled || Fill())
        {
            any = true;
            var rest = buffer.AsSpan(at, filled - at);
            var end = rest.IndexOfAny('\r', '\n');
            if (end >= 0)
            {
                var line = Take(rest[..end]);
                at += end;
                Skip();
                return line;
            }

            Keep(rest);
            at = filled;
        }

        return any || pending.Length > 0 ? Take([]) : null;
    }

    private Line Take(ReadOnlySpan<char> end)
    {
        string whole;
        if (pending.Length == 0 && end.Length <= FileLimits.Row)
        {
            whole = end.ToString();
        }
        else
        {
            Keep(end);
            whole = isCut ? pending.ToString(0, KeptOfALongLine) : pending.ToString();
        }

        var line = new Line(++number, whole, isCut);
        pending.Clear();
        isCut = false;
        return line;
    }

    private void Keep(ReadOnlySpan<char> part)
    {
        isCut |= pending.Length + part.Length > FileLimits.Row;
        if (!isCut)
        {
            pending.Append(part);
        }
    }

    // Over the end of the line: one of the two characters, or both.
    private void Skip()
    {
        var first = buffer[at++];
        if (first == '\n')
        {
            Ends = Ends with { Lf = Ends.Lf + 1 };
        }
        else if ((at < filled || Fill()) && buffer[at] == '\n')
        {
            at++;
            Ends = Ends with { Crlf = Ends.Crlf + 1 };
        }
        else
        {
            Ends = Ends with { Cr = Ends.Cr + 1 };
        }
    }

    private bool Fill()
    {
        (at, filled) = (0, text.Read(buffer, 0, buffer.Length));
        return filled > 0;
    }
}
