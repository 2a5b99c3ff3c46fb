using Crm.Domain;
using Crm.Domain.Opportunities;

namespace Crm.Api.Ops.Demo;

/// <summary>
/// An invented seller of laboratory instruments: two years of leads and opportunities up to the end of the last full day, all that is said of them
/// in the order of saying it. The same tenant, day, size and seed give the same company.
/// </summary>
internal sealed class SampleCompany
{
    private readonly SampleCast cast;
    private readonly SampleSize size;
    private readonly int seed;
    private readonly Dictionary<string, List<SampleCompanyName>> companies = [];
    private int companyCount;

    private SampleCompany(SampleCast cast, SampleSize size, int seed) => (this.cast, this.size, this.seed) = (cast, size, seed);

    /// <param name="until">Midnight after the last full day, in the tenant's zone.</param>
    public static IReadOnlyList<SampleStep> Story(string tenant, DateTimeOffset until, SampleSize size, int seed)
    {
        var calendar = new SampleCalendar(until, size.Days);
        var company = new SampleCompany(new SampleCast(tenant, calendar, new SalesForce(new Random(seed), calendar.Reorganised)), size, seed);
        return [.. company.Steps().Where(step => step.RecordedAt < until).OrderBy(step => step.RecordedAt)];
    }

    private IEnumerable<SampleStep> Steps()
    {
        var random = new Random(seed);
        var leads = cast.Calendar.Arrivals(size.Leads, random).Select((at, i) => Lead(i + 1, at, random)).ToList();

        var customers = new HashSet<int>();
        // Nine of ten opportunities come from leads, the rest from customers that we have.
        var deals = leads.Where(lead => lead.RipeAt < cast.Calendar.Until).OrderByDescending(lead => lead.Promise).Take(size.Opportunities * 9 / 10)
            .OrderBy(lead => lead.RipeAt)
            .Select((lead, i) => (Lead: lead, Deal: First(Deal(i + 1, lead, lead.RipeAt, lead.Product, random), customers.Add(lead.Company.Number))))
            .ToList();
        var qualified = deals.ToDictionary(pair => pair.Lead.Number, pair => pair.Deal);
        var more = Enumerable.Range(deals.Count + 1, size.Opportunities - deals.Count).Select(number => Renewal(number, deals, random)).ToList();

        return
        [
            .. leads.SelectMany(lead => LeadStory.Tell(cast, lead, qualified.GetValueOrDefault(lead.Number), Own(lead.Number))),
            .. deals.SelectMany(pair => DealStory.Tell(cast, pair.Deal, type: null, Own(-pair.Deal.Number))),
            .. more.SelectMany(deal => DealStory.Tell(
                cast, deal, deal.Number % 3 == 0 ? OpportunityType.Upsell : OpportunityType.Renewal, Own(-deal.Number)))
        ];
    }

    private static SampleDeal First(SampleDeal deal, bool isFirst) => deal with { IsFirst = isFirst };

    // A story of its own luck, so that a change in one does not change all that follow.
    private Random Own(int number) => new(unchecked((seed * 31) + (number * 7919)));

    private SampleLead Lead(int number, DateTimeOffset at, Random random)
    {
        var rep = cast.Sales.Any(random);
        var region = cast.Sales.PlaceOf(rep, at).Region;
        var (source, quality) = SourceAt(at, random);
        var recorded = source == "trade fair" ? cast.Late(at, 0.8, 4, random) : at;
        var promise = Math.Pow(random.NextDouble(), 1 / (quality * rep.Skill));
        var ripe = SampleCalendar.After(recorded, 1 + (random.NextDouble() * 24 / rep.Skill), random);
        var (product, price) = SampleNames.Pick(SampleWords.Products, random);
        return new SampleLead(number, at, recorded, source, rep, region, Company(rep.Region, random), new SampleProduct(product, price), promise, ripe);
    }

    private static (string Source, double Quality) SourceAt(DateTimeOffset at, Random random)
    {
        if (SampleCalendar.IsFair(at) && random.NextDouble() < 0.6)
        {
            return ("trade fair", 1.1);
        }

        var dice = random.NextDouble();
        foreach (var (source, weight, quality) in SampleWords.Sources)
        {
            dice -= weight;
            if (dice < 0)
            {
                return (source, quality);
            }
        }

        return ("web", 1);
    }

    // One in nine comes from a company that has asked before.
    private SampleCompanyName Company(string region, Random random)
    {
        if (!companies.TryGetValue(region, out var known))
        {
            companies.Add(region, known = []);
        }

        if (known.Count > 0 && random.Next(9) == 0)
        {
            return known[random.Next(known.Count)];
        }

        var (name, industry) = SampleNames.Company(region, random);
        known.Add(new SampleCompanyName(++companyCount, name, industry));
        return known[^1];
    }

    private SampleDeal Deal(int number, SampleLead lead, DateTimeOffset at, SampleProduct product, Random random)
    {
        var amount = Math.Round(product.Price * random.Next(1, 5) * (0.9m + (0.25m * (decimal)random.NextDouble())) / 100m) * 100m;
        var wrong = random.NextDouble() switch
        {
            < 0.003 => amount * 10,
            < 0.05 => Math.Round(amount * (0.4m + (decimal)random.NextDouble()) / 100m) * 100m,
            _ => amount
        };
        return new SampleDeal(
            cast.Id("opportunity", number), number, $"{lead.Company.Name} – {product.Name}", at, lead.Rep, cast.Id("customer", lead.Company.Number), product,
            Money.Of(amount, SampleWords.Currency), Money.Of(wrong, SampleWords.Currency), DateOnly.FromDateTime(at.Date).AddDays(random.Next(50, 90)));
    }

    private SampleDeal Renewal(int number, List<(SampleLead Lead, SampleDeal Deal)> deals, Random random)
    {
        while (true)
        {
            var (lead, first) = deals[random.Next(deals.Count)];
            var at = SampleCalendar.After(first.OpenedAt, 80 + random.Next(500), random);
            if (at < cast.Calendar.Until)
            {
                var (product, price) = SampleNames.Pick(SampleWords.Products, random);
                return Deal(number, lead, at, new SampleProduct(product, price), random) with { Customer = first.Customer };
            }
        }
    }
}
