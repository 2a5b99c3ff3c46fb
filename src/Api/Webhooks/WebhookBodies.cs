using Crm.Api.Http;
using Crm.Api.Http.Document;
using Crm.Api.Http.Shapes;
using Crm.Domain;
using Crm.Domain.Webhooks;

namespace Crm.Api.Webhooks;

/// <param name="Url">Where deliveries are posted to: https, at a name that leads to addresses that are everybody's.</param>
/// <param name="Events">What is told: event types (<c>opportunity_won</c>), and kinds of records (<c>lead</c>) for all of their events. Left out: leads, customers and opportunities.</param>
/// <param name="Personal">Whether what is known of persons is told; what is hidden from you is not told in any case.</param>
public sealed record RegisterWebhookRequest(
    [Text(2000)] string Url, [Items(100), Text(60)] IReadOnlyList<string>? Events = null, bool Personal = false, string? Description = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check() => WebhookFaults.Of(Events);
}

/// <summary>What is absent stays as it is.</summary>
/// <param name="Url">Where deliveries are posted to from now on, those that wait included.</param>
/// <param name="Events">What is told from now on; null for leads, customers and opportunities.</param>
/// <param name="Personal">Whether what is known of persons is told.</param>
/// <param name="Description">Null takes it away.</param>
public sealed record ChangeWebhookRequest(
    [Text(2000)] string? Url = null, [Items(100), Text(60)] IReadOnlyList<string>? Events = null, bool? Personal = null, string? Description = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check() => WebhookFaults.Of(Events);
}

/// <param name="OverlapHours">How long deliveries are signed with the old secret, too; left out, 24.</param>
public sealed record RotateWebhookSecretRequest([Between(0, 720)] int? OverlapHours = null);

public sealed record DisableWebhookRequest(string? Reason = null);

public sealed record EnableWebhookRequest;

public sealed record TestWebhookRequest;

public sealed record RedeliverRequest;

/// <summary>What was recorded in a span, told by times or by positions. Left out altogether: from where the webhook was disabled.</summary>
/// <param name="From">Recorded at this moment or later. A bare date is its first instant where the tenant is.</param>
/// <param name="To">Recorded before this moment; left out, up to now.</param>
/// <param name="AfterPosition">In place of <c>from</c>: after this position.</param>
/// <param name="UpToPosition">In place of <c>to</c>: up to this position, itself included.</param>
public sealed record ReplayWebhookRequest(
    Moment? From = null, Moment? To = null, [Between(0, Answers.Greatest)] long? AfterPosition = null, [Between(0, Answers.Greatest)] long? UpToPosition = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (From is not null && AfterPosition is not null)
        {
            yield return ("afterPosition", Code.NotTogether, "Say where it begins by a time or by a position.");
        }

        if (To is not null && UpToPosition is not null)
        {
            yield return ("upToPosition", Code.NotTogether, "Say where it ends by a time or by a position.");
        }

        if (From is null && AfterPosition is null && (To is not null || UpToPosition is not null))
        {
            yield return ("from", Code.Missing, "Say where it begins, by from or afterPosition.");
        }
    }
}

internal static class WebhookFaults
{
    public static IEnumerable<(string Member, string Code, string Message)> Of(IReadOnlyList<string>? events)
    {
        if (events is [])
        {
            yield return ("events", Code.Missing, "A webhook that is told nothing is of no use: name an event, or leave events out for leads, customers and opportunities.");
        }

        if (events?.Except(Wants.Names).FirstOrDefault() is { } stranger)
        {
            yield return ("events", Code.NotOneOf,
                $"'{Place.Echo(stranger)}' is neither an event type nor a kind of record.{Nearest.Hint(stranger, Wants.Names)} GET /event-types lists them.");
        }
    }
}

/// <summary>An address outside that is told what happens.</summary>
/// <param name="Events">Event types, and kinds of records for all of their events.</param>
/// <param name="Personal">Whether what is known of persons is told.</param>
/// <param name="HiddenFields">Fields that were hidden from who registered it; they are never told.</param>
/// <param name="Status"><c>enabled</c> or <c>disabled</c>.</param>
/// <param name="DisabledBecause"><c>asked</c>: somebody asked for it; <c>gone</c>: the receiver answered 410; <c>failing</c>: nothing was taken for five days.</param>
/// <param name="OldSecretUntil">After a rotation: how long deliveries are signed with the old secret, too.</param>
public sealed record WebhookAnswer(
    Guid Id, string Url, IReadOnlyList<string> Events, bool Personal, IReadOnlyList<string> HiddenFields, string? Description, string Status,
    DisabledBecause? DisabledBecause, string? DisabledReason, DateTimeOffset? OldSecretUntil)
{
    public static WebhookAnswer Of(Guid id, Webhook webhook) => new(
        id, webhook.Url!, webhook.Events, webhook.Personal, [.. webhook.Carries.HiddenFields], webhook.Description,
        webhook.Disabled is null ? "enabled" : "disabled", webhook.Disabled?.Because, webhook.Disabled?.Reason, webhook.Retiring?.Until);
}

/// <summary>A new secret, or a webhook with its first. The secret is told this once; a repeated request does not get it again.</summary>
/// <param name="Secret">Begins with <c>whsec_</c>; what follows is base64.</param>
public sealed record WebhookSecretAnswer(Guid Id, string? Secret, long Version, long Position) : AnswerOfWrite;

/// <summary>How a webhook does.</summary>
/// <param name="FailingSince">The first failure since something was taken; null while things are taken.</param>
/// <param name="Waiting">How many events it has still to be sent, counted up to 10,000.</param>
/// <param name="OldestWaiting">The position of the first of them.</param>
/// <param name="UndeliveredFrom">When it was disabled, the first position that it had not got by then; null once that was replayed.</param>
public sealed record WebhookHealthAnswer(DateTimeOffset? FailingSince, long Waiting, long? OldestWaiting, long? UndeliveredFrom);

/// <summary>What came of a test: nothing of what the receiver wrote but its status.</summary>
/// <param name="DeliveryId">The <c>webhook-id</c> that was sent.</param>
/// <param name="Delivered">Whether it was taken: only 2xx is.</param>
/// <param name="Status">Null where none came.</param>
/// <param name="Error">Where none came, why: <c>address</c>, <c>connect</c>, <c>tls</c>, <c>timeout</c>, <c>broken-off</c> or <c>internal</c>.</param>
public sealed record WebhookTestAnswer(string DeliveryId, bool Delivered, int? Status, string? Error, int DurationMs);

/// <summary>One attempt to deliver an event.</summary>
/// <param name="DeliveryId">The <c>webhook-id</c>: one for each event and webhook, the same at every attempt and in every replay.</param>
/// <param name="EventId">Null of a test.</param>
/// <param name="Attempt">The first is 1.</param>
/// <param name="Outcome"><c>delivered</c>, <c>failed</c> (it is tried again), <c>given-up</c>, or <c>gone</c> (410).</param>
/// <param name="Status">Null where none came.</param>
/// <param name="Error">Where none came, why.</param>
/// <param name="NextAt">When it is tried again.</param>
public sealed record DeliveryAnswer(
    string DeliveryId, Guid? EventId, string EventType, long? Position, int Attempt, DateTimeOffset At, int DurationMs, string Outcome, int? Status, string? Error,
    DateTimeOffset? NextAt);

/// <summary>Attempts, newest first.</summary>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record DeliveryPage(IReadOnlyList<DeliveryAnswer> Items, string? NextCursor);

public enum DeliveryOutcome { Delivered, Failed, GivenUp, Gone }

/// <param name="Outcome">Only attempts of which this came.</param>
/// <param name="DeliveryId">Only attempts to deliver this one.</param>
public sealed record DeliveryQuestion(Page Page, DeliveryOutcome? Outcome = null, [Text(60)] string? DeliveryId = null);
