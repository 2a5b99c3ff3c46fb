using System.Text;
using UtfUnknown;

namespace Crm.Api.Imports.Files;

/// <summary>In which encoding a file is, and how we know.</summary>
/// <param name="How"><c>mark</c>, <c>named</c>, <c>valid</c>, <c>zeros</c> or <c>guessed</c>.</param>
/// <param name="Confidence">Of a guess, up to 1.</param>
/// <param name="Invalid">Sequences of bytes that are no text in it.</param>
internal sealed record KnownEncoding(Encoding Encoding, string How, double? Confidence = null, long Invalid = 0)
{
    public string Name => Encoding.WebName;
}

/// <summary>
/// Finds out in which encoding a text file is: by its mark; as it was named; UTF-8 where all of it is valid; UTF-16 by its zero bytes; and else
/// by what its bytes look like, if all of the file can be read in that.
/// </summary>
internal static class EncodingFinder
{
    /// <summary>A guess below this is none.</summary>
    public const double LeastConfidence = 0.8;

    // So many valid sequences of UTF-8 for each one that is not: the file is UTF-8 and has broken rows.
    private const int ValidForEachInvalid = 10;
    private const int Sample = 1 << 18;

    /// <exception cref="ImportProblem">It cannot be told; the message names what it may be.</exception>
    public static KnownEncoding Find(string path, Encoding? named)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        if (Marked(path) is { } marked)
        {
            return new KnownEncoding(marked, "mark");
        }

        if (named is not null)
        {
            return new KnownEncoding(named, "named");
        }

        var seen = ByteCounts.Of(path);
        return seen.MayBeWide && Wide(path) is { } wide ? new KnownEncoding(wide, "zeros")
            : seen.Invalid == 0 ? new KnownEncoding(Encoding.UTF8, "valid")
            : seen.Multibyte >= ValidForEachInvalid * seen.Invalid ? new KnownEncoding(Encoding.UTF8, "valid", Invalid: seen.Invalid)
            : Guess(path);
    }

    private static Encoding? Marked(string path)
    {
        Span<byte> first = stackalloc byte[4];
        using var file = File.OpenRead(path);
        var read = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        return first[..read] switch
        {
            [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
            [0xFF, 0xFE, 0x00, 0x00] => Encoding.UTF32,
            [0x00, 0x00, 0xFE, 0xFF] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            [0x84, 0x31, 0x95, 0x33] => Encoding.GetEncoding("gb18030"),
            _ => null
        };
    }

    // Read in the right order of bytes, delimiters, digits and line breaks are plain characters; in the wrong one hardly any is.
    private static Encoding? Wide(string path)
    {
        var (little, big) = (Plain(path, new UnicodeEncoding(false, false, true)), Plain(path, new UnicodeEncoding(true, false, true)));
        return Math.Max(little, big) < 0.01 ? null : little >= big ? Encoding.Unicode : Encoding.BigEndianUnicode;
    }

    /// <summary>The share of printable ASCII and line breaks; none where it is not valid, or holds zeros as characters.</summary>
    private static double Plain(string path, Encoding strict)
    {
        var (all, plain) = (0L, 0L);
        foreach (var text in Decoded(path, strict))
        {
            if (text.Span.Contains('\0'))
            {
                return 0;
            }

            all += text.Length;
            foreach (var c in text.Span)
            {
                plain += c is >= ' ' and <= '~' or '\t' or '\r' or '\n' ? 1 : 0;
            }

            if (text.IsEmpty)
            {
                return 0;
            }
        }

        return all == 0 ? 0 : (double)plain / all;
    }

    private static KnownEncoding Guess(string path)
    {
        var telling = Telling(path);
        if (WesternText.Is(telling))
        {
            return new KnownEncoding(WesternText.Encoding, "guessed", WesternText.Confidence);
        }

        var candidates = CharsetDetector.DetectFromBytes(telling).Details ?? [];
        var possible = candidates.Where(found => found.Encoding is not null && IsValid(path, found.Encoding))
            .Select(found => new KnownEncoding(found.Encoding, "guessed", Math.Round(found.Confidence, 2))).DistinctBy(found => found.Name)
            .OrderByDescending(found => found.Confidence).ToList();
        return possible is [var first, ..] && IsTelling(first) ? first : throw new ImportProblem(
            $"{Path.GetFileName(path)} is not in UTF-8, and its encoding cannot be told for certain; it may be " +
            $"{(possible.Count == 0 ? "gb18030, windows-1252 or another" : string.Join(" or ", possible.Take(4).Select(found => found.Name)))}. " +
            "Name it in the mapping, for example \"encoding\": \"gb18030\".");
    }

    // Encodings of one byte fit whatever there is; only those of several bytes, which most texts in others break, are believed on a guess.
    private static bool IsTelling(KnownEncoding guess) => !guess.Encoding.IsSingleByte && guess.Confidence >= LeastConfidence;

    private static bool IsValid(string path, Encoding encoding)
    {
        var strict = Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        return Decoded(path, strict).All(text => !text.IsEmpty);
    }

    /// <summary>The file part by part; an empty part, the last, where something is no text in the encoding.</summary>
    private static IEnumerable<ReadOnlyMemory<char>> Decoded(string path, Encoding strict)
    {
        using var reader = new System.IO.StreamReader(path, strict, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16);
        var part = new char[1 << 15];
        for (; ; )
        {
            int read;
            try
            {
                read = reader.Read(part, 0, part.Length);
            }
            catch (DecoderFallbackException)
            {
                read = -1;
            }

            if (read != 0)
            {
                yield return part.AsMemory(0, Math.Max(read, 0));
            }

            if (read <= 0)
            {
                yield break;
            }
        }
    }

    // Of lines, those that are not plain ASCII: the others tell nothing.
    private static byte[] Telling(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        var (part, line, telling) = (new byte[1 << 16], new List<byte>(), new List<byte>());
        for (var read = file.Read(part); read > 0 && telling.Count < Sample; read = file.Read(part))
        {
            foreach (var b in part.AsSpan(0, read))
            {
                line.Add(b);
                if (b == '\n' || line.Count >= Sample)
                {
                    if (line.Exists(other => other >= 0x80))
                    {
                        telling.AddRange(line);
                    }

                    line.Clear();
                }
            }
        }

        return [.. telling, .. line];
    }
}
