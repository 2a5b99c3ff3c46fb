using System.Collections.Immutable;
using Crm.Domain.CustomFields;

namespace Crm.Domain.Leads;

/// <summary>
/// What is known of a lead: its own details, and those that the leads which are part of it lend it where it has none. Whatever is lent goes
/// when the lender goes.
/// </summary>
/// <param name="Lenders">In the order in which they came.</param>
public sealed record LeadDetails(LeadCaptured Own, ImmutableList<LeadAbsorbed> Lenders)
{
    private static readonly (string Name, Func<LeadCaptured, object?> Of)[] Lendable =
    [
        ("company", d => d.Company), ("contact", d => d.Contact), ("email", d => d.Email), ("phone", d => d.Phone), ("role", d => d.Role), ("region", d => d.Region),
        ("industry", d => d.Industry), ("employees", d => d.Employees), ("sizeBand", d => d.SizeBand), ("product", d => d.Product)
    ];

    private static readonly LeadCaptured Nothing = new("");

    public static readonly LeadDetails None = new(Nothing, []);

    // A lead that is captured ten thousand times over must not carry ten thousand lenders of the same.
    private const int MostLenders = 5;

    /// <summary>Its own, and for what it has not the first that is lent.</summary>
    public LeadCaptured Shown
    {
        get
        {
            var lent = Enumerable.Reverse(Lenders).Aggregate(Nothing, (known, lender) => lender.Lends().Over(known));
            return Lenders.IsEmpty ? Own : Own.AsChange().Over(lent with { Source = Own.Source, Message = Own.Message });
        }
    }

    /// <summary>Members that it knows from its parts only, in camelCase.</summary>
    public IReadOnlyList<string> Borrowed =>
        Shown is var shown && Lenders.IsEmpty ? [] :
        [
            .. Lendable.Where(member => member.Of(Own) is null && member.Of(shown) is not null).Select(member => member.Name),
            .. (shown.Custom?.ByKey.Keys ?? []).Where(key => Own.Custom?[key] is null).Select(key => CustomValues.Prefix + key)
        ];

    public LeadDetails Captured(LeadCaptured e) => this with { Own = e };

    /// <summary>What is cleared is not known any more, whoever knew it.</summary>
    public LeadDetails Changed(LeadChanged e)
    {
        return new(e.Over(Own), e.Cleared is { Count: > 0 } ? [.. Lenders.Select(Without)] : Lenders);

        LeadAbsorbed Without(LeadAbsorbed lender) => lender.Lending(new LeadChanged(Cleared: e.Cleared).Over(lender.Lends().Over(Nothing)));
    }

    public LeadDetails Absorbed(LeadAbsorbed e) =>
        Lenders.Count < MostLenders && Lenders.All(lender => lender.LeadId != e.LeadId) ? this with { Lenders = Lenders.Add(e) } : this;

    public LeadDetails Released(IReadOnlyList<Guid> leads) => this with { Lenders = Lenders.RemoveAll(lender => leads.Contains(lender.LeadId)) };
}
