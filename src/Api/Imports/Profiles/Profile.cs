using Crm.Api.Imports.Files;

namespace Crm.Api.Imports.Profiles;

/// <summary>What stands in somebody's files, before anything of them is imported.</summary>
/// <param name="Mapping">A mapping to begin with, as JSON; null where no file is of a kind that is known.</param>
/// <param name="Questions">What the files do not say, and a person has to, before or after the mapping is used.</param>
public sealed record ImportProfile(IReadOnlyList<FileProfile> Files, string? Mapping, IReadOnlyList<string> Questions);

/// <param name="Format"><c>csv</c>, <c>xlsx</c> or <c>ndjson</c>.</param>
/// <param name="Kind">What its rows seem to be, as a member of a mapping; null where it is none of these.</param>
/// <param name="Faults">Rows that cannot be read, by reason.</param>
/// <param name="FirstFaults">The first of them.</param>
/// <param name="RepeatedRows">Rows that say in all columns what an earlier one says.</param>
/// <param name="RepeatedIsExact">Whether all rows were compared.</param>
public sealed record FileProfile(
    string File, string? Sheet, string Format, TextProfile? Text, string? Kind, long Rows, IReadOnlyDictionary<string, long> Faults,
    IReadOnlyList<FaultProfile> FirstFaults, IReadOnlyList<ColumnProfile> Columns, long RepeatedRows, bool RepeatedIsExact, IReadOnlyList<string> Warnings);

/// <param name="EncodingIs"><c>mark</c>: a byte order mark says so; <c>valid</c>: all of it is valid; <c>zeros</c>: it has zero bytes as UTF-16 does; <c>guessed</c>.</param>
/// <param name="Confidence">Of a guess, up to 1.</param>
/// <param name="LineEnds">How many lines end in which way.</param>
public sealed record TextProfile(string Encoding, string EncodingIs, double? Confidence, string? Delimiter, LineEndsProfile? LineEnds);

/// <param name="Crlf">Carriage return and line feed.</param>
/// <param name="Lf">Line feed alone.</param>
/// <param name="Cr">Carriage return alone.</param>
public sealed record LineEndsProfile(long Crlf, long Lf, long Cr)
{
    internal static LineEndsProfile Of(LineEnds ends) => new(ends.Crlf, ends.Lf, ends.Cr);
}

public sealed record FaultProfile(int Line, string Reason, string Message);

/// <param name="Type"><c>integer</c>, <c>decimal</c>, <c>date</c>, <c>truth</c>, <c>mail</c>, <c>phone</c>, <c>url</c>, <c>text</c> or <c>empty</c>.</param>
/// <param name="OfType">How many of its values are of that type.</param>
/// <param name="Filled">Cells that say something.</param>
/// <param name="Missing">Cells that are empty, or hold a word that means so.</param>
/// <param name="MissingWords">These words, and how often each stands there.</param>
/// <param name="Distinct">How many different values there are.</param>
/// <param name="DistinctIsExact">False: it is estimated, to a few hundredths.</param>
/// <param name="Repeated">Rows whose value an earlier one has, where they were counted exactly.</param>
/// <param name="IsKey">Every row has a value, and none comes twice.</param>
/// <param name="IsPersonal">It seems to hold data of persons; then examples are masked, and there is neither a least nor a greatest.</param>
/// <param name="Dates">The patterns of its dates, with how many are written in each.</param>
/// <param name="AmbiguousDates">How many could be read as day and month or as month and day.</param>
/// <param name="Numbers">How its numbers are written.</param>
/// <param name="Values">All values and how often each comes, where they are few.</param>
public sealed record ColumnProfile(
    string Name, string Type, long OfType, long Filled, long Missing, IReadOnlyDictionary<string, long> MissingWords, long Distinct, bool DistinctIsExact,
    long? Repeated, bool IsKey, bool IsPersonal, string? Min, string? Max, IReadOnlyList<string> Examples, IReadOnlyDictionary<string, long> Dates,
    long AmbiguousDates, NumberProfile? Numbers, IReadOnlyDictionary<string, long>? Values)
{
    internal ColumnProfile AsPersonal() => IsPersonal ? this : this with
    {
        IsPersonal = true,
        Min = null,
        Max = null,
        Values = null,
        Examples = [.. Examples.Select(Mask)]
    };

    // The form stays, the person goes.
    internal static string Mask(string text) => string.Create(text.Length, text, (masked, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            masked[i] = char.IsAsciiDigit(from[i]) ? '9' : char.IsLetter(from[i]) ? 'x' : from[i];
        }
    });
}

/// <param name="Symbols">What stands beside numbers, such as a currency.</param>
public sealed record NumberProfile(string Decimal, string? Thousands, IReadOnlyList<string> Symbols);
