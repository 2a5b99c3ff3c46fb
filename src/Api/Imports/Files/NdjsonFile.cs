using System.Text.Json;
using Crm.Domain.DataSources;

namespace Crm.Api.Imports.Files;

/// <summary>A file with one JSON object a line; members of nested objects are columns such as <c>customer.name</c>.</summary>
internal sealed class NdjsonFile : TableFile
{
    private readonly TextSource text;

    private NdjsonFile(string path, TextSource text, Headings headings, Cells cells) : base(path, headings, cells) => this.text = text;

    public override string Format => "ndjson";

    public KnownEncoding Encoding => text.Encoding;

    /// <exception cref="ImportProblem">No line is an object, or they have too many members.</exception>
    public static NdjsonFile Open(string path, TextSource text, Cells cells)
    {
        var (names, known) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (_, members, _) in Lines(text))
        {
            foreach (var member in members ?? [])
            {
                if (known.Add(member.Name))
                {
                    names.Add(member.Name);
                }
            }

            if (names.Count > FileLimits.Columns)
            {
                throw new ImportProblem(
                    $"{System.IO.Path.GetFileName(path)} has more than {FileLimits.Columns:N0} different members; objects that are keyed by ids are to be written as rows.");
            }
        }

        return names.Count > 0 ? new NdjsonFile(path, text, new Headings(names), cells) : throw new ImportProblem(
            $"{System.IO.Path.GetFileName(path)} looks like JSON, but no line of it is an object by itself; write one object a line.");
    }

    public override IEnumerable<Row> Rows()
    {
        foreach (var (line, members, fault) in Lines(text))
        {
            var (values, plain) = (new string[Headings.Width], new bool[Headings.Width]);
            Array.Fill(values, "");
            foreach (var member in members ?? [])
            {
                var at = Headings.Columns[member.Name];
                (values[at], plain[at]) = (member.Text, member.IsPlain);
            }

            var broken = fault is null ? TextFaults.Of(values, Headings, text.Encoding.Name) : fault;
            yield return members is null ? RowOf(line.Number, [line.Text], broken) : RowOf(line.Number, values, broken, plain);
        }
    }

    private static IEnumerable<(Line Line, IReadOnlyList<JsonMember>? Members, RowRemark? Fault)> Lines(TextSource text)
    {
        using var reader = text.Reader();
        var lines = new LineReader(reader);
        while (lines.Next() is { } line)
        {
            if (line.IsCut)
            {
                yield return (line, null, new RowRemark("too-long", $"The line has more than {FileLimits.Row:N0} characters; only its beginning is kept."));
            }
            else if (!string.IsNullOrWhiteSpace(line.Text))
            {
                var (members, fault) = Read(line.Text);
                yield return (line, members, fault is null ? null : new RowRemark("bad-json", fault));
            }
        }
    }

    private static (IReadOnlyList<JsonMember>? Members, string? Fault) Read(string line)
    {
        try
        {
            var members = JsonMembers.Of(line);
            var twice = members.CountBy(member => member.Name, StringComparer.Ordinal).FirstOrDefault(count => count.Value > 1).Key;
            return twice is null ? (members, null) : (null, $"The member {twice} is there twice.");
        }
        catch (JsonException error)
        {
            return (null, $"The line is not one JSON object; it breaks at its byte {error.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            return (null, "The line holds half a character: \\ud800 to \\udfff stand in pairs.");
        }
    }
}
