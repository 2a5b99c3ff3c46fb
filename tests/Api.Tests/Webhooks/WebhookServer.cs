using Crm.Api.Tests.Journeys;
using Crm.Api.Webhooks.Sending;
using Crm.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Webhooks;

/// <summary>A clock that goes on when it is told to.</summary>
public sealed class HandClock : TimeProvider
{
    private readonly Lock gate = new();
    private DateTimeOffset now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public void Pass(TimeSpan time)
    {
        lock (gate)
        {
            now += time;
        }
    }
}

/// <summary>The program with a receiver beside it, sending impatiently.</summary>
public class WebhookServer : CrmServer
{
    public Receiver Receiver { get; private set; } = null!;

    /// <summary>By which the program's sender goes.</summary>
    public virtual TimeProvider Clock => TimeProvider.System;

    public override async Task InitializeAsync()
    {
        Receiver = await Receiver.Open();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    protected override void With(IServiceCollection services) => services.AddSingleton(new SendingTerms(Clock)
    {
        Limit = TimeSpan.FromSeconds(1.5),
        Poll = TimeSpan.FromMilliseconds(20),
        Chance = () => 0
    });
}

/// <summary>The same by a clock that a test moves.</summary>
public sealed class WebhookServerByHand : WebhookServer
{
    public HandClock Hand { get; } = new();

    public override TimeProvider Clock => Hand;
}

internal static class WebhookTalk
{
    /// <summary>A new webhook to a path of the receiver, and its secret.</summary>
    public static async Task<(Guid Id, string Secret)> Hook(this HttpClient http, Receiver receiver, string path, object? more = null)
    {
        var body = new Dictionary<string, object?> { ["url"] = receiver.Url + path };
        foreach (var member in more?.GetType().GetProperties() ?? [])
        {
            body[member.Name] = member.GetValue(more);
        }

        var made = (await http.Write("webhooks", System.Text.Json.JsonSerializer.Serialize(body))).Ok();
        return (made.Id, made["secret"]!);
    }

    /// <summary>A new lead that is taken for no other.</summary>
    public static async Task<Guid> Lead(this HttpClient http, string? company = null) =>
        (await http.Write("leads", new { source = "web", company = company ?? $"{Guid.NewGuid():N}" })).Ok().Id;

    /// <summary>The attempts to reach a webhook, oldest first, once there are so many.</summary>
    public static async Task<IReadOnlyList<System.Text.Json.JsonElement>> Attempts(this HttpClient http, Guid webhook, int least)
    {
        IReadOnlyList<System.Text.Json.JsonElement> items = [];
        await Patience.Until($"{least} attempts are noted", async () =>
        {
            items = [.. (await http.Read($"webhooks/{webhook}/deliveries?limit=200")).Ok().Body.GetProperty("items").EnumerateArray().Reverse()];
            return items.Count >= least;
        });
        return items;
    }

    public static async Task Status(this HttpClient http, Guid webhook, string status) => await Patience.Until($"the webhook is {status}",
        async () => (await http.Read($"webhooks/{webhook}")).Ok()["status"] == status);
}
