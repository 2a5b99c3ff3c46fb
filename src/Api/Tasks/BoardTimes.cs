using Crm.Api.Http;
using NodaTime;

namespace Crm.Api.Tasks;

/// <summary>The day and the week of a moment as a place has them, and since when what was done is counted.</summary>
internal sealed record BoardTimes(SpanAnswer Today, SpanAnswer ThisWeek, DateTimeOffset DoneSince)
{
    // At the ends of the calendar there is no week before, or after.
    private static readonly DateTimeOffset First = DateTimeOffset.MinValue.AddDays(9), Last = DateTimeOffset.MaxValue.AddDays(-9);

    public static BoardTimes Of(DateTimeOffset moment, DateTimeZone zone)
    {
        var at = moment < First ? First : moment > Last ? Last : moment;
        var day = Instant.FromDateTimeOffset(at).InZone(zone).Date;
        return new(Span(day, 1), Span(day.PlusDays(1 - (int)day.DayOfWeek), 7), at.AddDays(-7));

        SpanAnswer Span(LocalDate from, int days) => new(Begin(from), Begin(from.PlusDays(days)));

        DateTimeOffset Begin(LocalDate date) => Moment.OfDay(date.ToDateOnly()).In(zone);
    }
}
