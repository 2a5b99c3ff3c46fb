using System.Buffers.Text;
using System.Security.Cryptography;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Conditions;
using Crm.Projections.Tasks;

namespace Crm.Api.Tasks.Calendars;

/// <summary>
/// Gives a calendar to whoever has its address, without a login: the tasks of its owner that he may see just now. How often it is asked for
/// is limited for
/// each, and for those who try addresses.
/// </summary>
public sealed class Calendars(Door door, Limits limits, Queries queries, Unsealer unsealer, TimeProvider clock)
{
    private const int MostEntries = 2_000;
    private const double PerMinute = 30;

    private static readonly TimeSpan CancelledFor = TimeSpan.FromDays(30);

    private readonly Buckets<(string Tenant, string? Address)> shares = new(PerMinute / 60, seconds: 60, clock);

    public async Task<IResult> Take(string token, IfNoneMatch held, HttpContext context, CancellationToken ct)
    {
        if (await door.OfCalendar(CalendarAddress.Parse(token), ct) is not { } owner
            || !owner.Rights.Functions.Contains(Functions.TasksRead))
        {
            limits.MustNotBeGuessing(context.Connection.RemoteIpAddress);
            throw Rejection.Unknown("task.calendar-unknown", "There is no calendar at this address, or there is none any more.");
        }

        if (shares.Of((owner.Tenant, owner.Credential?.Id)) is { } share && !share.Take(1))
        {
            throw new Problem(429, Code.TooManyRequests,
                "This calendar was asked for too often in the last minute. Retry-After says when there is room again.")
            { RetryAfter = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(share.Until(1).TotalSeconds))) };
        }

        var bytes = TaskCalendar.Of(owner.Tenant, await Entries(owner, ct));
        return new CalendarFile(bytes, $"W/\"{Base64Url.EncodeToString(SHA256.HashData(bytes).AsSpan(0, 16))}\"", held);
    }

    private async Task<IReadOnlyList<Entry>> Entries(Caller owner, CancellationToken ct)
    {
        var (list, everything) = (TaskAnswer.List, new Lens(AsOf: null, KnownAt: null, Position: null));
        if (!Shows("dueAt") || !Shows("state"))
        {
            return [];
        }

        var since = clock.GetUtcNow() - CancelledFor;
        var wanted = new Wanted(new Condition.All([TaskIs.Of(owner.Rep), new Condition.Any([TaskIs.Open, TaskIs.CancelledSince(since)])]));
        IReadOnlyList<SortKey> soonest = [new(list.Fields["dueAt"], Descending: false), new(list.Id, Descending: false)];
        var (rows, _) = await queries.Read(owner.Tenant, list.Model, everything, least: null, (connection, known) =>
            new ListView<TaskList.Row>(list, list.Rows, owner, new Seen(everything, known, IsPinned: false), connection)
                .Rows(wanted, soonest, after: null, MostEntries, ct), ct);

        await unsealer.Fetch(owner.Tenant, rows.SelectMany(list.SealedIn), ct);
        var entries = new List<Entry>();
        foreach (var row in rows)
        {
            entries.Add(new Entry(row, Shows("title") ? row.Title : null, Shows("kind") ? row.Kind : null,
                Shows("text") ? await unsealer.Open(owner.Tenant, row.Text, ct) : null));
        }

        return entries;

        bool Shows(string member) => !owner.Sight.Hides(list.Name, member);
    }
}

/// <summary>A calendar on the wire. Its tag says what is in it, so one that asks often is told often that nothing is new.</summary>
internal sealed class CalendarFile(byte[] bytes, string tag, IfNoneMatch held) : IResult
{
    public const string MediaType = "text/calendar";

    public Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        if (held.Holds(tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = $"{MediaType}; charset=utf-8";
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
