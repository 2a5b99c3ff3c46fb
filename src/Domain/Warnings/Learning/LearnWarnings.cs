using System.Globalization;
using System.Numerics;
using Crm.Domain.Scoring;

namespace Crm.Domain.Warnings.Learning;

/// <summary>What is wanted of combinations.</summary>
/// <param name="LeastDeals">So many deals to learn from show it at least,</param>
/// <param name="LeastLost">and so many of them were lost.</param>
/// <param name="MostTraits">So many traits at most are put together.</param>
/// <param name="FalseShare">Of those that are found so many may be due to chance.</param>
public sealed record LearningTerms(int LeastDeals = 20, int LeastLost = 5, int MostTraits = 2, double FalseShare = 0.05);

/// <summary>
/// Finds what deals that were lost had in common: traits, and combinations of them, of which more were lost than of all deals, and than of
/// each of their parts. They are found among the deals that were closed first and judged by those that were closed later; what counts is
/// what these say.
/// </summary>
public static class LearnWarnings
{
    /// <summary>The version of the way in which this is done and deals are read.</summary>
    public const int Engine = 2;

    private const int MostValues = 60;
    private const int MostKept = 50;

    /// <param name="learning">Those that were closed first.</param>
    /// <param name="heldOut">Those that were closed later.</param>
    /// <returns>What was found, the farthest above the average first; and how many were looked at.</returns>
    public static (IReadOnlyList<LearnedCombination> Found, int Tested) Of(
        IReadOnlyList<DealExample> learning, IReadOnlyList<DealExample> heldOut, LearningTerms terms, CancellationToken ct = default)
    {
        var all = new Shown([], [.. Enumerable.Repeat(true, learning.Count)], learning);
        var tested = Candidates(learning, terms)
            .Select(trait => new Shown([trait], [.. learning.Select(one => one.Reading.Has(trait))], learning)).Where(terms.Support).Select(one => one.Against([], all)).ToList();
        for (var (level, size) = (tested, 1); size < terms.MostTraits && level.Count > 1; size++)
        {
            level = Longer(level, all, terms, isLast: size + 1 == terms.MostTraits, ct);
            tested.AddRange(level);
        }

        var stands = Odds.Stand([.. tested.Select(one => one.Chance)], tested.Count, terms.FalseShare);
        var found = tested.Where((_, i) => stands[i]).OrderByDescending(one => one.Tally.Share).ThenBy(one => one.Chance)
            .ThenBy(one => one.Name, StringComparer.Ordinal).Take(MostKept).ToList();
        return (Judged(found, all.Tally, heldOut, terms), tested.Count);
    }

    private static bool Support(this LearningTerms terms, Shown one) =>
        one.Tally.Deals >= terms.LeastDeals && one.Tally.Lost >= terms.LeastLost;

    // The most frequent ones, which is decided by those that are learned from alone.
    private static IReadOnlyList<DealTrait> Candidates(IReadOnlyList<DealExample> learning, LearningTerms terms)
    {
        var often = learning.SelectMany(one => one.Reading.Traits).CountBy(trait => trait)
            .Where(one => one.Value >= terms.LeastDeals && one.Value <= learning.Count - terms.LeastDeals)
            .OrderByDescending(one => one.Value).ThenBy(one => one.Key.ToString(), StringComparer.Ordinal).Take(MostValues)
            .Select(one => one.Key);
        return [.. often, .. Large(learning)];
    }

    // The upper half by amount, of those in the currency that most are in.
    private static IEnumerable<DealTrait> Large(IReadOnlyList<DealExample> learning)
    {
        var amounts = learning.Select(one => one.Reading.Amount).OfType<Money>().GroupBy(amount => amount.Currency)
            .OrderByDescending(same => same.Count()).ThenBy(same => same.Key, StringComparer.Ordinal).FirstOrDefault()?
            .Select(amount => amount.Amount).Order().ToList() ?? [];
        if (amounts.Count == 0 || amounts[0] == amounts[^1])
            yield break;

        var currency = learning.Select(one => one.Reading.Amount).OfType<Money>().CountBy(amount => amount.Currency)
            .OrderByDescending(same => same.Value).ThenBy(same => same.Key, StringComparer.Ordinal).First().Key;
        yield return new(DealTrait.AmountFrom, string.Create(CultureInfo.InvariantCulture, $"{amounts[amounts.Count / 2]} {currency}"));
    }

    // Each by one trait more; only what is frequent enough in all of its parts can be so as a whole.
    private static List<Shown> Longer(List<Shown> level, Shown all, LearningTerms terms, bool isLast, CancellationToken ct)
    {
        var known = level.ToDictionary(one => one.Name, StringComparer.Ordinal);
        var longer = new List<Shown>();
        for (var i = 0; i < level.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            for (var j = i + 1; j < level.Count; j++)
            {
                if (level[i].With(level[j]) is { } both && terms.Support(both)
                    && both.Parts.Select(part => known.GetValueOrDefault(part)).ToList() is var parts && !parts.Contains(null))
                {
                    longer.Add(both.Against(parts!, all));
                    if (isLast)
                        both.Forget();
                }
            }
        }

        return longer;
    }

    private static IReadOnlyList<LearnedCombination> Judged(
        List<Shown> found, LossTally learned, IReadOnlyList<DealExample> heldOut, LearningTerms terms)
    {
        var all = LossTally.Of(heldOut.Select(one => one.Deal.IsLost));
        var tallies = found.Select(one => LossTally.Of(heldOut.Where(other => one.Traits.All(other.Reading.Has))
            .Select(other => other.Deal.IsLost))).ToList();
        var stands = Odds.Stand([.. tallies.Select(tally => Odds.AtLeast(tally, all))], Math.Max(1, tallies.Count), terms.FalseShare);
        return
        [
            .. found.Select((one, i) =>
            {
                var (from, to) = Odds.Wilson(tallies[i]);
                return new LearnedCombination(
                    one.Traits, one.Tally, Lift(one.Tally.Share, learned), PortableMath.Rounded(one.Chance, 12), tallies[i],
                    Lift(tallies[i].Share, all), Lift(from, all), Lift(to, all), stands[i] && Lift(from, all) > 1);
            }).OrderByDescending(one => one.Stands).ThenByDescending(one => one.Lift)
                .ThenBy(one => string.Join('|', one.Traits), StringComparer.Ordinal)
        ];
    }

    private static decimal Lift(double share, LossTally all) => all.Lost == 0 ? 0 : PortableMath.Rounded(share / all.Share, 4);

    /// <summary>A combination, and which of the deals show it, as bits.</summary>
    private sealed class Shown
    {
        private ulong[] deals;
        private readonly ulong[] lost;

        public Shown(IReadOnlyList<DealTrait> traits, IReadOnlyList<bool> shows, IReadOnlyList<DealExample> examples)
            : this(traits, Bits(shows), Bits([.. examples.Select(one => one.Deal.IsLost)]))
        {
        }

        private Shown(IReadOnlyList<DealTrait> traits, ulong[] deals, ulong[] lost)
        {
            (Traits, this.deals, this.lost) = (traits, deals, lost);
            var (all, gone) = (0, 0);
            for (var i = 0; i < deals.Length; i++)
                (all, gone) = (all + BitOperations.PopCount(deals[i]), gone + BitOperations.PopCount(deals[i] & lost[i]));
            Tally = new(all, gone);
        }

        public IReadOnlyList<DealTrait> Traits { get; }

        public LossTally Tally { get; }

        /// <summary>How likely it would be by chance.</summary>
        public double Chance { get; private set; } = 1;

        public string Name => Named(Traits);

        /// <summary>The names of what is left without one trait.</summary>
        public IEnumerable<string> Parts => Traits.Select(left => Named(Traits.Where(trait => trait != left)));

        /// <summary>Put together with another that differs in its last trait; null where it differs in more.</summary>
        public Shown? With(Shown other) => Traits.SkipLast(1).SequenceEqual(other.Traits.SkipLast(1))
            ? new([.. Traits, other.Traits[^1]], [.. deals.Zip(other.deals, (one, two) => one & two)], lost) : null;

        /// <summary>It is a finding only where it is one beside all deals, and beside each of its parts: the weakest of these
        /// counts.</summary>
        public Shown Against(IEnumerable<Shown> parts, Shown all)
        {
            Chance = parts.Append(all).Max(whole => Odds.AtLeast(Tally, whole.Tally));
            return this;
        }

        /// <summary>Nothing is put together with it any more: of very many deals the bits of all would not fit.</summary>
        public void Forget() => deals = [];

        private static string Named(IEnumerable<DealTrait> traits) => string.Join('|', traits);

        private static ulong[] Bits(IReadOnlyList<bool> truths)
        {
            var bits = new ulong[(truths.Count + 63) / 64];
            for (var i = 0; i < truths.Count; i++)
                bits[i / 64] |= truths[i] ? 1UL << (i % 64) : 0;
            return bits;
        }
    }
}
