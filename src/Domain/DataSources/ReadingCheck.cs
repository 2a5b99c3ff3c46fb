using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Domain.DataSources;

/// <summary>Looks at a reading: against what its source is to say, and against what it said when all was well.</summary>
public static class ReadingCheck
{
    public static ReadingSummary Summary(IReadOnlyDictionary<Guid, decimal> values, DateTimeOffset measuredAt, string? unit)
    {
        var zeros = values.Count == 0 ? 0 : decimal.Round(100m * values.Values.Count(value => value == 0) / values.Count, 2);
        return new(measuredAt, values.Count, Median(values.Values), zeros, HashOf(values), unit);
    }

    /// <summary>SHA-256, in hexadecimal, over subjects and values in the order of subjects: <c>id=value</c>, a line each.</summary>
    public static string HashOf(IReadOnlyDictionary<Guid, decimal> values)
    {
        var text = new StringBuilder();
        foreach (var (id, value) in values.OrderBy(one => one.Key.ToString("D"), StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{id:D}={Text(value)}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>What is not as it should be.</summary>
    /// <param name="outside">How many values there cannot be, by its source.</param>
    /// <param name="now">When it came.</param>
    public static IReadOnlyList<ReadingMark> Marks(DataSource source, ReadingSummary reading, int outside, DateTimeOffset now)
    {
        var (terms, marks) = (source.Terms!, new List<ReadingMark>());
        if (reading.MeasuredAt < source.Newest?.Summary.MeasuredAt || now - reading.MeasuredAt > terms.FreshFor())
            Mark(ReadingFault.Late, Text(reading.MeasuredAt), Text(source.Newest?.Summary.MeasuredAt ?? now - terms.FreshFor()));
        var rows = terms.ExpectedRows ?? Median([.. source.Good.Select(one => (decimal)one.Summary.Rows)]);
        if (reading.Rows == 0 || 100m * reading.Rows < terms.LeastPercent * rows)
            Mark(ReadingFault.Partial, Text(reading.Rows), Text(rows ?? 1));
        if (terms.Unit is not null && reading.Unit is not null && reading.Unit != terms.Unit)
            Mark(ReadingFault.Unit, reading.Unit, terms.Unit);
        if (outside > 0)
            Mark(ReadingFault.Range, Text(outside), "0");
        if (Median([.. source.Good.Select(one => one.Summary.Median).OfType<decimal>()]) is { } before and not 0
            && reading.Median is { } median && IsFar(median, before, terms.MedianTimes))
            Mark(ReadingFault.Distribution, Text(median), Text(before));
        if (reading.ZeroPercent > terms.MostZeroPercent)
            Mark(ReadingFault.Zeros, Text(reading.ZeroPercent), Text(terms.MostZeroPercent));
        if (!terms.MayRepeat && reading.Hash == source.Newest?.Summary.Hash && reading.MeasuredAt - source.SameSince > terms.FreshFor())
            Mark(ReadingFault.Frozen, Text(source.SameSince!.Value), Text(reading.MeasuredAt - terms.FreshFor()));
        return marks;

        void Mark(ReadingFault fault, string found, string expected) => marks.Add(new(fault, found, expected));
    }

    /// <summary>Whether it is used. What is only late is: it takes its place in what was.</summary>
    public static ReadingOutcome Outcome(IReadOnlyList<ReadingMark> marks) =>
        marks.Any(mark => mark.Fault != ReadingFault.Late) ? ReadingOutcome.Held : ReadingOutcome.Good;

    // Division would overflow where the one is tiny.
    private static bool IsFar(decimal one, decimal other, decimal times) =>
        Math.Sign(one) != Math.Sign(other) || IsMore(one, other, times) || IsMore(other, one, times);

    private static bool IsMore(decimal one, decimal other, decimal times) => Math.Abs(one) / times > Math.Abs(other);

    private static decimal? Median(IEnumerable<decimal> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : sorted[(sorted.Count - 1) / 2];
    }

    private static string Text(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
