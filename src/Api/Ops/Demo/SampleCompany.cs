using System.Globalization;
using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Api.Ops.Demo;

/// <summary>
/// A small invented seller of laboratory instruments: a year of leads, deals, wins and losses ending on the last full day. The same seed and
/// day give the same company.
/// </summary>
public static class SampleCompany
{
    public const int Customers = 24;
    public const int Deals = 160;

    private static readonly string[] Names =
    [
        "苏州恒测仪器", "Nordwind Optik", "北京青禾生物", "Lindqvist Analys", "深圳南山智能", "Okafor Diagnostics", "成都锦江医疗", "Bright Harbor Labs",
        "杭州西溪科技", "Castellani Chimica", "武汉东湖光电", "Fjord Marine", "南京紫金材料", "Sabato Foods", "西安雁塔航电", "Quill & Vane Paper",
        "青岛海誓食品", "Bergmann Pharma", "长沙岳麓农业", "Tidewater Energy", "厦门鹭岛电子", "Marchetti Ceramica", "天津滨海化工", "Aldous Glassworks"
    ];

    private static readonly (string Rep, string Team, string Region)[] Reps =
    [
        ("li.na", "华东", "East"), ("wang.lei", "华东", "East"), ("zhao.min", "华南", "South"),
        ("e.sorensen", "Nordics", "North"), ("m.rossi", "Alps", "South"), ("chen.jing", "华北", "North")
    ];

    private static readonly (string Product, decimal Price)[] Products =
        [("Spectro S1", 48_000m), ("Spectro S5", 126_000m), ("Flow Cell", 9_800m), ("Lab Cloud", 18_000m)];

    private static readonly string[] Losses = ["price", "no budget", "competitor", "no decision"];

    public static IEnumerable<SampleStory> Stories(string tenant, DateTimeOffset lastDay, int seed)
    {
        var random = new Random(seed);
        var start = lastDay.AddDays(-365);
        for (var i = 0; i < Customers; i++)
        {
            yield return Customer(tenant, i, start.AddDays(-random.Next(30, 400)));
        }

        for (var i = 0; i < Deals; i++)
        {
            yield return Deal(tenant, i, start, lastDay, random);
        }

        for (var i = 0; i < Deals / 4; i++)
        {
            yield return Lead(tenant, i, lastDay.AddDays(-random.Next(1, 90)).AddMinutes(random.Next(540, 1080)), random);
        }
    }

    public static Guid CustomerId(string tenant, int number) => StreamId.From(tenant, "customer", $"sample:{number}");

    private static SampleStory Customer(string tenant, int number, DateTimeOffset since) => SampleStory.Of(
        CustomerDecider.Instance, CustomerId(tenant, number),
        [(since, _ => new RegisterCustomer(Names[number], Industry: number % 3 == 0 ? "medical" : number % 3 == 1 ? "research" : "industry", Region: Reps[number % Reps.Length].Region))]);

    private static SampleStory Lead(string tenant, int number, DateTimeOffset at, Random random)
    {
        var (rep, team, region) = Reps[random.Next(Reps.Length)];
        var steps = new List<(DateTimeOffset, Func<Playbook, ILeadCommand>)>
        {
            (at, _ => new CaptureLead(number % 2 == 0 ? "web form" : "trade fair", Company: $"{Names[random.Next(Names.Length)]} · {number}", Region: region)),
            (at.AddMinutes(random.Next(1, 90)), _ => new AssignLead(rep, team))
        };
        if (random.Next(3) > 0)
        {
            var touch = StreamId.From(tenant, "touch", $"sample:{number}");
            steps.Add((at.AddHours(random.Next(2, 60)), _ => new TouchLead(touch, TouchKind.Call, Direction.Outbound, Outcome: "reached", DurationSeconds: 60 * (1 + number % 20))));
        }

        return SampleStory.Of(LeadDecider.Instance, StreamId.From(tenant, "lead", $"sample:{number}"), steps);
    }

    private static SampleStory Deal(string tenant, int number, DateTimeOffset start, DateTimeOffset lastDay, Random random)
    {
        var (rep, team, region) = Reps[random.Next(Reps.Length)];
        var (product, price) = Products[random.Next(Products.Length)];
        var customer = random.Next(Customers);
        var pieces = random.Next(1, 4);
        var at = start.AddDays(random.Next(0, 355)).AddMinutes(random.Next(540, 1080));
        var steps = new List<(DateTimeOffset, Func<Playbook, IOpportunityCommand>)>();

        var opened = at;
        Add(playbook => new OpenOpportunity(
            $"{Names[customer]} – {product}", number % 4 == 0 ? OpportunityType.Renewal : OpportunityType.New, Money.Of(price * pieces, "CNY"), "standard", playbook,
            CustomerId: CustomerId(tenant, customer), Rep: rep, Team: team, Region: region, Product: product,
            ExpectedClose: DateOnly.FromDateTime(opened.AddDays(75).UtcDateTime), ExternalId: string.Create(CultureInfo.InvariantCulture, $"S-{number:000}")));
        foreach (var stage in (string[])["Engaging", "Proposal", "Negotiation"])
        {
            at = at.AddDays(random.Next(4, 25)).AddMinutes(random.Next(0, 200));
            if (random.Next(6) == 0)
            {
                Add(_ => new LoseOpportunity(Losses[number % Losses.Length]));
                break;
            }

            Add(playbook => new EnterOpportunityStage(stage, playbook));
            if (stage == "Proposal" && random.Next(3) == 0)
            {
                at = at.AddDays(2);
                Add(_ => new ChangeOpportunityAmount(Money.Of(price * pieces * 0.9m, "CNY")));
            }

            if (stage == "Negotiation" && random.Next(4) > 0)
            {
                at = at.AddDays(random.Next(3, 20));
                Add(_ => new WinOpportunity(Reference: $"C-{number:000}"));
            }
        }

        // What lies after the last full day has not happened yet.
        return SampleStory.Of(OpportunityDecider.Instance, StreamId.From(tenant, "opportunity", $"sample:{number}"), steps.TakeWhile(step => step.Item1 < lastDay).ToList());

        void Add(Func<Playbook, IOpportunityCommand> command) => steps.Add((at, command));
    }
}
