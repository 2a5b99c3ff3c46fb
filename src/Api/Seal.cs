using Crm.Domain;
using Crm.EventStore;
using Crm.EventStore.Sealing;

namespace Crm.Api;

/// <summary>Seals what a request tells about one person, under a key that is made when there is none and stored with what it seals.</summary>
public sealed class Seal(Sealer sealer, string tenant, Guid person, bool isNew, CancellationToken ct)
{
    private readonly List<PersonKey> made = [];
    private Guid? key;

    /// <summary>Keys to be stored together with the sealed texts.</summary>
    public IReadOnlyList<PersonKey> Made => made;

    public async Task<Personal> Required(string text) => new(await sealer.Seal(tenant, key ??= await Key(), text, ct));

    public async Task<Personal?> Of(string? text) => text is null ? null : await Required(text);

    /// <summary>What is known already where the text says the same, or where the person was forgotten meanwhile; otherwise the text, sealed.</summary>
    public async Task<Personal?> Again(Personal? known, string? text) =>
        known is not null && (await sealer.Open(tenant, known.Sealed, ct) is not { } open || open == text) ? known : await Of(text);

    /// <summary>Whether that is what was sealed.</summary>
    public async Task<bool> Says(Personal known, string text) => await sealer.Open(tenant, known.Sealed, ct) == text;

    /// <summary>Whether what was sealed of the person cannot be opened any more.</summary>
    public async Task<bool> IsForgotten(Personal known) => await sealer.Open(tenant, known.Sealed, ct) is null;

    private async Task<Guid> Key()
    {
        if (!isNew && await sealer.KeyOf(tenant, person, ct) is { } known)
        {
            return known;
        }

        made.Add(sealer.NewKey(tenant, person));
        return made[^1].KeyId;
    }
}
