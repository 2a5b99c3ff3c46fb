namespace Crm.Api.Http;

/// <summary>Every code that the HTTP edge gives by itself. Clients branch on them: add, never rename. See docs/problems.md.</summary>
public static class Code
{
    // Of whole answers.
    public const string Invalid = "invalid";
    public const string NotJson = "not-json";
    public const string BadRequest = "bad-request";
    public const string Unauthenticated = "unauthenticated";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not-found";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string Timeout = "request-timeout";
    public const string BodyTooLarge = "body-too-large";
    public const string UnsupportedMediaType = "unsupported-media-type";
    public const string TooManyRequests = "too-many-requests";
    public const string Refused = "refused";
    public const string Internal = "internal";
    public const string Unavailable = "unavailable";

    // Of one member, parameter or header.
    public const string Missing = "missing";
    public const string WrongType = "wrong-type";
    public const string UnknownMember = "unknown-member";
    public const string DuplicateMember = "duplicate-member";
    public const string UnknownParameter = "unknown-parameter";
    public const string DuplicateParameter = "duplicate-parameter";
    public const string NotTogether = "not-together";
    public const string EndsBefore = "ends-before";
    public const string BadText = "bad-text";
    public const string TooLong = "too-long";
    public const string TooMany = "too-many";
    public const string TooLarge = "too-large";
    public const string TooPrecise = "too-precise";
    public const string OutOfRange = "out-of-range";
    public const string BadId = "bad-id";
    public const string NotADate = "not-a-date";
    public const string NotATime = "not-a-time";
    public const string NotAnAmount = "not-an-amount";
    public const string NotACurrency = "not-a-currency";
    public const string NotOneOf = "not-one-of";
    public const string BadKey = "bad-key";
    public const string BadCredential = "bad-credential";
    public const string BadEntityTag = "bad-entity-tag";
    public const string BadPosition = "bad-position";
    public const string UnknownVersion = "unknown-version";
    public const string BadCursor = "bad-cursor";
    public const string ForeignEpoch = "foreign-epoch";
    public const string UnknownField = "unknown-field";
    public const string BadFilter = "bad-filter";
    public const string TooDeep = "too-deep";

    public static IReadOnlyList<string> All { get; } =
        [.. typeof(Code).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
}
