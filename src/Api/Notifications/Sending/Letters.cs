using System.Text;
using Crm.Domain.Leads;
using Crm.Domain.Notifications;
using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Api.Notifications.Sending;

/// <summary>Puts messages into words, when they go out.</summary>
internal sealed class Letters(AlertLetters alerts, NurtureLetters nurture, EntryLetters entries)
{
    private const int LongestSubject = 150;

    /// <summary>The letter; or why nobody is to have it any more.</summary>
    public Task<(Letter? Letter, string? Dropped)> Of(DueMessage message, IReadOnlyList<Recorded> events, Guid channel, ChannelKind kind,
        CancellationToken ct) =>
        message.Kind switch
        {
            MessageKinds.Nurture => nurture.Of(message, events, ct),
            MessageKinds.Entry => entries.Of(message, events, ct),
            _ => alerts.Of(message, events, channel, kind, ct)
        };

    /// <summary>By which channel a mail of the playbook goes out; the empty id where there is none.</summary>
    /// <param name="playbook">The version that asks for it.</param>
    public Task<Guid> ChannelOf(string tenant, long playbook, CancellationToken ct) => nurture.ChannelOf(tenant, playbook, ct);

    /// <summary>The version of the playbook that asks for a mail; null where an event asks for none.</summary>
    public static long? MailOf(object fact) => fact switch
    {
        LeadNurtureMailed mailed => mailed.Playbook,
        OpportunityEntryActed { Mail: not null } acted => acted.Playbook,
        _ => null
    };

    /// <summary>A tenant's channels have changed.</summary>
    public void Forget(string tenant) => nurture.Forget(tenant);

    /// <summary>As the subject of a mail: one line, not too long.</summary>
    public static string Line(string text)
    {
        var line = string.Concat(text.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? " " : rune.ToString()).Take(LongestSubject));
        return line.Length < text.Length ? line + "…" : line;
    }
}
