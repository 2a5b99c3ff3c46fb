using System.Globalization;

namespace Crm.Api.Imports.Profiles;

/// <summary>In which patterns the dates of a column are written. Where a date can be read in two, the others of the column tell which.</summary>
internal sealed class DatePatterns
{
    private const int EarliestYear = 1900, LatestYear = 2200;

    // The order settles what nothing else does: the day before the month, as most of the world writes it.
    private static readonly string[] Days =
    [
        "yyyy-MM-dd", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "d/M/yyyy", "M/d/yyyy", "d-M-yyyy", "M-d-yyyy", "d-MMM-yyyy", "d MMM yyyy", "MMM d, yyyy",
        "d-MMM-yy", "d/M/yy", "M/d/yy", "d.M.yy", "yyyy年M月d日", "yyyyMMdd"
    ];

    private static readonly string[] Times = ["", " HH:mm", " HH:mm:ss", "'T'HH:mm:ss", "'T'HH:mm:ssK", " HH:mm:ssK", "'T'HH:mm:ss.FFFFFFFK", " HH:mm:ss.FFFFFFF", " h:mm tt", " h:mm:ss tt"];

    private static readonly string[] All = [.. Days.SelectMany(day => Times.Select(time => day + time))];

    // By the form of a text, which patterns it can be in; a column has few forms.
    private readonly Dictionary<string, int[]> byShape = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> together = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (DateTime Min, DateTime Max)> bounds = [];

    public long Count { get; private set; }

    /// <returns>Whether it is a date.</returns>
    public bool Add(string text)
    {
        if (text.Length is < 6 or > 35 || !char.IsAsciiDigit(text[^1]) && !char.IsAsciiLetter(text[^1]) && text[^1] != '日')
        {
            return false;
        }

        var shape = Shape(text);
        if (!byShape.TryGetValue(shape, out var possible))
        {
            // One text of a form stands for the others: its numbers are replaced by ones that are right everywhere.
            possible = byShape.Count < 200 ? [.. Enumerable.Range(0, All.Length).Where(i => IsLike(shape, text, All[i]))] : [];
            byShape.TryAdd(shape, possible);
        }

        List<int> fitting = [];
        foreach (var i in possible)
        {
            if (Parse(text, All[i]) is { } date)
            {
                fitting.Add(i);
                bounds[i] = bounds.TryGetValue(i, out var bound) ? (date < bound.Min ? date : bound.Min, date > bound.Max ? date : bound.Max) : (date, date);
            }
        }

        if (fitting.Count == 0)
        {
            return false;
        }

        Count++;
        var key = string.Join(',', fitting);
        together[key] = together.GetValueOrDefault(key) + 1;
        return true;
    }

    /// <summary>The fewest patterns that take all dates, most frequent first; and how many of the dates more than one of the possible patterns takes.</summary>
    public (IReadOnlyDictionary<string, long> Counts, long Ambiguous, string? Min, string? Max) Chosen()
    {
        var left = together.Select(set => (Patterns: set.Key.Split(',').Select(int.Parse).ToHashSet(), Count: set.Value)).ToList();
        var (chosen, certain) = (new List<(int Pattern, long Count)>(), left.Where(set => Others(set.Patterns) == 1).SelectMany(set => set.Patterns).ToHashSet());
        while (left.Count > 0)
        {
            var best = left.SelectMany(set => set.Patterns.Select(pattern => (pattern, set.Count))).GroupBy(pair => pair.pattern, pair => pair.Count)
                .OrderByDescending(group => certain.Contains(group.Key)).ThenByDescending(group => group.Sum()).ThenBy(group => group.Key).First();
            chosen.Add((best.Key, best.Sum()));
            left.RemoveAll(set => set.Patterns.Contains(best.Key));
        }

        // Of two readings one is certain where some date allows no other, and none of the dates denies it.
        var ambiguous = together.Select(set => (Patterns: set.Key.Split(',').Select(int.Parse).ToHashSet(), set.Value))
            .Where(set => Others(set.Patterns) > 1 && set.Patterns.Where(certain.Contains).Select(pattern => Order(All[pattern])).Distinct().Count() != 1).Sum(set => set.Value);
        var of = chosen.Select(pair => bounds[pair.Pattern]).ToList();
        return (chosen.OrderByDescending(pair => pair.Count).ToDictionary(pair => All[pair.Pattern], pair => pair.Count), ambiguous,
            of.Count > 0 ? of.Min(bound => bound.Min).ToString("s", CultureInfo.InvariantCulture) : null,
            of.Count > 0 ? of.Max(bound => bound.Max).ToString("s", CultureInfo.InvariantCulture) : null);
    }

    // Patterns that differ only in what they allow besides name the same day.
    private static int Others(HashSet<int> patterns) => patterns.Select(pattern => Order(All[pattern])).Distinct().Count();

    private static string Order(string pattern) => string.Concat(pattern.Where(c => c is 'y' or 'M' or 'd').Distinct());

    private static DateTime? Parse(string text, string pattern) =>
        DateTime.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var date) && date.Year is >= EarliestYear and <= LatestYear
            ? date
            : null;

    // A form with the day behind the twelfth fits as many patterns as one before it.
    private static bool IsLike(string shape, string text, string pattern) => Parse(text, pattern) is not null || Parse(Neutral(shape, text), pattern) is not null;

    private static string Neutral(string shape, string text)
    {
        var neutral = text.ToCharArray();
        for (var i = 0; i < shape.Length;)
        {
            var end = i;
            while (end < shape.Length && shape[end] == '0')
            {
                end++;
            }

            var run = end - i;
            var ones = run switch { 4 => "2001", 8 => "20010101", 2 => "01", 1 => "1", _ => null };
            ones?.CopyTo(0, neutral, i, run);
            i = Math.Max(end, i + 1);
        }

        return new string(neutral);
    }

    private static string Shape(string text) => string.Create(text.Length, text, (shape, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            shape[i] = char.IsAsciiDigit(from[i]) ? '0' : from[i];
        }
    });
}
