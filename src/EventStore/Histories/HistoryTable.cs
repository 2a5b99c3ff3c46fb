namespace Crm.EventStore.Histories;

/// <summary>
/// A table that belongs to the history of a store: what cannot be made anew from others. Read models and how far they are can be; what is due to be sent
/// to receivers outside is no history.
/// </summary>
/// <param name="Name">As files are called.</param>
/// <param name="Table">Where it is taken from, and put.</param>
/// <param name="Role">Who sees rows of all tenants.</param>
/// <param name="Order">In which order its rows are written.</param>
/// <param name="Upto">What is kept of it up to a position, <c>$2</c>.</param>
/// <param name="OfTenant">What is kept of it for one tenant, <c>$1</c>.</param>
/// <param name="IsSecret">Its rows are keys, each wrapped by the master key.</param>
/// <param name="HasTenants">Whether each row is a tenant's.</param>
internal sealed record HistoryTable(
    string Name, string Table, string Role, string Order, string Upto = "$2 is not null", string OfTenant = "t.tenant_id = $1", bool IsSecret = false, bool HasTenants = true)
{
    public static readonly HistoryTable Streams = new("streams", "public.mt_streams", Append, "tenant_id, id");

    public static readonly HistoryTable Events = new("events", "public.mt_events", Append, "seq_id", "t.seq_id <= $2");

    public static readonly HistoryTable Contents = new("contents", "crm.content", Work, "tenant_id, sha256", IsSecret: true);

    /// <summary>In the order in which they are put in.</summary>
    public static readonly IReadOnlyList<HistoryTable> All =
    [
        Streams, Events,
        new("claims", "crm.claim", Append, "tenant_id, kind, key",
            "exists (select from public.mt_events e where e.tenant_id = t.tenant_id and e.stream_id = t.stream_id and e.seq_id <= $2)"),
        new("idempotency", "crm.idempotency", Append, "tenant_id, scope, key, day", "t.position <= $2"),
        new("person_keys", "crm.person_key", Append, "tenant_id, key_id", IsSecret: true),
        new("skips", "crm.read_model_skip", "crm_follow", "name, position", "t.position <= $2",
            "exists (select from public.mt_events e where e.seq_id = t.position and e.tenant_id = $1)", HasTenants: false),
        new("imports", "crm.import", Work, "tenant_id, import_id", "t.began_at <= $2"),
        new("import_rows", "crm.import_row", Work, "tenant_id, import_id, kind, line",
            "exists (select from crm.import i where i.tenant_id = t.tenant_id and i.import_id = t.import_id and i.began_at <= $2)"),
        Contents,
        new("webhooks", "crm.webhook", Send, "tenant_id, webhook_id",
            "exists (select from public.mt_events e where e.tenant_id = t.tenant_id and e.stream_id = t.webhook_id and e.seq_id <= $2)"),
        new("webhook_secrets", "crm.webhook_secret", Send, "tenant_id, secret_id", IsSecret: true),
        new("channel_secrets", "crm.channel_secret", Send, "tenant_id, secret_id", IsSecret: true)
    ];

    private const string Append = "crm_append";
    private const string Send = "crm_send";
    private const string Work = "crm_work";

    /// <summary>Its rows as JSON, each with its tenant and, where it is an event, its type.</summary>
    /// <param name="isHead">Everything there is, so that rows need not be set back.</param>
    public string Rows(bool isHead)
    {
        var from = this == Streams && !isHead ? StreamsThen : Table;
        var (tenant, type) = (HasTenants ? "t.tenant_id" : "null", this == Events ? "t.type" : "null");
        return $"""
            select row_to_json(t)::text, {tenant}::text, {type}::text from {from} t
            where ($1::text is null or {OfTenant}) and {Upto} order by {string.Join(", ", Order.Split(", ").Select(column => $"t.{column}"))}
            """;
    }

    // As they were at a position.
    private const string StreamsThen = """
        (select s.tenant_id, s.id, s.type, e.version, e.timestamp, s.created, s.is_archived
         from public.mt_streams s cross join lateral (
             select x.version, x.timestamp from public.mt_events x
             where x.tenant_id = s.tenant_id and x.stream_id = s.id and x.seq_id <= $2 order by x.version desc limit 1) e)
        """;
}
