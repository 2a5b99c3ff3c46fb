using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Opportunities;

namespace Crm.Api.Ops.Demo;

/// <summary>An opportunity from its opening on: stage by stage to the signature, or to the reason why not.</summary>
internal sealed class DealStory
{
    private static readonly (string Stage, double Days, double Lost)[] Road =
        [("Prospecting", 10, 0.17), ("Engaging", 17, 0.19), ("Proposal", 21, 0.21), ("Negotiation", 13, 0.16)];

    private readonly SampleStory<Opportunity, IOpportunityCommand, IOpportunityEvent> story;
    private readonly SampleCast cast;
    private readonly SampleDeal deal;
    private readonly Random random;
    private readonly List<(DateTimeOffset RecordedAt, bool Open)> turns = [];
    private DateTimeOffset now;
    private decimal amount;
    private DateOnly expected;

    private DealStory(SampleCast cast, SampleDeal deal, Random random)
    {
        (this.cast, this.deal, this.random) = (cast, deal, random);
        (now, amount, expected) = (deal.OpenedAt, deal.Amount.Amount, deal.ExpectedClose);
        story = new(OpportunityDecider.Instance, deal.Id);
        turns.Add((deal.OpenedAt, true));
    }

    /// <param name="type">Of one that is opened here; null for one that a lead has led to.</param>
    public static IReadOnlyList<SampleStep> Tell(SampleCast cast, SampleDeal deal, OpportunityType? type, Random random)
    {
        var told = new DealStory(cast, deal, random);
        if (type is { } kind)
        {
            told.Open(kind);
        }

        told.PutRightTheOpening();
        told.GoOn(from: 0, luck: 1);
        told.MoveWithTheTeam();
        return told.story.Steps;
    }

    private void Open(OpportunityType type)
    {
        var (team, region) = cast.Sales.PlaceOf(deal.Rep, deal.OpenedAt);
        story.Begin(deal.OpenedAt, deal.OpenedAt, page => Task.FromResult<IOpportunityCommand>(new OpenOpportunity(
            deal.Name, type, deal.Recorded, "standard", page.Playbook, Source: "customer", CustomerId: deal.Customer, Rep: deal.Rep.Id, Team: team,
            Region: region, Product: deal.Product.Name, ExpectedClose: deal.ExpectedClose)));
    }

    private void PutRightTheOpening()
    {
        if (deal.Recorded != deal.Amount)
        {
            var noticed = SampleCalendar.After(deal.OpenedAt, 12 + random.Next(70), random);
            story.Correct<OpportunityOpened>(noticed, (page, e, fact) =>
                new CorrectOpportunity(e.EventId, fact, page.Playbook, "The amount was typed in wrongly", Amount: deal.Amount));
        }
    }

    private void GoOn(int from, double luck)
    {
        for (var i = from; i < Road.Length; i++)
        {
            var (stage, days, lost) = Road[i];
            var leave = SampleCalendar.After(now, days * Stay() / deal.Rep.Skill, random);
            Meet(now, leave);
            if (stage == "Proposal" && random.NextDouble() < 0.4)
            {
                Haggle(now + ((leave - now) * 0.8));
            }

            if (random.NextDouble() < lost * luck / deal.Rep.Skill)
            {
                Lose(leave);
                return;
            }

            if (i == Road.Length - 1)
            {
                Win(leave);
                return;
            }

            Enter(Road[i + 1].Stage, leave);
        }
    }

    // Most stay about as long as usual, some very long.
    private double Stay() => 0.25 + (0.65 * -Math.Log(1 - random.NextDouble()));

    private void Enter(string stage, DateTimeOffset at)
    {
        now = cast.Late(at, 0.08, 4, random);
        story.Say(now, at, page => new EnterOpportunityStage(stage, page.Playbook));
        var close = DateOnly.FromDateTime(now.Date).AddDays(stage == "Negotiation" ? 20 : 40);
        if (close > expected)
        {
            expected = close.AddDays(random.Next(0, 15));
            var said = expected;
            now = now.AddSeconds(random.Next(20, 200));
            story.Say(now, _ => new ChangeOpportunityCloseDate(said));
        }
    }

    private void Meet(DateTimeOffset from, DateTimeOffset until)
    {
        if (random.NextDouble() < 0.55)
        {
            var at = from + ((until - from) * (0.1 + (0.8 * random.NextDouble())));
            var ((kind, channel), outcome) = (SampleNames.Pick(SampleWords.Touches, random), SampleNames.Pick(SampleWords.Outcomes, random));
            int? seconds = kind is TouchKind.Call or TouchKind.Meeting or TouchKind.Visit ? 60 * random.Next(3, 120) : null;
            var touch = cast.Id("touch", $"deal {deal.Number} {story.Steps.Count}");
            story.Report(cast.Late(at, 0.25, 6, random), at, _ => Task.FromResult(
                new TouchOpportunity(touch, kind, Direction.Outbound, channel, outcome, seconds)));
        }

        if (random.NextDouble() < 0.2)
        {
            var at = from + ((until - from) * random.NextDouble());
            var (note, text) = (cast.Id("note", $"deal {deal.Number} {story.Steps.Count}"), SampleNames.Pick(SampleWords.Notes, random));
            story.Report(cast.Late(at, 0.4, 8, random), at, async page => new NoteOpportunity(note, await page.Seal(deal.Id, text)));
        }
    }

    private void Haggle(DateTimeOffset at)
    {
        amount = Math.Round(amount * (0.78m + (0.3m * (decimal)random.NextDouble())) / 100m) * 100m;
        var said = Money.Of(amount, SampleWords.Currency);
        story.Say(at, page => new ChangeOpportunityAmount(said, page.Playbook));
    }

    // Signed on the 30th, typed in on the 4th. Sometimes the date on the paper turns out to be another.
    private void Win(DateTimeOffset at)
    {
        var recorded = Close(at, late: 0.3, mostDays: 9);
        var reference = $"C-{at.Year}-{deal.Number:0000}";
        story.Say(recorded, at, page => new WinOpportunity(page.Playbook, Reference: reference));
        switch (random.NextDouble())
        {
            case < 0.04:
                var signed = at.AddDays(-random.Next(1, 6));
                story.Correct<OpportunityWon>(SampleCalendar.After(recorded, 10 + random.Next(30), random), (page, e, fact) =>
                    new CorrectOpportunity(e.EventId, fact, page.Playbook, "Date of the signature", OccurredAt: signed));
                break;
            case < 0.055:
                Reopen(SampleCalendar.After(recorded, 8 + random.Next(30), random), "The order was cancelled", "Negotiation", luck: 2.5);
                break;
        }
    }

    // Nobody likes to type in what was lost.
    private void Lose(DateTimeOffset at)
    {
        var recorded = Close(at, late: 0.3, mostDays: 24);
        var reason = SampleNames.Pick(SampleWords.Losses, random);
        var competitor = reason == "competitor" ? SampleNames.Pick(SampleWords.Competitors, random) : null;
        story.Say(recorded, at, page => new LoseOpportunity(reason, page.Playbook, Competitor: competitor));
        if (reason is "no decision" or "no budget" && random.Next(5) == 0)
        {
            Reopen(SampleCalendar.After(recorded, 20 + random.Next(60), random), "They have called again", "Proposal", luck: 0.7);
        }
    }

    private DateTimeOffset Close(DateTimeOffset at, double late, int mostDays)
    {
        now = cast.Late(at, late, mostDays, random);
        turns.Add((now, false));
        return now;
    }

    private void Reopen(DateTimeOffset at, string reason, string stage, double luck)
    {
        now = at;
        turns.Add((at, true));
        story.Say(at, page => new ReopenOpportunity(page.Playbook, reason, stage));
        GoOn(Array.FindIndex(Road, step => step.Stage == stage), luck);
    }

    private void MoveWithTheTeam()
    {
        var at = cast.Sales.Reorganised.AddMilliseconds(random.Next(60_000, 3_600_000));
        if (SalesForce.Moves(deal.Rep) && turns.LastOrDefault(turn => turn.RecordedAt <= at).Open)
        {
            var (team, region) = cast.Sales.PlaceOf(deal.Rep, at);
            story.Say(at, _ => new AssignOpportunity(Team: team, Region: region));
        }
    }
}
