using System.Text.Encodings.Web;
using System.Text.Json;
using Crm.Domain.Tasks;
using Crm.EventModel;

namespace Crm.Projections.Tasks;

/// <summary>What each member has been alerted to and has not put away.</summary>
public sealed class AlertInbox : ReadModel<AlertInbox.Row>
{
    /// <param name="Member">Whose it is.</param>
    /// <param name="AboutKind"><c>lead</c>, <c>customer</c>, <c>opportunity</c>, <c>contact</c>, <c>order</c> or <c>campaign</c>.</param>
    /// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
    /// <param name="Params">What it is told with: a JSON object of texts, in the order of their names.</param>
    /// <param name="Unread">Nobody has read it yet.</param>
    /// <param name="Automation">What raised it.</param>
    /// <param name="CausedBy">The event that the automation took for its cause.</param>
    public sealed record Row(
        Guid AlertId, DateTimeOffset RaisedAt, string Member, string Kind, string Severity, string? AboutKind, Guid? AboutId,
        string Params, bool Unread, DateTimeOffset? ReadAt, string Automation, Guid CausedBy);

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override string Name => "alert_inbox";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IAlertEvent);

    /// <summary>Somebody's own, and of these the unread.</summary>
    public override IReadOnlyList<string> Indexes => ["member, unread, raised_at"];

    public override Row? Fold(Row? row, Recorded e) => (row, e.Data) switch
    {
        (null, AlertRaised x) => new Row(
            e.StreamId, e.OccurredAt, x.To, x.Kind, Word(x.Severity), x.About is { } about ? Word(about.Kind) : null, x.About?.Id,
            JsonSerializer.Serialize(new SortedDictionary<string, string>(x.Params.ToDictionary(), StringComparer.Ordinal), Json),
            Unread: true, ReadAt: null, x.Cause.Automation, x.Cause.EventId),
        ({ Unread: true } alert, AlertRead) => alert with { Unread = false, ReadAt = e.OccurredAt },
        (_, AlertDismissed) => null,                                            // leaves the inbox
        _ => row
    };

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
