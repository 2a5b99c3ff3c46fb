using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Crm.Api.Imports.Profiles;

/// <summary>Looks through one column, value by value, and remembers no more of it than fits.</summary>
internal sealed partial class ColumnScan(string name, DistinctBudget budget)
{
    private const int MostValues = 50, Examples = 5, LongestShown = 60;

    // A column is of a type when this share of its values is; the others are told by their number.
    private const double Share = 0.8;

    // After so many values a type that few of them are of is not looked for any more.
    private const int Trial = 1_000;

    private static readonly FrozenSet<string> MissingWords = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "-", "--", "—", "?", "n/a", "na", "#n/a", "null", "none", "nil", "nan", "select", "unknown", "tbd", "k.a.", "keine", "无", "暂无", "未知", "空", "不详");

    private static readonly FrozenSet<string> Truths = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "true", "false", "yes", "no", "y", "n", "ja", "nein", "是", "否");

    private readonly SortedDictionary<string, long> missing = new(StringComparer.Ordinal);
    private readonly List<string> examples = [];
    private readonly DatePatterns dates = new();
    private readonly NumberPatterns numbers = new();
    private Dictionary<string, long>? values = new(StringComparer.Ordinal);
    private long filled, empty, truths, mails, phones, urls;
    private string? min, max;

    public string Name => name;

    public DistinctCounter Distinct { get; } = new(budget);

    public long Filled => filled;

    public void Add(string cell)
    {
        var text = cell.Trim();
        if (text.Length == 0)
        {
            empty++;
            return;
        }

        if (MissingWords.Contains(text))
        {
            empty++;
            missing[text] = missing.GetValueOrDefault(text) + 1;
            return;
        }

        filled++;
        Distinct.Add(DistinctCounter.Hash(text));
        Count(text);
        Look(text);
        var shown = text.Length > LongestShown ? text[..LongestShown] : text;
        min = min is null || string.CompareOrdinal(shown, min) < 0 ? shown : min;
        max = max is null || string.CompareOrdinal(shown, max) > 0 ? shown : max;
    }

    public ColumnProfile Profile(long rows)
    {
        var (type, count) = TypeOf();
        var isPersonal = ColumnNames.ArePersonal(name) || type is "mail" or "phone";
        var (patterns, ambiguous, first, last) = type == "date" ? dates.Chosen() : (new Dictionary<string, long>(), 0L, null, null);
        var number = type is "integer" or "decimal" ? numbers.Chosen() : default;
        return new ColumnProfile(
            name, type, count, filled, rows - filled, missing, Distinct.Count, Distinct.IsExact, Distinct.IsExact ? Distinct.Repeated : null,
            rows > 1 && filled == rows && Distinct is { IsExact: true, Repeated: 0 }, isPersonal,
            isPersonal ? null : type == "date" ? first : number.Min ?? min, isPersonal ? null : type == "date" ? last : number.Max ?? max,
            [.. examples.Select(example => isPersonal ? ColumnProfile.Mask(example) : example)], patterns, ambiguous, number.Profile,
            isPersonal || values is { Count: 0 } ? null : values?.OrderByDescending(pair => pair.Value).ToDictionary());
    }

    private void Count(string text)
    {
        if (examples.Count < Examples && !examples.Contains(text.Length > LongestShown ? text[..LongestShown] + "…" : text))
        {
            examples.Add(text.Length > LongestShown ? text[..LongestShown] + "…" : text);
        }

        if (values is not null)
        {
            values[text] = values.GetValueOrDefault(text) + 1;
            values = values.Count > MostValues || text.Length > LongestShown ? null : values;
        }
    }

    private void Look(string text)
    {
        var isDate = IsWorth(dates.Count) && dates.Add(text);
        var isNumber = IsWorth(numbers.Count) && numbers.Add(text);
        if (isDate || isNumber && !ColumnNames.ArePhones(name))
        {
            return;
        }

        truths += Truths.Contains(text) ? 1 : 0;
        mails += IsWorth(mails) && Mail().IsMatch(text) ? 1 : 0;
        phones += IsWorth(phones) && Phone().IsMatch(text) && text.Count(char.IsAsciiDigit) >= 7 ? 1 : 0;
        urls += IsWorth(urls) && Url().IsMatch(text) ? 1 : 0;
    }

    private bool IsWorth(long found) => filled <= Trial || found * 10 >= filled;

    private (string Type, long Count) TypeOf()
    {
        var enough = filled * Share;
        return filled == 0 ? ("empty", 0)
            : mails >= enough ? ("mail", mails)
            : urls >= enough ? ("url", urls)
            : phones >= enough ? ("phone", phones)
            : dates.Count >= enough && (numbers.Count < enough || ColumnNames.AreDates(name)) ? ("date", dates.Count)
            : numbers.Count >= enough ? (numbers.IsWhole ? "integer" : "decimal", numbers.Count)
            : truths >= enough ? ("truth", truths)
            : ("text", filled);
    }

    [GeneratedRegex(@"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}$")]
    private static partial Regex Mail();

    [GeneratedRegex(@"^[+(]?[\d][\d\s().\-/]{5,22}$")]
    private static partial Regex Phone();

    [GeneratedRegex(@"^(https?://|www\.)\S+$", RegexOptions.IgnoreCase)]
    private static partial Regex Url();
}
