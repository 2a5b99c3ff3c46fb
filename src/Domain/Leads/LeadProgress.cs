using System.Collections.Immutable;
using Crm.Domain.Activities;

namespace Crm.Domain.Leads;

/// <summary>
/// When something last came of a lead: what silent leads are told by. A follow-up counts, that it was taken up again, and that it rose by a level; that it went from
/// rep to rep does not, nor what they read by themselves.
/// </summary>
/// <param name="Touches">Of the lead itself, under the empty id, and of each part that has brought any.</param>
/// <param name="CameOnAt">When it was last taken up again, or rose by a level.</param>
public sealed record LeadProgress(ImmutableSortedDictionary<Guid, TouchSpan> Touches, DateTimeOffset? CameOnAt = null)
{
    public static readonly LeadProgress None = new(ImmutableSortedDictionary<Guid, TouchSpan>.Empty);

    /// <summary>The last follow-up, or the first touch where nobody followed up; later where it was revived or rose by a level later. Null for a lead that nobody has touched.</summary>
    public DateTimeOffset? LastAt =>
        Touches.Count == 0 ? null : (Touches.Values.Max(span => span.FollowedUpAt) ?? Touches.Values.Min(span => span.FirstAt)) is var last && CameOnAt > last ? CameOnAt : last;

    /// <param name="at">When it happened.</param>
    public static LeadProgress Evolve(LeadProgress state, ILeadEvent @event, DateTimeOffset at) => @event switch
    {
        LeadTouched e => state.Touched(e.Via ?? Guid.Empty, at, Touch.IsFollowUp(e.Kind, e.Direction)),

        // Of what a part was touched with only the last is known: it counts as a follow-up. Captures alone are no touches.
        LeadAbsorbed e when e.Touches > e.Captures => state.Touched(e.LeadId, e.LastTouchAt ?? at, isFollowUp: true),
        LeadReleased e => state with { Touches = state.Touches.RemoveRange(e.LeadIds) },
        LeadRevived or LeadLevelReached => state with { CameOnAt = state.CameOnAt > at ? state.CameOnAt : at },
        _ => state
    };

    private LeadProgress Touched(Guid by, DateTimeOffset at, bool isFollowUp)
    {
        var known = Touches.GetValueOrDefault(by, new TouchSpan(at, null));
        return this with
        {
            Touches = Touches.SetItem(by, new(
                known.FirstAt < at ? known.FirstAt : at, !isFollowUp || known.FollowedUpAt > at ? known.FollowedUpAt : at))
        };
    }
}

/// <param name="FirstAt">The first touch.</param>
/// <param name="FollowedUpAt">The last follow-up; null where there was none.</param>
public readonly record struct TouchSpan(DateTimeOffset FirstAt, DateTimeOffset? FollowedUpAt);
