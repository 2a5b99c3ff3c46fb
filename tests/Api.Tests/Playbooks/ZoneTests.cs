using System.Globalization;
using Crm.Api.MetricAlerts;
using Crm.Api.Playbooks;
using NodaTime;

namespace Crm.Api.Tests.Playbooks;

/// <summary>Times of day that the clocks leave out, or come to twice.</summary>
public sealed class ZoneTests
{
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30Z")]              // does not exist: 03:30
    [InlineData("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30Z")]              // comes twice: the first
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45Z")]        // put forward by half an hour only
    [InlineData("Asia/Shanghai", "2026-03-29T02:30", "2026-03-28T18:30Z")]
    public void A_time_of_day_is_one_instant_for_calendars_and_for_figures(string zone, string local, string instant)
    {
        var time = DateTime.ParseExact(local, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        var wanted = DateTimeOffset.ParseExact(instant, "yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal);

        Zones.Tzdb.Find(zone)!.InstantOf(time).ShouldBe(wanted);
        MetricDays.At(DateOnly.FromDateTime(time), time.ToString("HH:mm", CultureInfo.InvariantCulture), DateTimeZoneProviders.Tzdb[zone])
            .ShouldBe(wanted);
    }
}
