using Crm.Domain.Calendars;
using NodaTime;

namespace Crm.Api.Playbooks;

/// <summary>Time zones by the IANA database that comes with the program.</summary>
public sealed class Zones : IZones
{
    public static readonly Zones Tzdb = new();

    public IZone? Find(string name) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is { } zone ? new Zone(zone) : null;

    public static IZone Of(DateTimeZone zone) => new Zone(zone);

    private sealed class Zone(DateTimeZone zone) : IZone
    {
        public DateTime LocalOf(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InZone(zone).ToDateTimeUnspecified();

        public DateTimeOffset InstantOf(DateTime local) => zone.AtLeniently(LocalDateTime.FromDateTime(local)).ToInstant().ToDateTimeOffset();
    }
}
