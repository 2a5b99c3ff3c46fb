using System.Globalization;
using Crm.Domain.Calendars;
using NodaTime;
using Npgsql;

namespace Crm.Api.MetricAlerts;

/// <summary>Up to which day the figures of each tenant were asked.</summary>
internal sealed class MetricDays(NpgsqlConnection connection)
{
    public static DateOnly Of(DateTimeOffset moment, DateTimeZone zone) => Instant.FromDateTimeOffset(moment).InZone(zone).Date.ToDateOnly();

    /// <summary>A time of a day, as <see cref="IZone.InstantOf"/> says where the clocks are put forward or back.</summary>
    public static DateTimeOffset At(DateOnly day, string time, DateTimeZone zone) => LocalDate.FromDateOnly(day)
        .At(LocalTime.FromTimeOnly(TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture))).InZoneLeniently(zone).ToDateTimeOffset();

    /// <summary>The day is over for a tenant of whom nothing was asked so far.</summary>
    public static NpgsqlBatchCommand Begin(string tenant, DateOnly day) =>
        new("insert into crm.metric_day (tenant_id, asked) values ($1, $2) on conflict do nothing")
        { Parameters = { new() { Value = tenant }, new() { Value = day } } };

    public async Task<DateTimeOffset> Now(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select crm.clock()", connection);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!);
    }

    public async Task<IReadOnlyList<(string Tenant, DateOnly Last)>> All(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select tenant_id, asked from crm.metric_day order by tenant_id", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tenants = new List<(string, DateOnly)>();
        while (await reader.ReadAsync(ct))
        {
            tenants.Add((reader.GetString(0), reader.GetFieldValue<DateOnly>(1)));
        }

        return tenants;
    }

    /// <exception cref="InvalidOperationException">Another process has asked for that day.</exception>
    public async Task Done(string tenant, DateOnly day, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("update crm.metric_day set asked = $2 where tenant_id = $1 and asked = $2 - 1",
            connection);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(day);
        if (await command.ExecuteNonQueryAsync(ct) != 1)
        {
            throw new InvalidOperationException("Another process has taken this over.");
        }
    }
}
