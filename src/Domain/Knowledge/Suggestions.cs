using Crm.Domain.Conditions;

namespace Crm.Domain.Knowledge;

/// <summary>An article that may answer a message.</summary>
/// <param name="Passage">The sentence of it that has most in common with the message.</param>
/// <param name="Score">The part of the message's terms that are in the article, to four places.</param>
/// <param name="Terms">Those terms, in the order of the message.</param>
public sealed record Suggestion(UsableArticle Source, string Passage, decimal Score, IReadOnlyList<string> Terms);

/// <summary>
/// Which articles may answer a message from a customer, by the terms that both have: words of alphabets, and of Chinese, which has no
/// spaces, each
/// two characters that stand side by side. No model of language is asked, so it says the same each time.
/// </summary>
public static class Suggestions
{
    private static readonly char[] Ends = ['。', '！', '？', '；', '!', '?', ';', '\n'];

    /// <summary>Those that have most of the message's terms; of those alike those with more tags of the deal, then by their ids.</summary>
    /// <param name="articles">Those that serve for the deal.</param>
    public static IReadOnlyList<Suggestion> For(string message, IEnumerable<Fitting<UsableArticle>> articles, int most)
    {
        var asked = Terms(message).Distinct().ToList();
        return
        [
            .. articles.Select(article => (Article: article, Found: Of(asked, article.Source))).Where(one => one.Found.Terms.Count > 0)
                .OrderByDescending(one => one.Found.Score).ThenByDescending(one => one.Article.Score).ThenBy(one => one.Found.Source.Id)
                .Take(most).Select(one => one.Found)
        ];
    }

    /// <summary>The terms of a text, folded, in its order.</summary>
    public static IEnumerable<string> Terms(string text)
    {
        var folded = SearchText.Fold(text);
        for (var i = 0; i < folded.Length;)
        {
            var end = i;
            while (end < folded.Length && char.IsLetterOrDigit(folded[end]) && IsOfAlphabet(folded[end]) == IsOfAlphabet(folded[i]))
            {
                end++;
            }

            if (end > i && IsOfAlphabet(folded[i]))
            {
                yield return folded[i..end];
            }

            for (var at = i; at < end && !IsOfAlphabet(folded[i]) && (at + 2 <= end || at == i); at++)
            {
                yield return folded[at..Math.Min(at + 2, end)];
            }

            i = Math.Max(end, i + 1);
        }
    }

    private static Suggestion Of(IReadOnlyList<string> asked, UsableArticle article)
    {
        var own = Terms($"{article.Title}\n{article.Text}").ToHashSet();
        List<string> both = [.. asked.Where(own.Contains)];
        var passage = article.Text.Split(Ends, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .MaxBy(sentence => Terms(sentence).Distinct().Count(asked.Contains)) ?? article.Text;
        return new(article, passage, asked.Count == 0 ? 0 : decimal.Round((decimal)both.Count / asked.Count, 4, MidpointRounding.ToEven),
            both);
    }

    private static bool IsOfAlphabet(char character) => character < '\u2E80';
}
