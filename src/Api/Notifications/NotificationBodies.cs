using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Notifications;

namespace Crm.Api.Notifications;

/// <summary>How you want to hear of your alerts beside your inbox. It takes the place of all that you wanted before.</summary>
/// <param name="Language">In which you are told, <c>en</c> or <c>zh-CN</c>; left out, <c>en</c>.</param>
/// <param name="Routes">For each channel the first that fits an alert decides. None: nothing goes out.</param>
/// <param name="QuietHours">When you are left alone.</param>
/// <param name="Mail">Where mail goes to.</param>
public sealed record ChooseNotificationsRequest(
    [Text(10)] string? Language = null, [Items(ChooseNotifications.MostRoutes)] IReadOnlyList<NotificationRoute>? Routes = null,
    QuietHours? QuietHours = null,
    [Text(254)] string? Mail = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (Language is not null && !Languages.All.Contains(Language))
        {
            yield return ("language", Code.NotOneOf, $"There are {string.Join(" and ", Languages.All)}.");
        }

        if (Mail is not null && !MailAddresses.IsOne(Mail))
        {
            yield return ("mail", Code.BadText, MailAddresses.Wanted);
        }
    }
}

/// <inheritdoc cref="ChooseNotificationsRequest"/>
public sealed record NotificationsAnswer(string Language, IReadOnlyList<NotificationRoute> Routes, QuietHours? QuietHours, string? Mail);

public sealed record RetryMessageRequest;

/// <param name="State"><c>waiting</c>, <c>sent</c>, <c>failed</c> or <c>dropped</c>.</param>
/// <param name="Kind"><c>alert</c>, <c>digest</c>, <c>nurture</c> for a mail to a lead, or <c>entry</c> for one that a stage asked
/// for.</param>
/// <param name="Recipient">For whom: a member, or the lead or opportunity that it is about.</param>
public sealed record MessageQuestion(Page Page, MessageState? State = null, Guid? Channel = null, [Text(40)] string? Kind = null,
    [Text(100)] string? Recipient = null);

public enum MessageState { Waiting, Sent, Failed, Dropped }

/// <summary>A message that went out, or is to. What it said is not kept.</summary>
/// <param name="Id">By which whoever gets it twice can tell: the same at every attempt.</param>
/// <param name="Kind"><c>alert</c>, <c>digest</c>, <c>nurture</c> for a mail to a lead, or <c>entry</c> for one that a stage asked
/// for.</param>
/// <param name="Recipient">For whom: a member, or the lead or opportunity that it is about.</param>
/// <param name="MadeAt">When the first that it tells of happened.</param>
/// <param name="DueAt">Not before then.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="NextAt">When it is tried next; null once it is over.</param>
/// <param name="Answer">The last word of whoever was to take it, or why it was not sent.</param>
public sealed record MessageAnswer(
    Guid Id, Guid Channel, string Kind, string Recipient, DateTimeOffset MadeAt, DateTimeOffset DueAt, string State, int Attempts,
    DateTimeOffset? NextAt,
    DateTimeOffset? SettledAt, string? Answer);

/// <param name="NextCursor">For the next page; null on the last.</param>
public sealed record MessagePage(IReadOnlyList<MessageAnswer> Items, string? NextCursor);

/// <param name="Tries">Each attempt, the oldest first.</param>
/// <param name="Tells">The events that it tells of, by position.</param>
public sealed record MessageDetailAnswer(MessageAnswer Message, IReadOnlyList<MessageTry> Tries, IReadOnlyList<long> Tells);

/// <param name="Outcome"><c>taken</c>, <c>failed</c> or <c>refused</c> for good.</param>
public sealed record MessageTry(DateTimeOffset At, int DurationMs, string Outcome, string? Answer);
