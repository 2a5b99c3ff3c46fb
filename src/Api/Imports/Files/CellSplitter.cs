using System.Text;

namespace Crm.Api.Imports.Files;

/// <summary>
/// Takes a row of separated values (RFC 4180) apart, line by line. A quote in the middle of a cell that has none around it (5" pipe) is read as
/// it stands.
/// </summary>
internal sealed class CellSplitter(char delimiter)
{
    private readonly List<string> cells = [];
    private readonly StringBuilder quoted = new();

    public IReadOnlyList<string> Cells => cells;

    /// <summary>A quote is not closed: the row goes on in the next line.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Something stands between a closing quote and the next cell.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>How many cells the line has by itself; null where it has no end of its own, or is broken.</summary>
    public int? WidthOf(string line)
    {
        Begin(line);
        return IsOpen || IsBroken ? null : cells.Count;
    }

    public void Begin(string line)
    {
        cells.Clear();
        quoted.Clear();
        (IsOpen, IsBroken) = (false, false);
        Read(line, 0);
    }

    public void GoOn(string line)
    {
        quoted.Append('\n');
        var at = Quoted(line, 0);
        if (!IsOpen && Close(line, at) is { } next)
        {
            Read(line, next);
        }
    }

    /// <summary>The cells so far; of one that is open, what was read of it.</summary>
    public string[] Taken() => IsOpen ? [.. cells, quoted.ToString()] : [.. cells];

    private void Read(string line, int from)
    {
        for (int? at = from; at is { } start;)
        {
            if (start < line.Length && line[start] == '"')
            {
                var behind = Quoted(line, start + 1);
                at = IsOpen ? null : Close(line, behind);
            }
            else
            {
                var end = line.IndexOf(delimiter, start);
                cells.Add(end < 0 ? line[start..] : line[start..end]);
                at = end < 0 ? null : end + 1;
            }
        }
    }

    /// <summary>Up to behind the closing quote.</summary>
    private int Quoted(string line, int at)
    {
        for (; ; )
        {
            var quote = line.IndexOf('"', at);
            IsOpen = quote < 0;
            quoted.Append(line, at, (IsOpen ? line.Length : quote) - at);
            if (IsOpen || quote + 1 == line.Length || line[quote + 1] != '"')
            {
                return IsOpen ? line.Length : quote + 1;
            }

            quoted.Append('"');
            at = quote + 2;
        }
    }

    /// <summary>Where the next cell begins; null at the end of the line.</summary>
    private int? Close(string line, int behind)
    {
        var end = line.IndexOf(delimiter, behind);
        var between = end < 0 ? line.AsSpan(behind) : line.AsSpan(behind, end - behind);
        IsBroken |= !between.IsWhiteSpace();
        cells.Add(quoted.Append(between.TrimEnd()).ToString());
        quoted.Clear();
        return end < 0 ? null : end + 1;
    }
}
