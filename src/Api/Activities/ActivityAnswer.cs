namespace Crm.Api.Activities;

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="Groups">Those in which anything was done.</param>
public sealed record ActivityAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, int ReadModelVersion, DateTimeOffset? From, DateTimeOffset? To, ActivityFigures Total,
    IReadOnlyList<ActivityGroup> Groups);

/// <param name="By">The values of the dimensions asked for. A day is its date, a week that of its Monday, a month <c>2026-03</c>.</param>
public sealed record ActivityGroup(IReadOnlyDictionary<string, string?> By, ActivityFigures Figures);

/// <param name="Touches">Follow-ups: somebody of ours went to them, or they talked.</param>
/// <param name="Kinds">The same by kind; kinds of which there were none are left out.</param>
/// <param name="Inbound">Touches that are none of ours: mails that came in, pages that were read.</param>
/// <param name="CallMinutes">How long all calls took whose length is known, to two places.</param>
/// <param name="Records">How many leads and opportunities were followed up at least once.</param>
/// <param name="LeadsTaken">How often somebody got a lead that he did not have.</param>
/// <param name="FirstResponses">Of leads that came with a time to respond by.</param>
public sealed record ActivityFigures(
    long Touches, IReadOnlyDictionary<string, long> Kinds, long Inbound, double CallMinutes, long Records, long LeadsTaken, FirstResponses FirstResponses)
{
    public decimal Of(ActivityMeasure measure) => measure switch
    {
        ActivityMeasure.Calls => Kinds.GetValueOrDefault("call"),
        ActivityMeasure.Visits => Kinds.GetValueOrDefault("visit"),
        ActivityMeasure.Mails => Kinds.GetValueOrDefault("mail"),
        ActivityMeasure.Messages => Kinds.GetValueOrDefault("message"),
        ActivityMeasure.Meetings => Kinds.GetValueOrDefault("meeting"),
        ActivityMeasure.Inbound => Inbound,
        ActivityMeasure.CallMinutes => (decimal)CallMinutes,
        ActivityMeasure.Records => Records,
        ActivityMeasure.LeadsTaken => LeadsTaken,
        ActivityMeasure.InTime => FirstResponses.InTime,
        ActivityMeasure.Missed => FirstResponses.Missed,
        _ => Touches
    };
}

/// <param name="InTime">Given before they were due.</param>
/// <param name="Missed">Not given by then.</param>
/// <param name="Rate">In time / (in time + missed), to four places; null where there were none.</param>
public sealed record FirstResponses(long InTime, long Missed, double? Rate);
