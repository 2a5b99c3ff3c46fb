using System.Collections.Immutable;
using Crm.Domain.Access;

namespace Crm.Domain.Webhooks;

/// <summary>An address outside that is told what happens, what it is told, and how it knows that it was us.</summary>
public sealed record Webhook
{
    public static readonly Webhook None = new();

    public string? Url { get; private init; }

    /// <summary>Kinds of records, and single events.</summary>
    public IReadOnlyList<string> Events { get; private init; } = [];

    /// <summary>What one has to be permitted to see all that it is told.</summary>
    public Rights Carries { get; private init; } = new([], RecordScope.All, []);

    /// <summary>Whether it is told what is known of persons.</summary>
    public bool Personal { get; private init; }

    public string? Description { get; private init; }

    /// <summary>Names the secret in force.</summary>
    public Guid? Secret { get; private init; }

    /// <summary>The secret before it, and until when deliveries are signed with that one, too.</summary>
    public (Guid Secret, DateTimeOffset Until)? Retiring { get; private init; }

    /// <summary>Null while it is told what happens.</summary>
    public WebhookDisabled? Disabled { get; private init; }

    public bool Removed { get; private init; }

    public Guid? LastReplay { get; private init; }

    public bool IsThere => Url is not null && !Removed;

    public bool IsOpen => IsThere && Disabled is null;

    public static Webhook Evolve(Webhook state, IWebhookEvent @event) => @event switch
    {
        WebhookRegistered e => state with
        {
            Url = e.Url,
            Events = e.Events,
            Carries = new Rights([.. e.Needs], RecordScope.All, [.. e.Hidden]),
            Personal = e.Personal,
            Description = e.Description,
            Secret = e.Secret
        },
        WebhookChanged e => state with
        {
            Url = e.Url ?? state.Url,
            Events = e.Events ?? state.Events,
            Carries = e.Needs is null ? state.Carries : state.Carries with { Functions = [.. e.Needs] },
            Personal = e.Personal ?? state.Personal,
            Description = Change.Of(e.Cleared, "description", e.Description, state.Description)
        },
        WebhookSecretRotated e => state with
        {
            Secret = e.Secret,
            Retiring = state.Secret is { } old ? (old, e.Until) : null
        },
        WebhookDisabled e => state with { Disabled = e },
        WebhookEnabled => state with { Disabled = null },
        WebhookRemoved => state with { Removed = true },
        WebhookReplayAsked e => state with { LastReplay = e.Replay },
        _ => state
    };
}
