using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Crm.Domain.Forecasting.Factors;

namespace Crm.Domain.Forecasting;

/// <summary>
/// A result as bytes that are the same wherever and whenever they are made: JSON without spaces, members in ordinal order, every value a
/// text or null, decimals in digits with a point and without zeros at the end.
/// </summary>
public static class CanonicalForecast
{
    private static readonly JsonWriterOptions Plain = new() { SkipValidation = true };

    /// <summary>SHA-256 over the bytes, in hexadecimal.</summary>
    public static string HashOf(ForecastResult result) => Convert.ToHexStringLower(SHA256.HashData(Bytes(result)));

    public static byte[] Bytes(ForecastResult result) => Written(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("contributions");
        foreach (var one in result.Contributions)
        {
            Write(json, Members(one));
        }

        json.WriteEndArray();
        json.WritePropertyName("totals");
        Write(json, Members(result.Totals).OrderBy(member => member.Name, StringComparer.Ordinal));
        json.WriteEndObject();
    });

    /// <summary>The members of a contribution, in ordinal order.</summary>
    internal static IEnumerable<(string Name, string? Value)> Members(ForecastContribution one) => one.Weighed is { } weighed
        ? StageMembers(one).Concat(Members(weighed)).OrderBy(member => member.Name, StringComparer.Ordinal) : StageMembers(one);

    private static IEnumerable<(string Name, string? Value)> StageMembers(ForecastContribution one)
    {
        yield return ("amount", Text(one.Amount));
        yield return ("by", Word(one.By));
        yield return ("category", Word(one.Category));
        yield return ("chance", Text(one.Chance));
        yield return ("closes", Text(one.Closes));
        yield return ("freshDays", one.FreshDays is { } days ? Text(days) : null);
        yield return ("freshness", Text(one.Freshness));
        yield return ("id", one.OpportunityId.ToString("D"));
        yield return ("odds", Text(one.Odds[^1].Odds));
        yield return ("pipeline", one.Pipeline);
        yield return ("product", one.Product);
        yield return ("region", one.Region);
        yield return ("rep", one.Rep);
        yield return ("stage", one.Stage);
        yield return ("stageDays", Text(one.StageDays));
        yield return ("team", one.Team);
        yield return ("value", Text(one.Value));
    }

    // What an engine does not make is not there: results of those that came before keep their bytes.
    private static IEnumerable<(string Name, string? Value)> Members(WeighedFactors weighed) =>
    [
        ("baseChance", Text(weighed.BaseChance)), ("baseValue", Text(weighed.BaseValue)), ("confidence", Text(weighed.Confidence)),
        ("industry", weighed.Industry),
        .. weighed.Effects.SelectMany(one => (IEnumerable<(string, string?)>)
        [
            ($"factors/={one.Key}/effect", Text(one.Effect)),
            ($"factors/={one.Key}/reading", one.Reading is { } reading ? Text(reading) : null),
            ($"factors/={one.Key}/share", Text(one.Share)), ($"factors/={one.Key}/source", one.Source),
            ($"factors/={one.Key}/stale", Text(one.IsStale)), ($"factors/={one.Key}/weight", Text(one.Weight))
        ])
    ];

    private static IEnumerable<(string Name, string? Value)> Members(FactorTotals weighed) =>
    [
        ("baseValue", Text(weighed.BaseValue)), ("confidence", Text(weighed.Confidence)),
        .. weighed.Factors.SelectMany(one => (IEnumerable<(string, string?)>)
            [($"factors/={one.Key}/effect", Text(one.Effect)), ($"factors/={one.Key}/known", Text(one.Known)), ($"factors/={one.Key}/stale", Text(one.IsStale))])
    ];

    /// <summary>The members of totals; those of a part behind its dimension and its name.</summary>
    internal static IEnumerable<(string Name, string? Value)> Members(ForecastTotals totals)
    {
        yield return ("high", totals.High is { } high ? Text(high) : null);
        yield return ("leftOut/otherCurrency", Text(totals.LeftOut.OtherCurrency));
        yield return ("leftOut/otherTime", Text(totals.LeftOut.OtherTime));
        yield return ("leftOut/undated", Text(totals.LeftOut.Undated));
        yield return ("low", totals.Low is { } low ? Text(low) : null);
        yield return ("model", totals.Model);
        foreach (var member in totals.Outlook is { } outlook ? Members(outlook) : [])
        {
            yield return member;
        }

        IEnumerable<(string At, ForecastSum Sum)> sums =
        [
            ("total", totals.Total), ("won", totals.Won),
            .. totals.Parts.Select(part => ($"parts/{part.By}{(part.Name is null ? "" : $"/={part.Name}")}", part.Sum))
        ];
        foreach (var (at, sum) in sums)
        {
            yield return ($"{at}/amount", Text(sum.Amount));
            yield return ($"{at}/count", Text(sum.Count));
            yield return ($"{at}/value", Text(sum.Value));
        }

        foreach (var member in totals.Weighed is { } weighed ? Members(weighed) : [])
        {
            yield return member;
        }
    }

    // An engine that has no outlook has none of its members, either: forecasts of before there was one keep their hash.
    private static IEnumerable<(string Name, string? Value)> Members(ForecastOutlook outlook) =>
    [
        ("outlook/backTests", Text(outlook.BackTests)), ("outlook/coverage", Text(outlook.Coverage)),
        ("outlook/fromComing", outlook.FromComing is { } coming ? Text(coming) : null),
        ("outlook/fromOpen", outlook.FromOpen is { } open ? Text(open) : null), ("outlook/value", Text(outlook.Value)),
        ("outlook/won", Text(outlook.Won)),
        .. outlook.Rules.SelectMany(rule => (IEnumerable<(string, string?)>)
            [($"outlook/rules/{rule.Rule}/share", Text(rule.Share)), ($"outlook/rules/{rule.Rule}/value", Text(rule.Value))])
    ];

    internal static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>SHA-256, in hexadecimal, over the odds and ages that contributions were computed with.</summary>
    internal static string HashOfModel(IReadOnlyList<ForecastContribution> given) =>
        Convert.ToHexStringLower(SHA256.HashData(Written(json => WriteModel(json, given))));

    private static void WriteModel(Utf8JsonWriter json, IReadOnlyList<ForecastContribution> given)
    {
        json.WriteStartArray();
        foreach (var one in given.DistinctBy(one => (one.Pipeline, one.Stage, one.Team, one.Rep))
            .OrderBy(one => one.Pipeline, StringComparer.Ordinal).ThenBy(one => one.Stage, StringComparer.Ordinal)
            .ThenBy(one => one.Team, StringComparer.Ordinal).ThenBy(one => one.Rep, StringComparer.Ordinal))
        {
            json.WriteStartArray();
            json.WriteStringValue(one.FreshDays is { } days ? Text(days) : null);
            foreach (var level in one.Odds)
            {
                Write(json, [("entered", Text(level.Entered)), ("level", level.Level), ("name", level.Name),
                    ("odds", Text(level.Odds)), ("won", Text(level.Won))]);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<(string Name, string? Value)> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static string Text(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
