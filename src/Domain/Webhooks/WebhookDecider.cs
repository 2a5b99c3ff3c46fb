using Crm.Domain.Access;

namespace Crm.Domain.Webhooks;

/// <summary>Who may have what told to whom outside. Nobody directs elsewhere what he may not see himself.</summary>
public static class WebhookDecider
{
    public static readonly Decider<Webhook, IWebhookCommand, IWebhookEvent> Instance = new("webhook", Webhook.None, Decide, Webhook.Evolve);

    public static IReadOnlyList<IWebhookEvent> Decide(Webhook state, IWebhookCommand command) => (state, command) switch
    {
        ({ Url: null }, RegisterWebhook c) => Register(c),
        (_, RegisterWebhook) => [],

        ({ Removed: true }, RemoveWebhook) => [],
        ({ IsThere: false }, _) => throw Rejection.Unknown("webhook.unknown", "There is no such webhook."),
        (_, RemoveWebhook) => [new WebhookRemoved()],

        (_, ChangeWebhook c) => ChangeIt(state, c),
        (_, RotateWebhookSecret c) when state.Secret == c.Secret => [],
        (_, RotateWebhookSecret c) => Directed(state, c.Giver, new WebhookSecretRotated(c.Secret, c.Until)),

        ({ Disabled: not null }, DisableWebhook) => [],
        (_, DisableWebhook c) => [new WebhookDisabled(c.Because, c.Reason)],
        ({ Disabled: null }, EnableWebhook) => [],
        (_, EnableWebhook c) => Directed(state, c.Giver, new WebhookEnabled()),

        (_, ReplayWebhook c) when state.LastReplay == c.Replay => [],
        ({ Disabled: not null }, ReplayWebhook) => throw Rejection.WrongState("webhook.disabled", "The webhook is disabled and is sent nothing; enable it first."),
        (_, ReplayWebhook c) => Directed(state, c.Giver, new WebhookReplayAsked(c.Replay, c.After, c.UpTo, c.Event)),
        _ => []
    };

    private static IReadOnlyList<IWebhookEvent> Register(RegisterWebhook c)
    {
        MustSee(c.Giver, new Rights([.. c.Wanted.Needs], RecordScope.All, c.Giver.HiddenFields));
        return [new WebhookRegistered(c.Url, c.Wanted.Events, c.Wanted.Needs, [.. c.Giver.HiddenFields], c.Personal, c.Secret, c.Description)];
    }

    private static IReadOnlyList<IWebhookEvent> ChangeIt(Webhook state, ChangeWebhook c)
    {
        MustSee(c.Giver, state.Carries);
        var wanted = c.Wanted is { } said && !said.Events.SequenceEqual(state.Events) ? said : null;
        if (wanted is not null)
        {
            MustSee(c.Giver, state.Carries with { Functions = [.. wanted.Needs] });
        }

        var changed = new WebhookChanged(
            Change.Other(c.Url, state.Url), wanted?.Events, wanted?.Needs, Change.Other(c.Personal, state.Personal), Change.Other(c.Description, state.Description),
            Change.Cleared(c.Cleared, member => member == "description" && state.Description is not null));
        return changed == new WebhookChanged() ? [] : [changed];
    }

    private static IReadOnlyList<IWebhookEvent> Directed(Webhook state, Rights giver, IWebhookEvent @event)
    {
        MustSee(giver, state.Carries);
        return [@event];
    }

    private static void MustSee(Rights giver, Rights carried)
    {
        if (!giver.Cover(carried))
        {
            throw Rejection.BrokenRule("webhook.beyond-own",
                "The webhook would carry more than you may see yourself: records of others, kinds of records that you may not read, or fields hidden from you.");
        }
    }
}
