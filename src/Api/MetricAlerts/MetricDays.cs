using System.Globalization;
using Crm.Domain.Calendars;
using NodaTime;
using Npgsql;

namespace Crm.Api.MetricAlerts;

/// <summary>Up to which day the figures of each tenant were asked.</summary>
internal sealed class MetricDays(NpgsqlConnection connection)
{
    // One row a tenant among those of all who follow; the number of the day stands where others have a position.
    private const string Prefix = $"{MetricDuty.Progress}:";

    public static DateOnly Of(DateTimeOffset moment, DateTimeZone zone) => Instant.FromDateTimeOffset(moment).InZone(zone).Date.ToDateOnly();

    /// <summary>A time of a day; where the clocks leave it out, the next there is.</summary>
    public static DateTimeOffset At(DateOnly day, string time, DateTimeZone zone) => LocalDate.FromDateOnly(day)
        .At(LocalTime.FromTimeOnly(TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture))).InZoneLeniently(zone).ToDateTimeOffset();

    /// <summary>The day is over for a tenant of whom nothing was asked so far.</summary>
    public static NpgsqlBatchCommand Begin(string tenant, DateOnly day) =>
        new("insert into public.mt_event_progression (name, last_seq_id) values ($1, $2) on conflict do nothing")
        { Parameters = { new() { Value = Prefix + tenant }, new() { Value = (long)day.DayNumber } } };

    public async Task<DateTimeOffset> Now(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select crm.clock()", connection);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!);
    }

    public async Task<IReadOnlyList<(string Tenant, DateOnly Last)>> All(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select name, last_seq_id from public.mt_event_progression where starts_with(name, $1) order by name", connection);
        command.Parameters.AddWithValue(Prefix);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tenants = new List<(string, DateOnly)>();
        while (await reader.ReadAsync(ct))
        {
            tenants.Add((reader.GetString(0)[Prefix.Length..], DateOnly.FromDayNumber((int)reader.GetInt64(1))));
        }

        return tenants;
    }

    /// <exception cref="InvalidOperationException">Another process has asked for that day.</exception>
    public async Task Done(string tenant, DateOnly day, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "update public.mt_event_progression set last_seq_id = $2, last_updated = clock_timestamp() where name = $1 and last_seq_id = $2 - 1", connection);
        command.Parameters.AddWithValue(Prefix + tenant);
        command.Parameters.AddWithValue((long)day.DayNumber);
        if (await command.ExecuteNonQueryAsync(ct) != 1)
        {
            throw new InvalidOperationException("Another process has taken this over.");
        }
    }
}
