using Crm.Domain;

namespace Crm.Api.Ops.Demo;

/// <summary>What all stories share: the tenant, the calendar, the people.</summary>
internal sealed record SampleCast(string Tenant, SampleCalendar Calendar, SalesForce Sales)
{
    public Guid Id(string kind, object number) => StreamId.From(Tenant, kind, FormattableString.Invariant($"sample:{number}"));

    /// <summary>When something is typed in: at once, or in so many cases some days later. Nobody is late for what lies at the very end.</summary>
    public DateTimeOffset Late(DateTimeOffset at, double share, int mostDays, Random random)
    {
        var late = SampleCalendar.After(at, 0.7 + (random.NextDouble() * mostDays), random);
        return random.NextDouble() < share && late < Calendar.Until ? late : at;
    }
}

internal sealed record SampleCompanyName(int Number, string Name, string Industry);

internal sealed record SampleProduct(string Name, decimal Price);

/// <summary>Somebody who wrote, called or came to the stand.</summary>
/// <param name="RecordedAt">A lead of a trade fair is typed in when the rep is back.</param>
/// <param name="Promise">Who has most of it is qualified.</param>
/// <param name="RipeAt">When it would be qualified.</param>
internal sealed record SampleLead(
    int Number, DateTimeOffset CapturedAt, DateTimeOffset RecordedAt, string Source, Rep Rep, string Region, SampleCompanyName Company,
    SampleProduct Product, double Promise, DateTimeOffset RipeAt);

/// <summary>Something we may sell, as it begins.</summary>
/// <param name="Amount">What it is worth.</param>
/// <param name="Recorded">What was typed in, which is sometimes something else.</param>
internal sealed record SampleDeal(
    Guid Id, int Number, string Name, DateTimeOffset OpenedAt, Rep Rep, Guid Customer, SampleProduct Product, Money Amount, Money Recorded,
    DateOnly ExpectedClose)
{
    /// <summary>It makes the customer: no lead of that company was qualified before.</summary>
    public bool IsFirst { get; init; }
}
