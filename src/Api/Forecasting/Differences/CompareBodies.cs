using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Forecasting;
using Crm.EventModel;

namespace Crm.Api.Forecasting;

/// <summary>Two forecasts that are compared.</summary>
/// <param name="A">The one.</param>
/// <param name="B">The other: a difference is what it has more.</param>
/// <param name="Cause">Left out, all causes, each with its first page; of one, its cursor goes on.</param>
public sealed record CompareQuestion(Page Page, Guid A, Guid B, ForecastCause? Cause = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (Page.Cursor is not null && Cause is null)
            yield return ("cursor", Code.NotTogether, "Say of which cause this is the next page.");
    }
}

/// <param name="ValueA">The total of the one.</param>
/// <param name="Difference">What the other has more: the causes come to it, to the cent.</param>
/// <param name="Causes">In the order in which they are looked at; those that make no difference are left out.</param>
/// <param name="Decided">From whom the later forecast learned, and the earlier did not.</param>
/// <param name="ThereAndBack">What was otherwise between the two and came back.</param>
public sealed record ForecastCompareAnswer(
    Guid A, Guid B, Money ValueA, Money ValueB, Money Difference, IReadOnlyList<ForecastCauseAnswer> Causes, DecidedAnswer Decided,
    ThereAndBackPage ThereAndBack);

/// <param name="Cause">Such as <c>late</c>, <c>stage</c> or <c>model</c>.</param>
/// <param name="Value">What it adds.</param>
/// <param name="Total">How many opportunities have a share.</param>
/// <param name="Items">Those with the largest shares first, up or down.</param>
/// <param name="NextCursor">Goes on with this cause; null at its end.</param>
public sealed record ForecastCauseAnswer(string Cause, string Value, int Total, IReadOnlyList<DealShareAnswer> Items, string? NextCursor);

/// <param name="Events">By which it has its share; none where it lies in the forecasts and not in the opportunity.</param>
public sealed record DealShareAnswer(Guid OpportunityId, string Value, IReadOnlyList<GroundAnswer> Events);

/// <summary>An event that makes a difference.</summary>
/// <param name="Type">Its stored name.</param>
/// <param name="Position">Its place in the log.</param>
public sealed record GroundAnswer(Guid EventId, string Type, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, long Position)
{
    internal static GroundAnswer Of(Recorded e) => new(e.EventId, e.TypeName, e.OccurredAt, e.RecordedAt, e.Position);
}

/// <param name="Total">How many were decided, or turned out to be otherwise decided.</param>
/// <param name="Items">Some of them, with the events.</param>
public sealed record DecidedAnswer(int Total, IReadOnlyList<DecidedDealAnswer> Items);

public sealed record DecidedDealAnswer(Guid OpportunityId, IReadOnlyList<GroundAnswer> Events);

/// <param name="Total">How many opportunities.</param>
/// <param name="IsWhole">False where there was too much between the two to look at all of it.</param>
/// <param name="Items">Some of them, in the order of ids.</param>
public sealed record ThereAndBackPage(int Total, bool IsWhole, IReadOnlyList<ThereAndBackAnswer> Items);

/// <param name="What">What came back: members, named as the causes are; <c>opened</c> of one that was open only meanwhile, or only meanwhile not.</param>
/// <param name="Events">By which it went and came back.</param>
public sealed record ThereAndBackAnswer(Guid OpportunityId, IReadOnlyList<string> What, IReadOnlyList<GroundAnswer> Events);
