using System.Net.Http.Json;
using System.Text.Json;

namespace Crm.Faults.Tests;

/// <summary>A write as a client keeps it until it is answered, and after.</summary>
internal sealed record Request(string Key, string Kind, string Path, object Body)
{
    public int Status { get; set; }

    public string Answer { get; set; } = "";

    /// <summary>Sent before without an answer: it may have been carried out, or not.</summary>
    public bool Repeated { get; set; }

    /// <summary>It had been carried out before the answer came.</summary>
    public bool Replayed { get; set; }

    public Guid Id => Field("id").GetGuid();

    public long Version => Field("version").GetInt64();

    public long Position => Field("position").GetInt64();

    public HttpRequestMessage Message(int port) => new(HttpMethod.Post, $"http://127.0.0.1:{port}/api/v1/{Path}")
    {
        Content = JsonContent.Create(Body),
        Headers = { { "Idempotency-Key", Key } }
    };

    private JsonElement Field(string name) => JsonDocument.Parse(Answer).RootElement.GetProperty(name);
}

/// <summary>What a client saw of a lead of which it knew so many touches to be acknowledged.</summary>
internal sealed record Reading(Guid Lead, long Touches, long Acknowledged);
