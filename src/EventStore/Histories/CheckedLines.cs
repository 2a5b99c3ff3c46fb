using System.Security.Cryptography;
using System.Text;

namespace Crm.EventStore.Histories;

/// <summary>
/// Lines that each bear a mark of themselves and of all lines before them in their file, so that one that was changed, left out or moved is found. The mark
/// is the last member of the line's JSON.
/// </summary>
internal sealed class CheckedLines(string file)
{
    private const int Kept = 8;
    private const string Member = ",\"check\":\"";
    private const int Length = 10 + (2 * Kept) + 2;

    private byte[] last = SHA256.HashData(Encoding.UTF8.GetBytes(file));

    /// <summary>The line as it is written.</summary>
    /// <param name="row">An object in JSON.</param>
    public byte[] Mark(ReadOnlySpan<byte> row) => [.. row[..^1], .. Encoding.ASCII.GetBytes($"{Member}{Next(row)}\"}}\n")];

    /// <summary>Whether a line is the one that was written after the one before it.</summary>
    public bool Follows(ReadOnlySpan<byte> line)
    {
        if (line.Length <= Length)
        {
            return false;
        }

        var mark = Encoding.ASCII.GetBytes($"{Member}{Next((byte[])[.. line[..^Length], (byte)'}'])}\"}}");
        return line[^Length..].SequenceEqual(mark);
    }

    private string Next(ReadOnlySpan<byte> row)
    {
        last = SHA256.HashData([.. last, .. row]);
        return Convert.ToHexStringLower(last.AsSpan(0, Kept));
    }
}
