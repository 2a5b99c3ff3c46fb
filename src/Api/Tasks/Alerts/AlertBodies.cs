using System.Text.Json;
using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Tasks;
using Crm.Projections;
using Crm.Projections.Tasks;

namespace Crm.Api.Tasks.Alerts;

public sealed record ReadAlertRequest;

public sealed record DismissAlertRequest;

/// <param name="Unread">Only those that were not read yet; with <c>false</c>, only those that were.</param>
/// <param name="Lang">The language of the sentences, <c>en</c> or <c>zh-CN</c>; otherwise as <c>Accept-Language</c> says.</param>
public sealed record AlertQuestion(
    Page Page, ListWords Words, bool? Unread = null, [Text(RaiseAlert.LongestKind)] string? Kind = null, AlertSeverity? Severity = null,
    string? Lang = null) : IChecked
{
    private const string UnreadFirst = "-unread,-raisedAt";

    /// <param name="member">Whose inbox it is asked of.</param>
    public Asked Of(string member) => Asked.Of(new Times(), Words with { Sort = Words.Sort ?? UnreadFirst },
        ("member", member), ("kind", Kind), ("severity", Severity is { } severity ? ChoiceShape.Spell(severity.ToString()) : null),
        ("unread", Unread?.ToString())) with
    { Page = Page };

    public IEnumerable<(string Member, string Code, string Message)> Check() =>
        Language.Fault(Lang) is { } message ? [("lang", Code.NotOneOf, message)] : [];
}

/// <param name="Kind">By which it is told.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Params">What it is told with.</param>
/// <param name="Sentence">All of it, in the reader's language and the tenant's zone.</param>
/// <param name="Automation">What raised it.</param>
/// <param name="CausedBy">The event that the automation took for its cause.</param>
[Sparse]
public sealed record AlertAnswer(
    Guid Id, DateTimeOffset RaisedAt, string Kind, string Severity, AboutAnswer? About, IReadOnlyDictionary<string, string> Params,
    string Sentence, bool Unread, DateTimeOffset? ReadAt, string Automation, Guid CausedBy)
{
    /// <summary>The list for somebody who reads a language.</summary>
    public static RecordList<AlertInbox.Row, AlertAnswer> List(string language, Caller by) => new(
        "alert", Catalog.Alerts, "raisedAt", (row, _, _, _) => Task.FromResult(Of(row, Sentences.In(language), by)),
        shownIn: new Dictionary<string, string> { ["aboutKind"] = "about", ["aboutId"] = "about" });

    private static AlertAnswer Of(AlertInbox.Row r, Sentences words, Caller by)
    {
        var shown = AlertTelling.Shown(JsonSerializer.Deserialize<Dictionary<string, string>>(r.Params)!, r.AboutKind, by.Sight);
        return new(
            r.AlertId, r.RaisedAt, r.Kind, r.Severity, r.AboutId is { } about ? new AboutAnswer(r.AboutKind!, about) : null, shown,
            AlertTelling.Sentence(r.Kind, shown, words, by.Zone), r.Unread, r.ReadAt, r.Automation, r.CausedBy);
    }
}

/// <param name="Unread">How many were not read yet.</param>
/// <param name="Position">The position that the answer shows.</param>
public sealed record UnreadAnswer(long Unread, long Position);
