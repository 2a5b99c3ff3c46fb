using System.Text;
using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.Support;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Events;

/// <summary>
/// A reader who keeps nothing but a token, and is killed again and again in the middle of whatever he reads, has each event once and in order, whoever
/// writes meanwhile and on however many nodes.
/// </summary>
public sealed class ExactlyOnceTests(CrmServer crm, ITestOutputHelper output) : IClassFixture<CrmServer>
{
    private const int Deaths = 100;
    private const string Tenant = "exactly-once";

    private readonly Random random = new(20261122);
    private readonly List<string> taken = [];
    private string? token;

    [Fact]
    public async Task A_reader_who_dies_a_hundred_times_has_each_event_once_and_in_order()
    {
        using var admin = await crm.Tenant(Tenant);
        using var neighbour = await crm.Tenant("next-door");
        var key = (await admin.Write("api-keys", new { name = "follower" })).Ok()["key"]!;
        await using var second = new Node(crm, key);
        await second.Start();
        using var enough = new CancellationTokenSource();
        Task[] writers =
        [
            .. Enumerable.Range(0, 3).Select(n => Write(n, () => n % 2 == 0 ? admin : second.Writer!, enough.Token)),
            Write(3, () => neighbour, enough.Token), Marten(commits: true, enough.Token), Marten(commits: false, enough.Token)
        ];

        var (pages, streams) = (0, 0);
        for (var death = 0; death < Deaths; death++)
        {
            if (death is 30 or 60)
            {
                await second.Restart();
            }

            using var reader = death % 2 == 0 ? crm.With(key) : second.Client();
            if (random.Next(2) == 0)
            {
                await DieInPage(reader);
                pages++;
            }
            else
            {
                await DieInStream(reader);
                streams++;
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(writers);
        using var last = crm.With(key);
        var (rest, next) = await last.All(after: token);
        taken.AddRange(rest.Select(e => e.Text("id")));

        var stored = await Stored();
        output.WriteLine($"{stored.Count} events, {pages} deaths in pages, {streams} in streams");
        taken.ShouldBe(stored);
        stored.Count.ShouldBeGreaterThan(500);
        (await last.Feed($"after={next}")).Items().ShouldBeEmpty();
    }

    // Some of a page is taken, each event together with its token, as a program would do in one transaction.
    private async Task DieInPage(HttpClient reader)
    {
        var page = await reader.Feed($"limit={random.Next(1, 60)}{(token is null ? "" : $"&after={token}")}{(random.Next(2) == 0 ? "&wait=1" : "")}");
        var items = page.Items();
        foreach (var e in items.Take(random.Next(items.Count + 1)))
        {
            Take(e.Text("id"), e.Text("token"));
        }
    }

    // The connection is cut after so many bytes, mostly in the middle of a line.
    private async Task DieInStream(HttpClient reader)
    {
        using var answer = token is null ? await reader.Stream() : await reader.Stream(last: token);
        await using var bytes = await answer.Content.ReadAsStreamAsync();
        var (left, text, buffer) = (random.Next(100, 30_000), new StringBuilder(), new byte[512]);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(20, 400)));
        try
        {
            while (left > 0 && await bytes.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), patience.Token) is var count and > 0)
            {
                left -= count;
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing came for a while.
        }

        var blocks = text.ToString().Split("\n\n");
        foreach (var block in blocks.SkipLast(1))
        {
            var lines = block.Split('\n').Select(line => line.Split(": ", 2)).Where(line => line.Length == 2).ToDictionary(line => line[0], line => line[1]);
            if (lines.TryGetValue("data", out var data))
            {
                Take(JsonDocument.Parse(Encoding.Latin1.GetBytes(data)).RootElement.Text("id"), lines["id"]);
            }
            else if (lines.TryGetValue("id", out var id))
            {
                token = id;
            }
        }
    }

    private void Take(string id, string at)
    {
        taken.Add(id);
        token = at;
    }

    private static async Task Write(int seed, Func<HttpClient> client, CancellationToken enough)
    {
        var random = new Random(seed);
        while (!enough.IsCancellationRequested)
        {
            try
            {
                var lead = await client().Write("leads", new { source = "网站", company = $"苏州 {random.Next()}" });
                for (var i = random.Next(6); lead.Status == 201 && i > 0; i--)
                {
                    await client().Write($"leads/{lead.Id}/touches", new { kind = "call", direction = "inbound" });
                }
            }
            catch (Exception error) when (error is HttpRequestException or ObjectDisposedException or TaskCanceledException or IOException)
            {
                // The node is being started again.
            }
        }
    }

    // Another program, which holds its transaction open for a while and may give it up, and which draws its number before it is in the lane.
    private async Task Marten(bool commits, CancellationToken enough)
    {
        var random = new Random(commits ? 77 : 78);
        await using var database = NpgsqlDataSource.Create(crm.ConnectionString);
        for (var n = 0; !enough.IsCancellationRequested; n++)
        {
            await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            try
            {
                var stream = Guid.CreateVersion7();
                await Run(connection, commits
                    ? $"""
                      select mt_quick_append_events('{stream}', 'lead', '{Tenant}', array['{Guid.CreateVersion7()}'::uuid, '{Guid.CreateVersion7()}'],
                          array['lead_captured', 'lead_noted']::varchar[], array[null, null]::varchar[], array['{Captured}', '{Noted}']::jsonb[],
                          array[null, null]::bytea[], array[null, null]::varchar[], array[null, null]::varchar[], array['null', 'null']::jsonb[], array[null, null]::varchar[])
                      """
                    : "select nextval('mt_events_sequence')");
                await Task.Delay(random.Next(15), CancellationToken.None);
                if (!commits)
                {
                    await Run(connection, $"""
                        insert into mt_streams (tenant_id, id, type, version) values ('{Tenant}', '{stream}', 'lead', 1);
                        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
                        values (currval('mt_events_sequence'), '{Guid.CreateVersion7()}', '{stream}', 1, '{Captured}', 'lead_captured', now(), '{Tenant}');
                        """);
                }

                if (random.Next(5) == 0)
                {
                    await transaction.RollbackAsync(CancellationToken.None);
                }
                else
                {
                    await transaction.CommitAsync(CancellationToken.None);
                }
            }
            catch (PostgresException late) when (late.SqlState == PostgresErrorCodes.SerializationFailure)
            {
                // Its number was overtaken: it would have slipped under the readers, and is refused.
            }

            await Task.Delay(random.Next(40), CancellationToken.None);
        }
    }

    private const string Captured = """{"source": "marten"}""";
    private static readonly string Noted = $$"""{"noteId": "{{Guid.Empty}}", "text": "enc:v1:none:none"}""";

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task<IReadOnlyList<string>> Stored()
    {
        await using var command = crm.Engine.Database.CreateCommand($"select id::text from public.mt_events where tenant_id = '{Tenant}' order by seq_id");
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    /// <summary>Another program on the same store.</summary>
    private sealed class Node(CrmServer crm, string key) : IAsyncDisposable
    {
        private Engine? engine;
        private WebApplication? app;

        /// <summary>Of who writes there; another one after each start.</summary>
        public HttpClient? Writer { get; private set; }

        public async Task Start()
        {
            engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
            app = Server.Build(engine);
            await app.StartAsync();
            Writer = Client();
        }

        public async Task Restart()
        {
            await DisposeAsync();
            await Start();
        }

        public HttpClient Client() =>
            new() { BaseAddress = new Uri(app!.Urls.Single() + "/api/v1/"), DefaultRequestHeaders = { Authorization = new("Bearer", key) } };

        public async ValueTask DisposeAsync()
        {
            Writer!.Dispose();
            await app!.StopAsync();
            await app.DisposeAsync();
            await engine!.DisposeAsync();
        }
    }
}
