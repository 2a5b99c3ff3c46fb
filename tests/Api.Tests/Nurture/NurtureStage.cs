using System.Net;
using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Notifications;
using Crm.Support;

namespace Crm.Api.Tests.Nurture;

/// <summary>A tenant whose leads of few points are sent mails.</summary>
internal static class NurtureStage
{
    /// <summary>A new tenant, its admin, and its playbook in force.</summary>
    public static async Task<(HttpClient Admin, string Tenant)> Open(NotificationServer crm, int port)
    {
        var (admin, _, tenant) = await crm.Stage();
        (await admin.Write("channels", new
        {
            kind = "mail", name = "house", mail = new
            {
                host = "127.0.0.1", port, security = "none",
                from = "noreply@crm.example.com"
            }
        })).Ok();
        (await admin.Put("playbook/draft", Document("day 1"))).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
        return (admin, tenant);
    }

    public static object Document(string first, string? text = null, int mostADay = 500) => new
    {
        name = "Nurture",
        reps = new[] { new { rep = "ann" } },
        assignment = new { rules = new[] { new { key = "all", name = "All" } } },
        scoring = new
        {
            rules = new[] { new { key = "big", name = "Big", points = 80, when = new { field = "employees", @operator = "gte",
                value = 200 } } },
            bands = new { high = 60, low = 20, highTask = new { kind = "call", title = "Call now", dueMinutes = 60 } }
        },
        templates = new[]
        {
            new { key = "one", subject = "{{#if lead.contact}}{{lead.contact}}，您好{{else}}您好{{/if}}",
                text = text ?? $"{{{{lead.company}}}}: {first}. {{{{unsubscribe}}}}", html = "<p>{{lead.company}}</p>" },
            new { key = "two", subject = "Again", text = "day 3 {{unsubscribe}}", html = "<p>again</p>" }
        },
        nurture = new
        {
            channel = "house",
            mostADay,
            sequences = new[]
            {
                new
                {
                    key = "welcome",
                    name = "Welcome",
                    band = "low",
                    steps = new object[]
                    {
                        new { afterDays = 1, template = "one" }, new { afterDays = 3, template = "two" },
                        new { afterDays = 7, template = "one" }
                    }
                }
            }
        }
    };

    /// <summary>Captures a lead, which is sent mails.</summary>
    public static async Task<Guid> Running(HttpClient admin, string address)
    {
        var lead = (await admin.Write("leads", new { source = "web", email = address })).Ok().Id;
        await Patience.Until("the sequence has begun", async () => (await State(admin, lead)).GetProperty("state")
            .GetString() == "running");
        return lead;
    }

    /// <summary>Whoever got a mail wants no more.</summary>
    public static async Task Unsubscribe(NotificationServer crm, GotMail mail)
    {
        using var browser = new HttpClient { BaseAddress = new Uri(crm.App.Urls.Single()) };
        using var taken = await browser.PostAsync(new Uri(mail.Unsubscribe!.Trim('<', '>')).AbsolutePath, content: null);
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public static async Task<JsonElement> State(HttpClient admin, Guid lead) => (await admin.Read($"leads/{lead}/nurture")).Ok().Body;

    public static async Task<IReadOnlyList<string?>> Events(HttpClient admin, Guid lead) =>
        [.. (await admin.Read($"leads/{lead}/events")).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(e => e.GetProperty("type").GetString())];
}
