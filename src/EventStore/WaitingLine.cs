namespace Crm.EventStore;

/// <summary>Requests on their way to the lane, one queue a tenant, taken in turn so that a busy tenant does not starve a quiet one.</summary>
internal sealed class WaitingLine
{
    /// <summary>Past this many the store says that it is too busy rather than growing without end.</summary>
    public const int Capacity = 20_000;
    private const int MostRequests = 512;
    private const int MostBytes = 1 << 20;
    private const int MostPassedOver = 64;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim arrivals = new(0, 1);
    private readonly Dictionary<string, LinkedList<Waiting>> tenants = [];
    private readonly LinkedList<string> turns = [];
    private int count;

    /// <exception cref="StoreUnavailable">Too many are waiting already.</exception>
    public void Add(Waiting waiting)
    {
        lock (gate)
        {
            if (count >= Capacity)
            {
                throw new StoreUnavailable("Too many writes are waiting.");
            }

            var tenant = waiting.Request.Tenant;
            if (!tenants.TryGetValue(tenant, out var queue))
            {
                tenants.Add(tenant, queue = []);
                turns.AddLast(tenant);
            }

            queue.AddLast(waiting);
            count++;
            if (arrivals.CurrentCount == 0)
            {
                arrivals.Release();
            }
        }
    }

    public async Task<IReadOnlyList<Waiting>> Take(CancellationToken ct)
    {
        while (true)
        {
            if (TakeGroup() is { Count: > 0 } group)
            {
                return group;
            }

            await arrivals.WaitAsync(ct);
        }
    }

    /// <summary>Everything that waits, for the moment the store closes.</summary>
    public IReadOnlyList<Waiting> Drain()
    {
        lock (gate)
        {
            var all = tenants.Values.SelectMany(queue => queue).ToList();
            tenants.Clear();
            turns.Clear();
            count = 0;
            return all;
        }
    }

    // One from each tenant in turn, round after round, until the group is full or nothing more fits. The first turn moves on by one
    // with every group, so that a group too small for all tenants does not always leave out the same ones.
    private List<Waiting> TakeGroup()
    {
        lock (gate)
        {
            var group = new Group();
            var open = new Queue<string>(turns);
            while (open.TryDequeue(out var tenant) && group.Requests.Count < MostRequests)
            {
                if (TakeOne(tenants[tenant], group))
                {
                    open.Enqueue(tenant);
                }
            }

            foreach (var (tenant, _) in tenants.Where(t => t.Value.Count == 0).ToList())
            {
                tenants.Remove(tenant);
                turns.Remove(tenant);
            }

            if (turns.First is { } first)
            {
                turns.RemoveFirst();
                turns.AddLast(first);
            }

            count -= group.Requests.Count;
            return group.Requests;
        }
    }

    // A request that shares a stream, a claim or a key with one already in the group is passed over: it goes in a later group,
    // where it is held against what the first one wrote.
    private static bool TakeOne(LinkedList<Waiting> queue, Group group)
    {
        var passedOver = 0;
        for (var node = queue.First; node is not null && passedOver < MostPassedOver; node = node.Next, passedOver++)
        {
            if (group.TryAdd(node.Value))
            {
                queue.Remove(node);
                return true;
            }
        }

        return false;
    }

    private sealed class Group
    {
        private readonly HashSet<(string, object, object)> subjects = [];
        private int bytes;

        public List<Waiting> Requests { get; } = [];

        public bool TryAdd(Waiting waiting)
        {
            var free = !waiting.Subjects.Any(subjects.Contains);
            // Those passed over count as well, or a later one could overtake them on the stream that they share.
            subjects.UnionWith(waiting.Subjects);
            if (!free || (Requests.Count > 0 && bytes + waiting.Bytes > MostBytes))
            {
                return false;
            }

            Requests.Add(waiting);
            bytes += waiting.Bytes;
            return true;
        }
    }
}
