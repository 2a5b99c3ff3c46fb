using System.Globalization;
using Crm.Api.Access;
using Crm.Api.Approvals;
using Crm.Api.Audit;
using Crm.Api.Events;
using Crm.Api.Http.Shapes;
using Crm.Api.Tasks.Alerts;
using Crm.Domain.Access;
using Crm.Domain.Approvals;
using Crm.Domain.Notifications;
using Crm.Domain.Tasks;
using Crm.EventModel;
using NodaTime;

namespace Crm.Api.Notifications.Sending;

/// <summary>Puts alerts into words, when they go out: for whom they are, in his language, with what he may see.</summary>
internal sealed class AlertLetters(Engine engine, NotificationWishes wishes, Unsealer unsealer, ApprovalAddress approvals,
    PublicAddress address)
{
    /// <summary>The letter; or why nobody is to have it any more.</summary>
    public async Task<(Letter? Letter, string? Dropped)> Of(DueMessage message, IReadOnlyList<Recorded> events, Guid channel,
        ChannelKind kind, CancellationToken ct)
    {
        var organisation = await engine.Organisations.Of(message.Tenant, ct);
        if (organisation.Active(message.Recipient) is not { } member || organisation.RightsOf(member) is not { } rights
            || !rights.Functions.Contains(Functions.AlertsRead))
        {
            return (null, "member-left");
        }

        var (chosen, _) = await wishes.Of(message.Tenant, message.Recipient, ct);
        var mail = kind == ChannelKind.Mail ? await unsealer.Open(message.Tenant, chosen?.Mail?.Sealed, ct) : null;
        if (chosen is null || (kind == ChannelKind.Mail && mail is null))
        {
            return (null, "no-address");
        }

        var alerts = await Unread(message, events, ct);
        if (alerts.Count == 0)
        {
            return (null, "read-already");
        }

        var (words, zone) = (Sentences.In(chosen.Language), engine.Organisations.ZoneOf(organisation));
        var told = alerts.Select(e => Told(e, words, zone, new Sight(Owners: null, rights.HiddenFields))).ToList();
        var isDigest = message.Kind == MessageKinds.Digest;
        var subject = isDigest ? words.Fill(words.Digest, _ => told.Count.ToString(CultureInfo.InvariantCulture)) : told[0].Sentence;
        var lines = told.Zip(alerts, (one, e) => $"· {Local(one.RaisedAt, zone)} {one.Sentence}{Link(e)}");
        var text = isDigest ? string.Join('\n', lines.Prepend(subject))
            : told[0].Sentence + Link(alerts[0]);
        var mention = chosen.Routes.FirstOrDefault(route => route.Channel == channel && route.Mention is not null)?.Mention;
        return (new Letter(message.Id, Letters.Line(subject), text, mail, mention, Data: new { to = message.Recipient, alerts = told }),
            null);

        // Robots write into groups: what decides for one person goes to him alone.
        string? Link(Recorded e) => kind == ChannelKind.Mail ? LinkOf(e, message) : null;
    }

    // What waited, for its moment or since it was not taken, may have been read, or put away, meanwhile.
    private async Task<IReadOnlyList<Recorded>> Unread(DueMessage message, IReadOnlyList<Recorded> events, CancellationToken ct)
    {
        var alerts = events.Where(e => e.Data is AlertRaised).ToList();
        if (message.DueAt <= message.MadeAt && message.Attempts == 0)
        {
            return alerts;
        }

        var streams = await engine.Store.ReadStreams(message.Tenant, [.. alerts.Select(e => e.StreamId)], upTo: long.MaxValue, ct);
        return [.. alerts.Where(e => !streams[e.StreamId].Any(later => later.Data is AlertRead or AlertDismissed))];
    }

    private static ToldAlert Told(Recorded e, Sentences words, DateTimeZone zone, Sight sight)
    {
        var alert = (AlertRaised)e.Data;
        var about = alert.About is { } record ? ChoiceShape.Spell(record.Kind.ToString()) : null;
        var shown = AlertTelling.Shown(alert.Params, about, sight);
        return new ToldAlert(
            e.StreamId, e.RecordedAt, alert.Kind, ChoiceShape.Spell(alert.Severity.ToString()), about, alert.About?.Id, shown,
            AlertTelling.Sentence(alert.Kind, shown, words, zone));
    }

    // Whoever is asked to approve something decides by it without coming in. It is made only now, for him alone.
    private string? LinkOf(Recorded e, DueMessage message)
    {
        var alert = (AlertRaised)e.Data;
        if (alert.Kind is not (TellOfApproval.Asked or TellOfApproval.Reminder) || !alert.Params.TryGetValue("approval", out var id)
            || !alert.Params.TryGetValue("turn", out var turn))
        {
            return null;
        }

        var link = new ApprovalLink(
            message.Tenant, Guid.Parse(id), message.Recipient, alert.Params["step"], int.Parse(turn, CultureInfo.InvariantCulture),
            e.RecordedAt + ApprovalAddress.Lasts);
        return $"\n{address.WithoutRequest}/approve/{approvals.Write(link)}";
    }

    private static string Local(DateTimeOffset moment, DateTimeZone zone) =>
        Instant.FromDateTimeOffset(moment).InZone(zone).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    private sealed record ToldAlert(
        Guid Id, DateTimeOffset RaisedAt, string Kind, string Severity, string? AboutKind, Guid? AboutId,
        IReadOnlyDictionary<string, string> Params, string Sentence);
}
