using System.Text;

namespace Crm.Api.Imports.Files;

/// <summary>A text file whose encoding is known.</summary>
internal sealed class TextSource
{
    private const int Beginning = 1 << 12;

    private readonly string path;
    private readonly string beginning;

    private TextSource(string path, KnownEncoding encoding)
    {
        (this.path, Encoding) = (path, encoding);
        var start = new char[Beginning];
        using var reader = Reader();
        beginning = new string(start, 0, reader.ReadBlock(start, 0, start.Length)).TrimStart();
    }

    public KnownEncoding Encoding { get; }

    /// <summary>The first character that is no blank; null where there is none.</summary>
    public char? First => beginning.Length > 0 ? beginning[0] : null;

    public bool BeginsWithMember => beginning is ['{', ..] && beginning.AsSpan(1).TrimStart() is ['"' or '}', ..];

    public bool BeginsWithList => beginning is ['[', ..] && beginning.AsSpan(1).TrimStart() is ['{' or ']', ..];

    /// <param name="named">What the mapping says; a byte order mark counts more.</param>
    /// <exception cref="ImportProblem">Nobody said in which encoding it is, and it cannot be told.</exception>
    public static TextSource Open(string path, Encoding? named) => new(path, EncodingFinder.Find(path, named));

    public TextReader Reader() => new System.IO.StreamReader(path, Encoding.Encoding, detectEncodingFromByteOrderMarks: true, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read,
        Options = FileOptions.SequentialScan
    });
}
