using Crm.Domain;
using Crm.Domain.Access;
using NodaTime;

namespace Crm.Api.Access;

/// <summary>Who may do what in each tenant, never older than half a second: what is revoked here counts at once, on other nodes within that time.</summary>
public sealed class Organisations(CurrentState<Organisation, IAccessCommand, IAccessEvent> current, DateTimeZone zone)
{
    public static readonly TimeSpan MostAge = TimeSpan.FromMilliseconds(500);

    public static Guid StreamOf(string tenant) => StreamId.From(tenant, "access", "main");

    /// <exception cref="Npgsql.NpgsqlException">It cannot be known just now, so nobody comes in.</exception>
    public Task<Organisation> Of(string tenant, CancellationToken ct) => current.Of(tenant, ct);

    /// <summary>Somebody knows that it has changed.</summary>
    public void Forget(string tenant) => current.Forget(tenant);

    /// <summary>Where a tenant's days begin; as the program is set where it has said nothing.</summary>
    public DateTimeZone ZoneOf(Organisation organisation) =>
        organisation.Tenant is { } tenant ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(tenant.Zone) ?? zone : zone;
}
