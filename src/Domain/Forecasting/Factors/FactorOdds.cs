namespace Crm.Domain.Forecasting.Factors;

/// <summary>
/// A chance after a sign was seen: Bayes' rule in odds form (Good, Probability and the Weighing of Evidence, 1950). A sign of −1 to 1 is
/// taken to be spread over those that are won as (1 + s·sign) / 2 and over the others as (1 − s·sign) / 2, so that odds are multiplied by
/// (1 + x) / (1 − x), x = s·sign. There is no exponential in it: the same on every machine. At x = 0 the chance stays what it is.
/// </summary>
internal static class FactorOdds
{
    /// <param name="chance">From 0 to 1.</param>
    /// <param name="lean">x, nearer to 0 than 1 is.</param>
    /// <returns>To six places, half to even.</returns>
    public static decimal Moved(decimal chance, decimal lean) =>
        decimal.Round(chance * (1 + lean) / (1 + (2 * chance - 1) * lean), 6, MidpointRounding.ToEven);

    /// <summary>
    /// By how much the chance moves for each part of the lean. Every part moves it alike: what each of them is worth in the whole is its
    /// share of the way along the straight line from 0 (Aumann and Shapley, Values of Non-Atomic Games, 1974).
    /// </summary>
    public static decimal Slope(decimal chance, decimal lean) => 2 * chance * (1 - chance) / (1 + (2 * chance - 1) * lean);

    /// <summary>How far a share lies from the neutral one, as a part of how far it could: from −1 to 1.</summary>
    public static decimal Sign(decimal share, decimal neutral) =>
        share < neutral ? (share - neutral) / neutral : (share - neutral) / (1 - neutral);
}
