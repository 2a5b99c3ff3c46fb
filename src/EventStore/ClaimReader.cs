using System.Collections.Concurrent;
using Found = System.Collections.Generic.IReadOnlyDictionary<(string Kind, string Key), System.Guid>;

namespace Crm.EventStore;

/// <summary>Looks up who holds claims. While one statement is under way those who ask gather, and the next asks for all of them.</summary>
internal sealed class ClaimReader(TenantReader reader)
{
    // Key by key: a join could be turned round, and go through all claims of the tenant for a handful of keys.
    internal const string Sql = """
        select w.kind, w.key, c.stream_id
        from unnest($2::text[], $3::text[]) as w (kind, key)
        cross join lateral (select x.stream_id from crm.claim x where x.tenant_id = $1 and x.kind = w.kind and x.key = w.key limit 1) c
        """;

    private const int MostAtOnce = 200;

    private readonly ConcurrentDictionary<string, Line> lines = new(StringComparer.Ordinal);

    public async Task<Found> Of(string tenant, IReadOnlyCollection<(string Kind, string Key)> claims, CancellationToken ct)
    {
        var question = new Question(claims);
        var line = lines.GetOrAdd(tenant, _ => new Line());
        bool goes;
        lock (line)
        {
            line.Waiting.Enqueue(question);
            goes = !line.IsBusy;
            line.IsBusy = true;
        }

        if (goes)
        {
            // For all who wait, and not held up by whoever gives up waiting.
            _ = Task.Run(() => Work(tenant, line), CancellationToken.None);
        }

        return await question.Answer.Task.WaitAsync(ct);
    }

    private async Task Work(string tenant, Line line)
    {
        while (Next(line) is { Count: > 0 } questions)
        {
            try
            {
                var found = await Read(tenant, [.. questions.SelectMany(question => question.Claims).Distinct()]);
                questions.ForEach(question => question.Answer.TrySetResult(question.Of(found)));
            }
            catch (Exception error)
            {
                questions.ForEach(question => question.Answer.TrySetException(error));
            }
        }
    }

    private static List<Question> Next(Line line)
    {
        lock (line)
        {
            var next = new List<Question>();
            while (next.Count < MostAtOnce && line.Waiting.TryDequeue(out var question))
            {
                next.Add(question);
            }

            line.IsBusy = next.Count > 0;
            return next;
        }
    }

    private Task<Found> Read(string tenant, IReadOnlyCollection<(string Kind, string Key)> claims) => reader.ReadByKeys(
        tenant, Sql, [tenant, claims.Select(claim => claim.Kind).ToArray(), claims.Select(claim => claim.Key).ToArray()], async row =>
        {
            var holders = new Dictionary<(string, string), Guid>();
            while (await row.ReadAsync())
            {
                holders[(row.GetString(0), row.GetString(1))] = row.GetGuid(2);
            }

            return (Found)holders;
        }, CancellationToken.None);

    private sealed class Line
    {
        public Queue<Question> Waiting { get; } = [];

        public bool IsBusy { get; set; }
    }

    private sealed record Question(IReadOnlyCollection<(string Kind, string Key)> Claims)
    {
        public TaskCompletionSource<Found> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>What it asked for, of what was found for all.</summary>
        public Found Of(Found found) => Claims.Where(found.ContainsKey).Distinct().ToDictionary(claim => claim, claim => found[claim]);
    }
}
