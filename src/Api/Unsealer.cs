using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Domain;
using Crm.EventModel;
using Crm.EventStore.Sealing;

namespace Crm.Api;

/// <summary>Opens what is sealed, for those who may see it.</summary>
public sealed class Unsealer(Sealer sealer)
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<PropertyInfo>> Personals = new();

    /// <summary>Gets the keys of many texts at once, which are then opened one by one.</summary>
    public Task Fetch(string tenant, IEnumerable<string> texts, CancellationToken ct) => sealer.Fetch(tenant, texts, ct);

    public async Task<string?> Open(string tenant, string? text, CancellationToken ct) => text is null ? null : await sealer.Open(tenant, text, ct);

    /// <summary>What an event holds, as an answer spells it; null for one that nobody knows.</summary>
    public async Task<JsonObject?> Open(string tenant, object data, CancellationToken ct)
    {
        if (data is UnknownEvent)
        {
            return null;
        }

        var node = JsonSerializer.SerializeToNode(data, data.GetType(), AnswerJson.Options)!.AsObject();
        foreach (var property in Personals.GetOrAdd(data.GetType(), type => [.. type.GetProperties().Where(p => p.PropertyType == typeof(Personal))]))
        {
            node[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] = await Open(tenant, ((Personal?)property.GetValue(data))?.Sealed, ct);
        }

        return node;
    }
}
