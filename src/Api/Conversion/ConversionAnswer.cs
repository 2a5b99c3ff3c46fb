using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain.Opportunities;

namespace Crm.Api.Conversion;

public enum ConversionMode { Cohort, Flow }

/// <param name="Mode"><c>cohort</c>: what became of those who came in from <c>from</c> to <c>to</c>; <c>flow</c>: what moved in that time, whenever it came in.</param>
/// <param name="From">At this moment or later; left out, from the beginning.</param>
/// <param name="To">Before this moment; left out, to the end.</param>
/// <param name="By">Group by these, comma-separated: team, rep, region, product.</param>
/// <param name="Win">What counts as won in <c>won</c>, <c>winRate</c> and <c>leadsWon</c>: <c>signed</c>, or what is <c>paid</c> or
/// <c>delivered</c>, too.</param>
public sealed record ConversionQuestion(
    Times Times, ConversionMode Mode = ConversionMode.Cohort, string Pipeline = "standard", Moment? From = null, Moment? To = null, string? By = null,
    string? Team = null, string? Rep = null, string? Region = null, string? Product = null,
    WonState Win = WonState.Signed) : IChecked
{
    public static readonly IReadOnlyList<string> Dimensions = ["team", "rep", "region", "product"];

    public IReadOnlyList<string> Groups => By?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    public IReadOnlyList<(string Column, string? Value)> Filters => [("team", Team), ("rep", Rep), ("region", Region), ("product", Product)];

    public IEnumerable<(string Member, string Code, string Message)> Check() => Grouping.Faults(Groups, Dimensions);
}

/// <param name="ReadModelVersions">Of the models that were read. The same moments, position and versions give the same answer for ever.</param>
/// <param name="Stages">In the order of the pipeline as it was defined then.</param>
public sealed record ConversionAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, IReadOnlyDictionary<string, int> ReadModelVersions, ConversionMode Mode, string Pipeline, DateTimeOffset? From, DateTimeOffset? To,
    Step Leads, Share LeadsWon, Step Opportunities, IReadOnlyList<Step> Stages, IReadOnlyList<ConversionGroup> Groups);

/// <param name="By">The values of the dimensions asked for.</param>
public sealed record ConversionGroup(
    IReadOnlyDictionary<string, string?> By, Step Leads, Share LeadsWon, Step Opportunities, IReadOnlyList<Step> Stages);

/// <summary>
/// How many entered and what became of them. By cohort, entered = converted + back + lost + open, after the last time that each was there; by
/// flow, each entry and each leaving counts where it falls into the time asked for.
/// </summary>
/// <param name="Name"><c>leads</c>, <c>opportunities</c>, or a stage.</param>
/// <param name="Converted">Leads that were qualified; opportunities that were won; of a stage, those that went on to a later one or were won.</param>
/// <param name="Back">Those that went back to an earlier stage.</param>
/// <param name="Open">Those that are still there.</param>
/// <param name="Rate">By cohort converted / entered, by flow converted / (converted + back + lost); four places, null where nothing is to be divided.</param>
/// <param name="Won">By cohort, those of them that were won in the end, as <c>win</c> calls it; null by flow.</param>
/// <param name="WinRate">Won / entered.</param>
/// <param name="Stay">How long those who left had been there; of leads and opportunities, how long those took that were converted.</param>
/// <param name="Losses">Why they were lost, most frequent first.</param>
public sealed record Step(
    string Name, long Entered, long Converted, long Back, long Lost, long Open, double? Rate, long? Won, double? WinRate, Stay? Stay, IReadOnlyList<Loss> Losses);

/// <summary>In days, to four places. The quantiles are interpolated between neighbours (PostgreSQL's <c>percentile_cont</c>).</summary>
public sealed record Stay(double Mean, double Median, double P90);

public sealed record Loss(string Reason, long Count);

/// <param name="Rate">Count / of, to four places; null where nothing is to be divided.</param>
public sealed record Share(long Count, long Of, double? Rate)
{
    public static Share Part(long count, long of) =>
        new(count, of, of == 0 ? null : (double)decimal.Round((decimal)count / of, 4, MidpointRounding.ToEven));
}
