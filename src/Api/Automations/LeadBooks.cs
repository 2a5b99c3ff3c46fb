using System.Collections.Immutable;
using Crm.Domain.Leads;
using Crm.EventModel;

namespace Crm.Api.Automations;

/// <summary>Who has which open leads of a tenant, and when he last got one by which rule, up to a position.</summary>
/// <param name="Owners">By lead.</param>
/// <param name="Open">How many, by rep.</param>
/// <param name="Turns">Positions, by rule and rep.</param>
/// <param name="Position">Up to where it is counted.</param>
public sealed record LeadBooks(
    ImmutableDictionary<Guid, string> Owners, ImmutableDictionary<string, int> Open, ImmutableDictionary<(string Rule, string Rep), long> Turns, long Position)
{
    public static readonly LeadBooks Empty = new(
        ImmutableDictionary<Guid, string>.Empty, ImmutableDictionary<string, int>.Empty, ImmutableDictionary<(string, string), long>.Empty, 0);

    /// <summary>With what a fact changes of it; the same fact again changes nothing.</summary>
    public LeadBooks With(Guid lead, ILeadEvent fact, long position) => fact switch
    {
        LeadAssigned { Ground.Rule: { } rule } x => Owned(lead, x.Rep) with { Turns = Turns.SetItem((rule, x.Rep), position) },
        LeadAssigned x => Owned(lead, x.Rep),
        LeadReturned or LeadQualified or LeadDisqualified or LeadMerged or LeadFlagged => Owned(lead, null),
        _ => this
    };

    /// <summary>The same, for what was recorded after what is counted.</summary>
    public LeadBooks With(Recorded e) => e.Position <= Position || e.Data is not ILeadEvent fact ? this : With(e.StreamId, fact, e.Position) with { Position = e.Position };

    /// <summary>A lead that is open belongs to a rep, or to nobody.</summary>
    public LeadBooks Owned(Guid lead, string? rep)
    {
        var before = Owners.GetValueOrDefault(lead);
        return before == rep ? this : this with
        {
            Owners = rep is null ? Owners.Remove(lead) : Owners.SetItem(lead, rep),
            Open = More(More(Open, before, -1), rep, 1)
        };
    }

    private static ImmutableDictionary<string, int> More(ImmutableDictionary<string, int> open, string? rep, int by) =>
        rep is null ? open : open.SetItem(rep, open.GetValueOrDefault(rep) + by);
}
