using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Crm.Api.Http;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.Api;

/// <param name="NextCursor">Where the next page begins; null on the last.</param>
/// <param name="Position">The position that the page shows.</param>
public sealed record PageOf<T>(IReadOnlyList<T> Items, string? NextCursor, long Position);

/// <summary>Pages of a read model, newest first, now or as of any moment.</summary>
public sealed class Lists(Queries queries)
{
    /// <param name="orderBy">Column of a time, newest first; rows where it is null are not listed.</param>
    /// <param name="id">Column that tells rows of one time apart.</param>
    /// <param name="place">Both of a row, for the cursor.</param>
    /// <param name="filters">Columns and the text each must have, or hold where it is a list (<c>notes[]</c>); null is any.</param>
    public async Task<IResult> Page<TRow, TAnswer>(
        ReadModel<TRow> model, Caller by, Page page, Times times, PositionToken? least, string orderBy, string id,
        Func<TRow, (DateTimeOffset, Guid)> place, IReadOnlyList<(string Column, string? Value)> filters,
        Func<TRow, Task<TAnswer>> answer, CancellationToken ct) where TRow : class
    {
        var lens = await queries.Lens(times, ct);
        var after = page.Cursor is null ? ((DateTimeOffset, Guid)?)null : Cursor.Read(page.Cursor);
        var reader = new ModelReader<TRow>(model);

        var (rows, position) = await queries.Read(by.Tenant, model, lens, least, async (connection, known) =>
        {
            await using var command = new NpgsqlCommand { Connection = connection };
            command.Parameters.AddWithValue(by.Tenant);
            if (lens.Rewound)
            {
                command.Parameters.AddWithValue(lens.Until);
                command.Parameters.AddWithValue(known);
            }

            var conditions = new List<string> { $"r.{orderBy} is not null" };
            foreach (var (column, value) in filters.Where(f => f.Value is not null))
            {
                conditions.Add(column.EndsWith("[]", StringComparison.Ordinal)
                    ? $"{Parameter(value!)} = any(r.{column[..^2]})"
                    : $"r.{column} = {Parameter(value!)}");
            }

            if (after is var (time, row))
            {
                conditions.Add($"(r.{orderBy}, r.{id}) < ({Parameter(time)}, {Parameter(row)})");
            }

            command.CommandText = $"""
                select {reader.Columns} from {reader.Rows(lens.Rewound)} r
                where {string.Join(" and ", conditions)} order by r.{orderBy} desc, r.{id} desc limit {Parameter(page.Limit + 1)}
                """;
            await using var found = await command.ExecuteReaderAsync(ct);
            return await reader.Read(found, ct);

            string Parameter(object value)
            {
                command.Parameters.AddWithValue(value);
                return $"${command.Parameters.Count}";
            }
        }, ct);

        var items = new List<TAnswer>();
        foreach (var row in rows.Take(page.Limit))
        {
            items.Add(await answer(row));
        }

        var next = rows.Count > page.Limit ? Cursor.Write(place(rows[page.Limit - 1])) : null;
        return new Positioned<PageOf<TAnswer>>(new PageOf<TAnswer>(items, next, position), queries.Token(position));
    }

    private static class Cursor
    {
        public static string Write((DateTimeOffset Time, Guid Id) place) =>
            Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{place.Time.UtcTicks.ToString(CultureInfo.InvariantCulture)}.{place.Id:N}"));

        public static (DateTimeOffset, Guid) Read(string cursor)
        {
            if (Base64Url.IsValid(cursor)
                && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split('.') is [var ticks, var id]
                && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time <= DateTimeOffset.MaxValue.Ticks
                && Guid.TryParseExact(id, "N", out var row))
            {
                return (new DateTimeOffset(time, TimeSpan.Zero), row);
            }

            throw Problem.Invalid([Fault.InQuery("cursor", "bad-cursor", "Send nextCursor of an earlier page as it was, or none.")]);
        }
    }
}

/// <summary>An answer together with the position that it shows.</summary>
public sealed class Positioned<T>(T body, PositionToken position) : IResult
{
    public Task ExecuteAsync(HttpContext context)
    {
        context.Response.Headers[Headers.PositionName] = position.ToString();
        return context.Response.WriteAsJsonAsync(body, context.RequestAborted);
    }
}
