using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Crm.Api.Http.Shapes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Http;

/// <summary>What a caller says beside the request itself: this once only, on that version only, not before that position.</summary>
public sealed partial record Headers(string? IdempotencyKey, IfMatch? IfMatch, PositionToken? MinPosition)
    : IBindableFromHttpContext<Headers>, IEndpointParameterMetadataProvider
{
    public const string IdempotencyKeyName = "Idempotency-Key";
    public const string PositionName = "Crm-Position";
    public const string MinPositionName = "Crm-Min-Position";

    public static ValueTask<Headers?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var given = context.Request.Headers;
        var faults = new Findings();
        var headers = new Headers(
            Read(IdempotencyKeyName, Key, Code.BadKey, "Send 1 to 255 visible ASCII characters, bare or in double quotes."),
            Read(HeaderNames.IfMatch, Http.IfMatch.Parse, Code.BadEntityTag,
                "Send * or strong entity tags, quotes included: \"7\"."),
            Read(MinPositionName, PositionToken.Parse, Code.BadPosition, $"Send the {PositionName} of an earlier answer as it was."));
        faults.ThrowIfAny();
        return ValueTask.FromResult<Headers?>(headers);

        T? Read<T>(string name, Func<StringValues, T?> parse, string code, string message)
        {
            if (given[name] is not { Count: > 0 } values) return default;
            var value = parse(values);
            if (value is null) faults.Add(Fault.InHeader(name, code, message));
            return value;
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new TakesHeaders());

    // Both the quoted text of the IETF draft and the bare word that most clients send; they name the same key.
    private static string? Key(StringValues values)
    {
        if (values is not [{ } value] || KeyForm().Match(value) is not { Success: true } match) return null;

        var key = match.Groups["bare"].Success ? match.Groups["bare"].Value : Escape().Replace(match.Groups["quoted"].Value, "$1");
        return key.Length is >= 1 and <= 255 ? key : null;
    }

    [GeneratedRegex("""\A((?<bare>[!#-~]+)|"(?<quoted>([!#-\[\]-~]|\\["\\])*)")\z""")]
    private static partial Regex KeyForm();

    [GeneratedRegex("""\\(["\\])""")]
    private static partial Regex Escape();
}

/// <summary>The versions on which a caller wants to act; none listed means any that exists (<c>*</c>).</summary>
public sealed record IfMatch(IReadOnlyList<long> Versions, bool Any)
{
    public bool Allows(long current) => Any || Versions.Contains(current);

    public static IfMatch? Parse(StringValues values)
    {
        if (!EntityTagHeaderValue.TryParseStrictList([.. values.OfType<string>()], out var tags)) return null;
        if (tags.Any(tag => tag.IsWeak)) return null;

        // A tag that is not a number is well-formed, and names no version that there ever was.
        return new IfMatch([.. tags.Select(ETag.Version).OfType<long>()], tags.Any(tag => tag.Tag == "*"));
    }
}

/// <summary>A stream's version as a strong entity tag: <c>"7"</c>. The same for every caller and on every node.</summary>
public static class ETag
{
    public static string Of(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    internal static long? Version(EntityTagHeaderValue tag) =>
        long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
}

/// <summary>A position in the log of one epoch, as clients carry it from a write to a read: <c>1a2b-42</c>.</summary>
public sealed partial record PositionToken(string Epoch, long Position)
{
    public override string ToString() => $"{Epoch}-{Position.ToString(CultureInfo.InvariantCulture)}";

    public static PositionToken? Parse(StringValues values) =>
        values is [{ } value] && Form().Match(value) is { Success: true } match
        && long.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? new PositionToken(match.Groups[1].Value, position)
            : null;

    [GeneratedRegex(@"\A([0-9a-f]{1,16})-(0|[1-9][0-9]{0,18})\z")]
    private static partial Regex Form();
}
