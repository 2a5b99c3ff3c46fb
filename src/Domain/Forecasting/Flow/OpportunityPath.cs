namespace Crm.Domain.Forecasting.Flow;

/// <summary>What became of one opportunity, day by day. Days are business days of the zone that the forecast is made for.</summary>
/// <param name="Stages">Which stage it came into and when, the earliest first. Before the first of them it counts as in that one.</param>
/// <param name="Amounts">What it was thought to be worth from which day on, the earliest first; none where nobody has said.</param>
/// <param name="Closing">Null while it is open.</param>
public sealed record OpportunityPath(
    Guid Id,
    DateOnly Entered,
    IReadOnlyList<StageEntry> Stages,
    IReadOnlyList<AmountEntry> Amounts,
    PathClosing? Closing = null)
{
    internal string Stage => Stages.Count > 0 ? Stages[^1].Stage : "";

    internal double? Amount => Amounts.Count > 0 ? (double)Amounts[^1].Amount : null;
}

public sealed record StageEntry(DateOnly Day, string Stage);

public sealed record AmountEntry(DateOnly Day, decimal Amount);

/// <param name="Value">What was won; nothing where it was lost.</param>
public sealed record PathClosing(DateOnly Day, bool IsWon, decimal Value);
