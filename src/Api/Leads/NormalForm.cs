using System.Globalization;
using NodaTime.TimeZones;
using PhoneNumbers;

namespace Crm.Api.Leads;

/// <summary>
/// Details of a lead in normal form: the same spelling for the same thing, whichever way in it took. What cannot be made out stays as it was
/// said, without spaces around it.
/// </summary>
public static class NormalForm
{
    private const string DefaultCountry = "CN";

    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    private static readonly string[] RegionKinds = ["维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市"];

    private static readonly IReadOnlyDictionary<string, string> Countries = TzdbDateTimeZoneSource.Default.ZoneLocations!
        .GroupBy(place => place.ZoneId, StringComparer.Ordinal).ToDictionary(zone => zone.Key, zone => zone.First().CountryCode, StringComparer.Ordinal);

    /// <summary>The country of a time zone, by its two letters (ISO 3166-1); of a zone of no country, such as UTC, China.</summary>
    public static string CountryOf(string zone) => Countries.GetValueOrDefault(zone, DefaultCountry);

    /// <summary>Half width, one space where there were many, none around.</summary>
    public static string? Text(string? said)
    {
        if (said is null)
        {
            return null;
        }

        var narrow = string.Create(said.Length, said, static (text, from) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = from[i] switch
                {
                    '\u3000' => ' ',
                    >= '\uFF01' and <= '\uFF5E' => (char)(from[i] - 0xFEE0),
                    _ => from[i]
                };
            }
        });
        return string.Join(' ', narrow.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A mail address in small letters, its domain in ASCII.</summary>
    public static string? Email(string? said)
    {
        if (Text(said)?.ToLowerInvariant() is not { } address || address.LastIndexOf('@') is not (> 0 and var at))
        {
            return Text(said);
        }

        try
        {
            return $"{address[..at]}@{new IdnMapping().GetAscii(address[(at + 1)..].TrimEnd('.'))}";
        }
        catch (ArgumentException)
        {
            return address;
        }
    }

    /// <summary>A telephone number as E.164 (<c>+8613800138000</c>), with <c>;ext=</c> where it has an extension (RFC 3966).</summary>
    /// <param name="country">Where a number without country code is.</param>
    public static string? Phone(string? said, string country) =>
        Text(said) is not { } text ? null : Number(text, country) ?? (country == DefaultCountry ? null : Number(text, DefaultCountry)) ?? text;

    /// <summary>Whether a mail address in normal form names a mail box: only such tell a person.</summary>
    public static bool IsEmail(string address) =>
        address.IndexOf('@') is > 0 and var at && at == address.LastIndexOf('@') && address.IndexOf('.', at) is var dot && dot > at + 1 && dot < address.Length - 1
        && !address.Any(char.IsWhiteSpace);

    /// <summary>Whether a number in normal form can be called.</summary>
    public static bool IsPhone(string number) => number.StartsWith('+') && number.Length >= 8 && number.Skip(1).TakeWhile(c => c != ';').All(char.IsAsciiDigit);

    /// <summary>A place without what only says its kind: 江苏 for 江苏省.</summary>
    public static string? Region(string? said) => Text(said) is not { } text ? null
        : RegionKinds.FirstOrDefault(kind => text.Length > kind.Length + 1 && text.EndsWith(kind, StringComparison.Ordinal)) is { } kind ? text[..^kind.Length] : text;

    private static string? Number(string text, string country)
    {
        try
        {
            var number = Numbers.Parse(text.Replace("转", " ext. ", StringComparison.Ordinal), country);
            return !Numbers.IsValidNumber(number) ? null
                : Numbers.Format(number, PhoneNumberFormat.E164) + (number.HasExtension ? $";ext={number.Extension}" : "");
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
