namespace Crm.Api.Ops.Demo;

/// <summary>How large the sample company is. Tests play a small one.</summary>
/// <param name="Days">How long its story is, up to the end of the last full day.</param>
public sealed record SampleSize(int Leads, int Opportunities, int Days = 730)
{
    public static readonly SampleSize Full = new(Leads: 20_000, Opportunities: 5_000);
}
