namespace Crm.Domain.Leads;

// Stored forever as text under these names: add, never rename.

/// <summary>How many people a company employs: fewer than 50, 50 to 199, 200 to 999, 1000 and more.</summary>
public enum SizeBand { Small, Medium, Large, Enterprise }

public static class SizeBands
{
    /// <summary>The band of a number of employees. Bands are half-open: 50 is in the second.</summary>
    public static SizeBand Of(int employees) => employees switch
    {
        < 50 => SizeBand.Small,
        < 200 => SizeBand.Medium,
        < 1000 => SizeBand.Large,
        _ => SizeBand.Enterprise
    };
}
