namespace Crm.Domain;

/// <summary>An exact amount in one currency, rounded half-even to that currency's digits when it is made by <see cref="Of"/>.</summary>
/// <param name="Amount">In units of the currency, not cents.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
public sealed record Money(decimal Amount, string Currency)
{
    /// <summary>The largest amount that may be entered; far above any deal, far below where sums could overflow.</summary>
    public const decimal Limit = 1_000_000_000_000m;

    /// <exception cref="Rejection"><c>money.currency</c>: not a currency of ISO 4217.</exception>
    public static Money Of(decimal amount, string currency)
    {
        var digits = Currencies.DigitsOf(currency) ??
            throw Rejection.BrokenRule("money.currency", $"'{currency}' is not an ISO 4217 currency code such as USD or CNY.", "currency");
        return new Money(decimal.Round(amount, digits, MidpointRounding.ToEven) + Zero(digits), currency);
    }

    /// <summary>The amount as text with the currency's digits: <c>1054.00</c>, <c>1054</c> for JPY.</summary>
    public override string ToString() =>
        Amount.ToString("F" + (Currencies.DigitsOf(Currency) ?? 2), System.Globalization.CultureInfo.InvariantCulture);

    // Adding a zero of that scale gives every amount the same number of decimals, so equal amounts have equal text everywhere.
    private static decimal Zero(int digits) => new(0, 0, 0, isNegative: false, (byte)digits);
}
