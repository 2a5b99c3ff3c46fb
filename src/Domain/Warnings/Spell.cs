namespace Crm.Domain.Warnings;

/// <summary>A fact, as it can be looked up.</summary>
/// <param name="RecordId">The opportunity, or a contact of its customer.</param>
public readonly record struct FactPlace(Guid RecordId, Guid EventId, long Position);

/// <summary>A time through which something is so of an opportunity.</summary>
/// <param name="From">From then on.</param>
/// <param name="To">No more then; as late as can be where nothing ends it.</param>
/// <param name="Behind">The facts that make it so.</param>
public sealed record Spell(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<FactPlace> Behind)
{
    public bool Holds(DateTimeOffset at) => From <= at && at < To;
}

/// <summary>Times through which something is so, put together.</summary>
public static class Spells
{
    /// <summary>As one where they overlap or touch, in order, with all facts that are behind either.</summary>
    public static IReadOnlyList<Spell> Joined(IEnumerable<Spell> spells)
    {
        var joined = new List<Spell>();
        foreach (var spell in spells.Where(one => one.From < one.To).OrderBy(one => one.From))
        {
            if (joined.Count > 0 && joined[^1] is var last && spell.From <= last.To)
            {
                joined[^1] = new(last.From, spell.To > last.To ? spell.To : last.To, [.. last.Behind.Union(spell.Behind)]);
            }
            else
            {
                joined.Add(spell);
            }
        }

        return joined;
    }

    /// <summary>Where both are so; the facts behind the first are behind it.</summary>
    public static IReadOnlyList<Spell> Within(this IEnumerable<Spell> spells, IReadOnlyList<Spell> others) =>
    [
        .. spells.SelectMany(_ => others, (one, other) => one with
        {
            From = one.From > other.From ? one.From : other.From,
            To = one.To < other.To ? one.To : other.To
        }).Where(one => one.From < one.To).OrderBy(one => one.From)
    ];
}
