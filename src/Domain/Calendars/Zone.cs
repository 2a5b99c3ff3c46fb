namespace Crm.Domain.Calendars;

/// <summary>What clocks show somewhere. The rules of time zones are handed in, like time itself.</summary>
public interface IZone
{
    /// <summary>Date and time of day there.</summary>
    DateTime LocalOf(DateTimeOffset instant);

    /// <summary>The instant of a date and time there: of two (clocks were put back) the first; where there is none (clocks were put
    /// forward) as much later as they were put forward, so 02:30 is 03:30 (RFC 5545, 3.3.5).</summary>
    DateTimeOffset InstantOf(DateTime local);
}

/// <summary>Zones by their IANA name, such as <c>Asia/Shanghai</c>.</summary>
public interface IZones
{
    /// <summary>Null where there is no such zone.</summary>
    IZone? Find(string name);
}
