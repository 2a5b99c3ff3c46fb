using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;

namespace Crm.Api.Ops.Demo;

/// <summary>A lead from its capture to what becomes of it: nothing, a reason against it, or a customer and an opportunity.</summary>
internal sealed class LeadStory
{
    private readonly SampleStory<Lead, ILeadCommand, ILeadEvent> story;
    private readonly SampleCast cast;
    private readonly SampleLead lead;
    private readonly Random random;

    private LeadStory(SampleCast cast, SampleLead lead, Random random)
    {
        (this.cast, this.lead, this.random) = (cast, lead, random);
        story = new(LeadDecider.Instance, cast.Id("lead", lead.Number));
    }

    /// <param name="deal">What it is qualified into; null when it is not.</param>
    public static IReadOnlyList<SampleStep> Tell(SampleCast cast, SampleLead lead, SampleDeal? deal, Random random)
    {
        var told = new LeadStory(cast, lead, random);
        told.Capture();
        if (deal is not null)
        {
            told.Work(lead.RecordedAt, deal.OpenedAt);
            told.Qualify(deal);
        }
        else
        {
            told.ComeToNothing();
        }

        return told.story.Steps;
    }

    private void Capture()
    {
        var (name, mail, role, fair) = (SampleNames.Person(lead.Region, random), $"lead{lead.Number}@example.com",
            SampleNames.Pick(SampleWords.Roles, random), lead.Source == "trade fair" ? $"LabExpo {lead.CapturedAt.Year}" : null);
        int? employees = random.Next(3) == 0 ? null : 10 * random.Next(1, 200);
        story.Begin(lead.RecordedAt, lead.CapturedAt, async page =>
        {
            page.Hold(story.Stream, mail);
            return new CaptureLead(
                lead.Source, lead.Company.Name, await page.Seal(story.Stream, name, isNew: true), await page.Seal(story.Stream, mail), Role: role,
                Region: lead.Region, Industry: lead.Company.Industry, Employees: employees, Campaign: fair, Product: lead.Product.Name,
                ExternalId: $"L-{lead.Number:00000}");
        });
    }

    // Given to a rep, and talked to a few times; a team that is given away takes its leads along.
    private void Work(DateTimeOffset from, DateTimeOffset until)
    {
        var assigned = from.AddMilliseconds(random.Next(120_000, 7_200_000));
        if (assigned >= until)
        {
            return;
        }

        var team = cast.Sales.PlaceOf(lead.Rep, assigned).Team;
        story.Say(assigned, _ => new AssignLead(lead.Rep.Id, team));
        var touches = random.Next(0, 3);
        for (var i = 0; i < touches; i++)
        {
            Touch(assigned + ((until - assigned) * (i + random.NextDouble()) / touches), i);
        }

        if (SalesForce.Moves(lead.Rep) && assigned < cast.Sales.Reorganised && until > cast.Sales.Reorganised)
        {
            var moved = cast.Sales.Reorganised.AddMilliseconds(random.Next(60_000, 3_600_000));
            if (moved < until)
            {
                story.Say(moved, _ => new AssignLead(lead.Rep.Id, cast.Sales.PlaceOf(lead.Rep, moved).Team));
            }
        }
    }

    private void Touch(DateTimeOffset at, int number)
    {
        var (kind, channel) = SampleNames.Pick(SampleWords.Touches, random);
        var (outcome, inbound) = (SampleNames.Pick(SampleWords.Outcomes, random), random.Next(4) == 0);
        int? seconds = kind is TouchKind.Call or TouchKind.Meeting ? 30 * random.Next(2, 90) : null;
        var touch = cast.Id("touch", $"lead {lead.Number} {number}");
        story.Report(cast.Late(at, 0.12, 5, random), at, _ => Task.FromResult(
            new TouchLead(touch, kind, inbound ? Direction.Inbound : Direction.Outbound, channel, outcome, seconds)));
    }

    private void ComeToNothing()
    {
        var dice = random.NextDouble();
        var over = SampleCalendar.After(lead.RecordedAt, dice < 0.06 ? 0.5 : 3 + (random.NextDouble() * 40 / lead.Rep.Skill), random);
        if (dice >= 0.06)
        {
            Work(lead.RecordedAt, dice < 0.95 ? over : cast.Calendar.Until);
        }

        if (dice is >= 0.06 and < 0.13)
        {
            var text = SampleNames.Pick(SampleWords.Notes, random);
            story.Report(over.AddMinutes(-1), over.AddDays(-random.Next(1, 3)), async page =>
                new NoteLead(cast.Id("note", $"lead {lead.Number}"), await page.Seal(story.Stream, text)));
        }

        // One in twenty is forgotten.
        if (dice < 0.95)
        {
            Disqualify(over, SampleNames.Pick(SampleWords.Disqualified, random));
        }
    }

    private void Disqualify(DateTimeOffset at, string reason)
    {
        story.Say(at, _ => new DisqualifyLead(reason));
        if (reason == "no budget" && random.Next(3) == 0)
        {
            var revived = SampleCalendar.After(at, 40 + random.Next(120), random);
            story.Say(revived, _ => new ReviveLead("new budget year"));
            if (random.Next(3) > 0)
            {
                story.Say(SampleCalendar.After(revived, 10 + random.Next(40), random), _ => new DisqualifyLead("no need"));
            }
        }
    }

    private void Qualify(SampleDeal deal) => story.Share(deal.OpenedAt, [deal.Customer, deal.Id], async (page, step) =>
    {
        var (customers, opportunities) = (CustomerDecider.Instance, OpportunityDecider.Instance);
        var known = await page.Latest(LeadDecider.Instance, step, story.Stream);
        var customer = await page.Latest(customers, step, deal.Customer, begins: deal.IsFirst);
        var opportunity = await page.Latest(opportunities, step, deal.Id, begins: true);
        var (team, region) = cast.Sales.PlaceOf(deal.Rep, deal.OpenedAt);
        var command = new QualifyLead(
            story.Stream, deal.Customer, deal.Id, deal.Name, deal.Recorded, "standard", CustomerName: lead.Company.Name,
            ExpectedClose: deal.ExpectedClose, Rep: deal.Rep.Id, Team: team, Region: region, Product: deal.Product.Name);
        var facts = ConvertQualifiedLead.Decide(
            (Lead)known.State, (Customer)customer.State, (Opportunity)opportunity.State, page.Playbook, command);
        page.Add(LeadDecider.Instance, step, story.Stream, known, facts.Lead);
        page.Add(customers, step, deal.Customer, customer, facts.Customer);
        page.Add(opportunities, step, deal.Id, opportunity, facts.Opportunity);
    });
}
