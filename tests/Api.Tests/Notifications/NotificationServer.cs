using Crm.Api.Notifications.Sending;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Tasks;
using Crm.Domain.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Notifications;

/// <summary>The program, sending messages impatiently, by a clock that tests move.</summary>
public sealed class NotificationServer : MovedClock
{
    private int tenants;

    protected override void With(IServiceCollection services) =>
        services.AddSingleton(new MessageTerms { Poll = TimeSpan.FromMilliseconds(20), Limit = TimeSpan.FromSeconds(5), Chance = () => 0 });

    /// <summary>A new tenant, its admin, and Ann, who gets alerts.</summary>
    public async Task<(HttpClient Admin, HttpClient Ann, string Tenant)> Stage(string zone = "UTC")
    {
        var tenant = $"notified-{Interlocked.Increment(ref tenants)}";
        var admin = await Tenant(tenant, zone);
        (await admin.Write("members", new { id = "ann", role = "rep" })).Ok();
        return (admin, With((await admin.Write("api-keys", new { name = "ann", member = "ann" })).Ok()["key"]), tenant);
    }

    /// <summary>Ann is alerted.</summary>
    public Task<string> Raise(
        string tenant, string kind, AlertSeverity severity = AlertSeverity.Warning, About? about = null, Guid? id = null,
        params (string Name, string Value)[] with) =>
        AlertTests.Raise(this, tenant, id ?? Guid.CreateVersion7(), new RaiseAlert(
            "ann", kind, severity, new AlertCause("watch-tasks", Guid.NewGuid()), about,
            with.ToDictionary(one => one.Name, one => one.Value)));
}
