using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Crm.Domain;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Shapes;

/// <summary>An exact decimal number, written as text because JSON numbers pass through binary fractions on the way.</summary>
internal sealed partial class AmountShape : WordShape
{
    private const int Longest = 64;
    private const string Number = @"-?(0|[1-9][0-9]*)(\.[0-9]+)?";

    protected override string Wanted => "text: \"1054.00\"";

    public override object? Read(JsonElement json, Place at) =>
        json.ValueKind == JsonValueKind.Number
            ? at.Wrong(Code.NotAnAmount, "Write it as text, in quotes: \"1054.00\". Numbers of JSON are not exact everywhere.")
            : base.Read(json, at);

    // The decimals stay as they were written, so that whoever knows the currency can count them.
    public override object? Parse(string text, Place at)
    {
        if (text.Length > Longest || !Form().IsMatch(text))
            return at.Wrong(Code.NotAnAmount,
                "An amount, or another decimal number, is digits with at most one point, such as 1054.00: "
                + "no exponent, spaces, separators, leading zeros or plus.");
        if (!decimal.TryParse(text, CultureInfo.InvariantCulture, out var amount) || Math.Abs(amount) > Money.Limit)
            return at.Wrong(Code.TooLarge, $"The largest amount is {Money.Limit.ToString(CultureInfo.InvariantCulture)}.");
        return amount == 0 ? Math.Abs(amount) : amount;                        // there is no minus zero
    }

    public override OpenApiSchema Inline(OpenApiDocument document) =>
        new() { Type = JsonSchemaType.String, MaxLength = Longest, Pattern = $"^{Number}$" };

    [GeneratedRegex(@"\A" + Number + @"\z")]
    private static partial Regex Form();
}

internal sealed class CurrencyShape : WordShape
{
    protected override string Wanted => "text: the ISO 4217 code in capitals, such as USD or CNY";

    public override object? Parse(string text, Place at) =>
        Currencies.DigitsOf(text) is not null
            ? text
            : at.Wrong(Code.NotACurrency, $"'{Place.Echo(text)}' is not an ISO 4217 currency code in capitals, such as USD or CNY.");

    public override OpenApiSchema Inline(OpenApiDocument document) =>
        new() { Type = JsonSchemaType.String, MaxLength = 3, Pattern = "^[A-Z]{3}$" };
}

/// <summary><c>{"amount":"1054.00","currency":"USD"}</c>. Too many decimals are refused: rounding is not ours to do.</summary>
internal sealed class MoneyShape : Shape
{
    private static readonly RecordShape Written =
        new("Money", [new("amount", new AmountShape()), new("currency", new CurrencyShape())], Make);

    public override object? Read(JsonElement json, Place at) => Written.Read(json, at);

    public override IOpenApiSchema Describe(OpenApiDocument document) => Written.Describe(document);

    public override OpenApiSchema Inline(OpenApiDocument document) => Written.Inline(document);

    private static object? Make(object?[] members, Place at)
    {
        var (amount, currency) = ((decimal)members[0]!, (string)members[1]!);
        var digits = Currencies.DigitsOf(currency)!.Value;
        return amount.Scale > digits
            ? at.Member("amount").Wrong(Code.TooPrecise, $"{currency} has {digits} decimals; these are {amount.Scale}.")
            : Money.Of(amount, currency);
    }
}
