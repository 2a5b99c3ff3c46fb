using Crm.Domain.Conditions;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Domain.Tests.Conditions;

/// <summary>Texts are found by their grams, whatever script they are in.</summary>
public sealed class SearchTextTests
{
    private static readonly Gen<string> Texts =
        Gen.Elements("a", "B", "ß", "İ", "苏", "州", "恒", "Ａ", "９", "　", " ", "-", "Ω", "Я", "\U00020BB7", "\U0001F600").ListOf().Select(string.Concat);

    [Theory]
    [InlineData("ＡＣＭＥ　Ｌｔｄ．", "acme ltd.")]
    [InlineData("ÖLMÜHLE ΩMEGA Яя", "ölmühle ωmega яя")]
    [InlineData("苏州恒测", "苏州恒测")]
    public void Capitals_and_wide_letters_are_searched_as_small_ones(string text, string folded) => SearchText.Fold(text).ShouldBe(folded);

    [Fact]
    public void A_gram_begins_at_each_character_and_a_character_of_two_chars_is_one() =>
        SearchText.Grams("苏州恒测 \U00020BB7野屋x").ShouldBe(["苏州恒", "州恒测", "恒测", "测", "\U00020BB7野屋", "野屋x", "屋x", "x"]);

    [Fact]
    public void Whoever_holds_a_text_has_the_grams_by_which_it_is_sought() => Prop.ForAll(Arb.From(Texts), Arb.From(Texts), Arb.From(Texts), (before, sought, after) =>
    {
        var grams = SearchText.Grams(before + sought + after).ToHashSet();
        return SearchText.Words(sought).All(word => SearchText.Sought(word, most: 3) is var (needed, areBeginnings)
            && needed.Count is > 0 and <= 3
            && needed.All(gram => areBeginnings ? grams.Any(g => g.StartsWith(gram, StringComparison.Ordinal)) : grams.Contains(gram)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Of_a_long_word_the_grams_are_spread_from_its_beginning_to_its_end() =>
        SearchText.Sought("abcdefghi", most: 3).Grams.ShouldBe(["abc", "def", "ghi"]);
}
