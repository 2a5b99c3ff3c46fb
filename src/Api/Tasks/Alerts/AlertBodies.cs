using System.Text.Json;
using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Tasks;
using Crm.Projections;
using Crm.Projections.Tasks;
using NodaTime;

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
    /// <summary>The list for those who read a language in a zone.</summary>
    public static RecordList<AlertInbox.Row, AlertAnswer> List(string language, DateTimeZone zone) => new(
        "alert", Catalog.Alerts, "raisedAt", (row, _, _, _) => Task.FromResult(Of(row, Sentences.In(language), zone)),
        shownIn: new Dictionary<string, string> { ["aboutKind"] = "about", ["aboutId"] = "about" });

    private static AlertAnswer Of(AlertInbox.Row r, Sentences words, DateTimeZone zone)
    {
        var given = JsonSerializer.Deserialize<Dictionary<string, string>>(r.Params)!;
        return new(
            r.AlertId, r.RaisedAt, r.Kind, r.Severity, r.AboutId is { } about ? new AboutAnswer(r.AboutKind!, about) : null, given,
            Tell(r.Kind, given, words, zone), r.Unread, r.ReadAt, r.Automation, r.CausedBy);
    }

    // Of a kind that nobody has words for yet, what is known is told as it stands.
    private static string Tell(string kind, Dictionary<string, string> given, Sentences words, DateTimeZone zone) =>
        words.Fill(words.Alerts.GetValueOrDefault(kind, words.OtherAlert), name => name switch
        {
            "kind" => kind,
            "params" => given.Count == 0
                ? null
                : string.Join(words.List, given.Select(p => $"{words.Word(p.Key)} {Telling.Text(words, p.Key, p.Value, zone)}")),
            _ => given.TryGetValue(name, out var value) ? Telling.Text(words, name, value, zone) : null
        });
}

/// <param name="Unread">How many were not read yet.</param>
/// <param name="Position">The position that the answer shows.</param>
public sealed record UnreadAnswer(long Unread, long Position);
