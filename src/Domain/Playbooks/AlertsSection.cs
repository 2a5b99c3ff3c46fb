using Crm.Domain.Tasks;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>Of which figures people are told when they are bad. Each is asked once a day.</summary>
/// <param name="At">When, in the tenant's zone, such as <c>08:00</c>.</param>
public sealed record AlertsSection([Items(100)] IReadOnlyList<MetricRuleSection> Rules, [Text(5)] string At = "08:00")
{
    public const string AllPipelines = "*";
}

/// <summary>A figure and when it is bad: it has one of <c>nothingNew</c>, <c>shareAbove</c> and <c>conversionBelow</c>.</summary>
/// <param name="Key">By which alerts name it. Another figure is to have another key.</param>
/// <param name="Severity">How severe it is when it is bad.</param>
/// <param name="Members">Who is told, by id.</param>
/// <param name="Roles">Everybody in these roles is told, too.</param>
public sealed record MetricRuleSection(
    [Text(40)] string Key, [Text(80)] string Name, AlertSeverity Severity = AlertSeverity.Warning, [Items(100)] IReadOnlyList<string>? Members = null,
    [Items(20)] IReadOnlyList<string>? Roles = null, NothingNewSection? NothingNew = null, ShareAboveSection? ShareAbove = null, ConversionBelowSection? ConversionBelow = null);

/// <summary>Bad while no opportunity was won for more than so many times 24 hours.</summary>
/// <param name="Pipeline">Of its opportunities; left out, or <c>*</c>, of all.</param>
/// <param name="Region">Of those of a region, such as a key city; left out, of all.</param>
/// <param name="Team">Of those of a team; left out, of all.</param>
/// <param name="Product">Of those of a product; left out, of all.</param>
public sealed record NothingNewSection(
    [Between(1, 365)] int Days = 14, [Text(80)] string Pipeline = AlertsSection.AllPipelines, [Text(80)] string? Region = null,
    [Text(80)] string? Team = null, [Text(80)] string? Product = null);

/// <summary>
/// Which share: of leads that were qualified or disqualified those that were disqualified; of opportunities that were won or lost those that
/// were lost; of customers who bought for the first time those who bought nothing more.
/// </summary>
public enum WatchedShare { LeadsDisqualified, OpportunitiesLost, NewCustomersGone }

/// <summary>Bad when in each of the last whole months a share was above.</summary>
/// <param name="Percent">More than so many of a hundred; exactly so many is not bad.</param>
/// <param name="Months">In so many months running. One in which nothing came to an end breaks the run.</param>
/// <param name="Pipeline">Of its opportunities; left out, or <c>*</c>, of all. Leads and customers belong to none.</param>
/// <param name="Region">Of those of a region; left out, of all.</param>
/// <param name="Team">Of those of a team; left out, of all.</param>
/// <param name="Product">Of those of a product; left out, of all.</param>
/// <param name="WithinDays">Of new customers: within how many times 24 hours they would have bought again. The months are then the last
/// of which this is over for all.</param>
public sealed record ShareAboveSection(
    WatchedShare Of, [Between(0, 100)] int Percent = 35, [Between(1, 24)] int Months = 3,
    [Text(80)] string Pipeline = AlertsSection.AllPipelines, [Text(80)] string? Region = null,
    [Text(80)] string? Team = null, [Text(80)] string? Product = null, [Between(1, 730)] int WithinDays = 90);

/// <summary>Bad while the conversion of a stage, in this quarter so far, is lower than in the whole of the last one by more than a part of that.</summary>
/// <param name="Stage">Of the pipeline.</param>
/// <param name="Percent">More than so many of a hundred of last quarter's; exactly so many is not bad.</param>
/// <param name="AtLeast">Of how many that left the stage in this quarter it can be told.</param>
public sealed record ConversionBelowSection(
    [Text(80)] string Stage, [Between(1, 100)] int Percent = 30, [Between(1, 100_000)] int AtLeast = 10, [Text(80)] string Pipeline = "standard");
