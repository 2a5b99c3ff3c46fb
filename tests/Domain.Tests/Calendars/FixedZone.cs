using Crm.Domain.Calendars;

namespace Crm.Domain.Tests.Calendars;

/// <summary>Always as far from UTC.</summary>
internal sealed class FixedZone(int hours) : IZone, IZones
{
    public static readonly FixedZone Shanghai = new(8);

    public DateTime LocalOf(DateTimeOffset instant) => instant.UtcDateTime.AddHours(hours);

    public DateTimeOffset InstantOf(DateTime local) => new DateTimeOffset(local, TimeSpan.FromHours(hours)).ToUniversalTime();

    public IZone? Find(string name) => name == "Asia/Shanghai" ? this : null;
}
