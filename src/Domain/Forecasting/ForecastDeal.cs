using System.Globalization;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Forecasting;

/// <summary>
/// What a forecast knows of an opportunity at a moment: the engine's own fold of its facts, and the row that is kept of it. Whichever of
/// the two is read, it was made by the same function.
/// </summary>
/// <param name="OpenedAt">Null while there are only facts dated before the opening; such a one counts in nothing.</param>
/// <param name="Status"><c>open</c>, <c>won</c> or <c>lost</c>.</param>
/// <param name="StageSince">When the stage that it is in was entered.</param>
/// <param name="Amount">In units of the currency; what waits for a review counts only once it is granted.</param>
/// <param name="ClosedAt">When it was won or lost; null while it is open.</param>
/// <param name="IsFlagged">A test, or junk; it counts in nothing.</param>
/// <param name="Stays">The stages that it left, in order: days, to four places, a space and the stage.</param>
/// <param name="Moves">The stages that it came to, in order: the moment, a space and the stage.</param>
/// <param name="Amounts">What it was thought to be worth from when on, in order: the moment, a space and the amount.</param>
public sealed record ForecastDeal(
    Guid OpportunityId, DateTimeOffset? OpenedAt, string Status, string? Pipeline, string? Stage, DateTimeOffset? StageSince,
    decimal? Amount, string? Currency, DateOnly? ExpectedClose, Guid? CustomerId, string? Team, string? Rep, string? Region,
    string? Product, DateTimeOffset? ClosedAt, bool IsFlagged, IReadOnlyList<string> Stays, IReadOnlyList<string> Moves,
    IReadOnlyList<string> Amounts)
{
    public const string Open = "open";
    public const string Won = "won";
    public const string Lost = "lost";

    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static ForecastDeal New(Guid id) =>
        new(id, null, Open, null, null, null, null, null, null, null, null, null, null, null, null, IsFlagged: false, [], [], []);

    /// <summary>The deal after a fact; the same where it says nothing that a forecast asks for.</summary>
    public static ForecastDeal? Evolve(Guid id, ForecastDeal? known, object fact, DateTimeOffset at)
    {
        var deal = known ?? New(id);
        return fact switch
        {
            OpportunityOpened e => deal.Opened(e, at),
            OpportunityChanged e => deal with
            {
                CustomerId = Change.Of(e.Cleared, "customerId", e.CustomerId, deal.CustomerId),
                Product = Change.Of(e.Cleared, "product", e.Product, deal.Product)
            },
            OpportunityAssigned e => deal with { Rep = e.Rep ?? deal.Rep, Team = e.Team ?? deal.Team, Region = e.Region ?? deal.Region },
            OpportunityStageEntered e => deal.Entered(e.Stage, at),
            OpportunityAmountChanged e => deal.Worth(e.Amount.Amount, at),
            OpportunityCloseDateChanged e => deal with { ExpectedClose = e.ExpectedClose },
            OpportunityWon e => deal.Worth(e.Amount.Amount, at) with { Status = Won, ClosedAt = at },
            OpportunityLost => deal with { Status = Lost, ClosedAt = at },
            OpportunityReopened e => deal.Resumed(e.Stage ?? deal.Stage, at),
            OpportunityFlagged => deal with { IsFlagged = true },
            OpportunityFlagWithdrawn => deal with { IsFlagged = false },
            _ => known
        };
    }

    /// <summary>Each stay that is over, and where it is closed the last one, too; in days, to four places.</summary>
    public IEnumerable<(string Stage, decimal Days)> StaysWithLast()
    {
        foreach (var stay in Stays)
        {
            var space = stay.IndexOf(' ', StringComparison.Ordinal);
            yield return (stay[(space + 1)..], decimal.Parse(stay[..space], CultureInfo.InvariantCulture));
        }

        if (ClosedAt is { } end && Stage is not null && StageSince is { } since)
            yield return (Stage, Days(since, end));
    }

    /// <summary>From one moment to another in days, to four places, half to even.</summary>
    internal static decimal Days(DateTimeOffset from, DateTimeOffset to) =>
        decimal.Round((decimal)(to - from).Ticks / TimeSpan.TicksPerDay, 4, MidpointRounding.ToEven);

    /// <summary>What moves and amounts tell: the moment and what came with it.</summary>
    internal static (DateTimeOffset At, string What) Read(string entry)
    {
        var space = entry.IndexOf(' ', StringComparison.Ordinal);
        return (DateTimeOffset.ParseExact(entry[..space], Instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), entry[(space + 1)..]);
    }

    // How it was opened is the ground that other facts lie upon, even those dated before it.
    private ForecastDeal Opened(OpportunityOpened e, DateTimeOffset at) => this with
    {
        OpenedAt = at,
        Pipeline = e.Pipeline,
        Stage = Stage ?? e.Stage,
        StageSince = StageSince ?? at,
        Amount = Amount ?? e.Amount.Amount,
        Moves = Moves.Count == 0 && e.Stage is not null ? [Entry(at, e.Stage)] : Moves,
        Amounts = Amounts.Count == 0 ? [Entry(at, Text(e.Amount.Amount))] : Amounts,
        Currency = e.Amount.Currency,
        ExpectedClose = ExpectedClose ?? e.ExpectedClose,
        CustomerId = CustomerId ?? e.CustomerId,
        Team = Team ?? e.Team,
        Rep = Rep ?? e.Rep,
        Region = Region ?? e.Region,
        Product = Product ?? e.Product
    };

    private ForecastDeal Entered(string? stage, DateTimeOffset at) =>
        stage == Stage ? this : Came(stage, at) with { Stays = StaysUntil(at) };

    // The stay before ended when it was closed; a new one begins, be it in the same stage.
    private ForecastDeal Resumed(string? stage, DateTimeOffset at) =>
        Came(stage, at) with { Status = Open, ClosedAt = null, Stays = StaysUntil(ClosedAt ?? at) };

    private ForecastDeal Came(string? stage, DateTimeOffset at) =>
        this with { Stage = stage, StageSince = at, Moves = stage is null ? Moves : [.. Moves, Entry(at, stage)] };

    private ForecastDeal Worth(decimal amount, DateTimeOffset at) =>
        this with { Amount = amount, Amounts = amount == Amount ? Amounts : [.. Amounts, Entry(at, Text(amount))] };

    private static string Entry(DateTimeOffset at, string what) =>
        $"{at.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture)} {what}";

    private static string Text(decimal amount) => amount.ToString("0.############", CultureInfo.InvariantCulture);

    private IReadOnlyList<string> StaysUntil(DateTimeOffset end) => Stage is null || StageSince is not { } since ? Stays
        : [.. Stays, string.Create(CultureInfo.InvariantCulture, $"{Days(since, end):F4} {Stage}")];
}
