namespace Crm.Domain.Opportunities;

/// <summary>
/// How many of the deals that were decided were won, by each way to call one won. All three are of the same deals, those that were signed
/// or
/// lost, so that they can be held beside each other; what is open is none of them, nor is what is flagged as a test or junk.
/// </summary>
/// <param name="Signed">Those that are won.</param>
/// <param name="Paid">Those of them that are paid.</param>
/// <param name="Delivered">Those of them that are delivered.</param>
public sealed record WinRate(long Signed, long Paid, long Delivered, long Lost)
{
    public long Closed => Signed + Lost;

    public long Count(WonState state) => state switch
    {
        WonState.Paid => Paid,
        WonState.Delivered => Delivered,
        _ => Signed
    };

    /// <summary>Those that came so far / (signed + lost), to four places, half to even; null while nothing was decided.</summary>
    public decimal? Of(WonState state) =>
        Closed == 0 ? null : decimal.Round((decimal)Count(state) / Closed, 4, MidpointRounding.ToEven);
}
