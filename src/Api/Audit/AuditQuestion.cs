using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Projections;

namespace Crm.Api.Audit;

public enum AuditSubject
{
    Lead, Customer, Opportunity, Playbook, ImportRow, Access, Form, Webhook, Contact, Campaign, Order, Task, Alert, Scoring, Approval,
    ApprovalDelegation, Channel, Notifications, SpotCheck, MetricAlert, Commitment, DeliveryPlan, Article, HelpRequest, Ticket,
    ProductRequest, DailyReport, Forecast, LearnedWarnings, DataSource,
    SourceReading, Other
}

public enum AuditFormat { Json, Csv }

/// <param name="Kind">Stored names of events, comma-separated: <c>opportunity_won,opportunity_lost</c>.</param>
/// <param name="From">Recorded at this moment or later.</param>
/// <param name="To">Recorded before this moment.</param>
/// <param name="OccurredFrom">Happened at this moment or later.</param>
/// <param name="OccurredTo">Happened before this moment.</param>
/// <param name="Lang">The language of the sentences, <c>en</c> or <c>zh-CN</c>; otherwise as <c>Accept-Language</c> says.</param>
/// <param name="Format"><c>csv</c> gives all of it rather than a page.</param>
public sealed record AuditQuestion(
    Page Page, Times Times, string? Actor = null, AuditSubject? Subject = null, Guid? SubjectId = null, string? Kind = null, string? Source = null,
    Moment? From = null, Moment? To = null, Moment? OccurredFrom = null, Moment? OccurredTo = null, string? Lang = null, AuditFormat? Format = null) : IChecked
{
    private static readonly IReadOnlyList<string> Known = EventCatalog.Types.AliasesOf(typeof(object));

    public IReadOnlyList<string> Kinds => Kind?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (Kinds.Except(Known).FirstOrDefault() is { } stranger)
        {
            yield return ("kind", Code.NotOneOf, $"There is no event '{Place.Echo(stranger)}'.{Nearest.Hint(stranger, Known)} See docs/events.md; names are in snake_case.");
        }

        if (Language.Fault(Lang) is { } message)
        {
            yield return ("lang", Code.NotOneOf, message);
        }

        if (Format == AuditFormat.Csv && Page.Cursor is not null)
        {
            yield return ("cursor", Code.NotTogether, "A CSV holds all of it and has no pages; send format=csv without cursor.");
        }
    }
}

/// <param name="Lang">The language of the sentences, <c>en</c> or <c>zh-CN</c>; otherwise as <c>Accept-Language</c> says.</param>
public sealed record HistoryQuestion(Times Times, string? Lang = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check() =>
        Language.Fault(Lang) is { } message ? [("lang", Code.NotOneOf, message)] : [];
}

/// <summary>Which language an answer is in.</summary>
public static class Language
{
    /// <summary>What is wrong with a language that was asked for; null when nothing is.</summary>
    public static string? Fault(string? asked) => asked is null || Of(asked) is not null
        ? null
        : $"'{Place.Echo(asked)}' is not a language spoken here; there are: {string.Join(", ", Languages.All)}.";

    /// <summary>The one asked for; else the one that the client likes best of those there are; else English.</summary>
    public static string Of(string? asked, HttpRequest request) => asked is not null ? Of(asked)!
        : request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => Of(l.Value.ToString())).FirstOrDefault(l => l is not null)
        ?? Languages.English;

    // zh, zh-Hans and zh-TW are all better served with Chinese than with English.
    private static string? Of(string tag) => tag.Split('-')[0].ToLowerInvariant() switch
    {
        "zh" => Languages.Chinese,
        "en" => Languages.English,
        _ => null
    };
}
