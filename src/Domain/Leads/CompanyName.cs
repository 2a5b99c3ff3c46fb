using Crm.Domain.Conditions;

namespace Crm.Domain.Leads;

/// <summary>Names of companies as they are compared: small letters, half width, without what says only which legal form they have.</summary>
public static class CompanyName
{
    // Longest first, so that what is left of one is not taken for another.
    private static readonly string[] ChineseForms =
    [
        "股份有限责任公司", "集团股份有限公司", "集团有限责任公司", "集团有限公司", "股份有限公司", "有限责任公司", "有限合伙企业", "个人独资企业", "普通合伙", "有限合伙",
        "股份公司", "集团公司", "有限公司", "总公司", "分公司", "公司", "集团"
    ];

    private static readonly HashSet<string> LatinForms = new(StringComparer.Ordinal)
    {
        "ab", "ag", "as", "asa", "aps", "bhd", "bv", "co", "company", "corp", "corporation", "eg", "ek", "ev", "gbr", "gmbh", "group", "holding", "holdings", "inc",
        "incorporated", "kft", "kg", "kgaa", "kk", "limited", "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv", "ohg", "oy", "oyj", "plc", "pte", "pty", "pvt", "sa",
        "sarl", "sas", "sdn", "se", "spa", "srl", "sro", "ug", "zoo"
    };

    /// <summary>What two spellings of one company's name have in common; empty where nothing is left.</summary>
    public static string Key(string name) => string.Join(' ', Words(name));

    /// <summary>
    /// How alike two names are, from 0 to 1: twice the runs of two characters that they share over the runs that they have (L. R. Dice,
    /// Measures of the amount of ecologic association between species, Ecology 26, 1945). Rounded to four digits.
    /// </summary>
    public static decimal Similarity(string one, string other)
    {
        var (mine, theirs) = (Runs(Key(one)), Runs(Key(other)));
        var shared = mine.Sum(run => Math.Min(run.Value, theirs.GetValueOrDefault(run.Key)));
        var all = mine.Values.Sum() + theirs.Values.Sum();
        return all == 0 ? 0 : decimal.Round(2m * shared / all, 4);
    }

    private static List<string> Words(string name)
    {
        var folded = SearchText.Fold(name);
        var words = new string([.. folded.Where((c, i) => c is not ('\'' or '’') && !IsOfAbbreviation(folded, i)).Select(c => char.IsLetterOrDigit(c) || char.IsSurrogate(c) ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        while (words.Count > 1 && LatinForms.Contains(words[^1]))
        {
            words.RemoveAt(words.Count - 1);
        }

        return [.. words.Where((word, i) => i == 0 || !ChineseForms.Contains(word)).Select(WithoutChineseForm)];
    }

    // The dots of G.m.b.H.; elsewhere a dot stands between words.
    private static bool IsOfAbbreviation(string text, int i) =>
        text[i] == '.' && i > 0 && char.IsLetter(text[i - 1]) && (i == 1 || !char.IsLetterOrDigit(text[i - 2]));

    private static string WithoutChineseForm(string word) => ChineseForms.Contains(word) ? word
        : ChineseForms.FirstOrDefault(form => word.Length > form.Length && word.EndsWith(form, StringComparison.Ordinal)) is { } form ? word[..^form.Length] : word;

    private static Dictionary<string, int> Runs(string key)
    {
        var runs = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in key.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // The beginning and the end of a word count, so that one of a single character has runs too.
            var framed = $"\u0002{word}\u0003";
            for (var i = 0; i + 1 < framed.Length; i++)
            {
                var run = framed.Substring(i, 2);
                runs[run] = runs.GetValueOrDefault(run) + 1;
            }
        }

        return runs;
    }
}
