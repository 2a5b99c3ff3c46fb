using System.Collections.Frozen;

namespace Crm.Domain;

/// <summary>The currencies of ISO 4217 (list one, 2025) and how many decimals each is written with.</summary>
public static class Currencies
{
    private const string Two = """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP
        BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP
        GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW
        KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
        MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
        SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
        UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
        """;

    private const string Zero = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
    private const string Three = "BHD IQD JOD KWD LYD OMR TND";

    private static readonly FrozenDictionary<string, int> Digits =
        Each(Two, 2).Concat(Each(Zero, 0)).Concat(Each(Three, 3)).ToFrozenDictionary();

    /// <summary>Decimals of a currency; null when there is no such code.</summary>
    public static int? DigitsOf(string currency) => Digits.TryGetValue(currency, out var digits) ? digits : null;

    private static IEnumerable<KeyValuePair<string, int>> Each(string codes, int digits) =>
        codes.Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(code => KeyValuePair.Create(code, digits));
}
