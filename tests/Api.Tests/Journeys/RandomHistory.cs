namespace Crm.Api.Tests.Journeys;

/// <summary>A sales team that works, back-dates and corrects at random, always in the same way for one seed.</summary>
public sealed class RandomHistory(HttpClient http, Random random)
{
    private static readonly string?[] Reps = ["An", "Bo", "Chen", null];
    private static readonly string?[] Products = ["GTX", "MG", null];
    private static readonly string[] Stages = ["Prospecting", "Engaging", "Proposal", "Negotiation"];
    private static readonly DateTimeOffset NewYear = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<Guid, string> deals = [];

    public IReadOnlyCollection<Guid> Deals => deals.Keys;

    /// <summary>How often what was accepted, by the last word of its address.</summary>
    public Dictionary<string, int> Done { get; } = [];

    /// <summary>The position of the last write.</summary>
    public string? Position { get; private set; }

    public async Task Open(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var currency = One("USD", "USD", "EUR", "JPY");
            var opened = await Say("opportunities", new
            {
                name = $"Deal {i}",
                amount = Talk.Money(random.Next(1, 100), currency),
                stage = One(Stages),
                rep = One(Reps),
                product = One(Products),
                team = One("North", "South"),
                occurredAt = Day(0, 60).Text()
            });
            deals.Add(opened!.Id, currency);
        }
    }

    /// <summary>Goes on until so many further requests were accepted; what the rules refuse does not count.</summary>
    public async Task GoOn(int accepted)
    {
        for (var done = 0; done < accepted;)
        {
            var (id, currency) = deals.ElementAt(random.Next(deals.Count));
            if (await Act($"opportunities/{id}", currency, random.Next(4) == 0 ? null : Day(0, 120).Text()) is not null) done++;
        }
    }

    /// <summary>A midnight, so that many facts share their time.</summary>
    public DateTimeOffset Day(int from, int to) => NewYear.AddDays(random.Next(from, to));

    private Task<Reply?> Act(string deal, string currency, string? occurredAt) => random.Next(16) switch
    {
        0 or 1 => Say($"{deal}/stage", new { stage = One(Stages), occurredAt }),
        2 or 3 => Say($"{deal}/amount", new { amount = Talk.Money(random.Next(1, 100), currency), occurredAt }),
        4 => Say($"{deal}/win", new { amount = One(null, Talk.Money(random.Next(1, 100), currency)), reference = One(null, "PO"), occurredAt }),
        5 => Say($"{deal}/loss", new { reason = One("price", "timing"), competitor = One(null, "Acme", "Hooli"), occurredAt }),
        6 or 12 or 13 => Say($"{deal}/reopening", new { stage = One([null, .. Stages]), occurredAt }),
        7 => Say($"{deal}/assignment", new { rep = One(Reps), team = One(null, "North"), region = One("East", "West"), occurredAt }),
        14 or 15 => Change(deal, occurredAt),
        8 => Say($"{deal}/touches", new { kind = "call", direction = "inbound", occurredAt }),
        9 => Say($"{deal}/close-date", new { expectedClose = $"2020-0{random.Next(1, 10)}-01", occurredAt }),
        _ => Correct(deal, currency)
    };

    // A member that is null is cleared, one that is not there stays.
    private Task<Reply?> Change(string deal, string? occurredAt)
    {
        var patch = new Dictionary<string, object?> { ["occurredAt"] = occurredAt };
        foreach (var (member, values) in (ReadOnlySpan<(string, string?[])>)[("product", Products), ("competitor", ["Acme", null]), ("source", ["web", "fair", null])])
        {
            if (random.Next(2) == 0)
            {
                patch[member] = One(values);
            }
        }

        return Say(deal, patch);
    }

    private async Task<Reply?> Correct(string deal, string currency)
    {
        var events = (await http.Read($"{deal}/events")).Ok();
        var facts = events.Body.GetProperty("items").EnumerateArray().Select(Fact.Of).Where(e => !e.Is("corrected")).ToList();
        var fact = facts[random.Next(facts.Count)];
        return await Say($"{deal}/corrections", new
        {
            eventId = fact.Id,
            reason = "It was otherwise",
            withdrawn = !fact.Is("opened") && random.Next(3) == 0,
            occurredAt = random.Next(2) == 0 ? Day(0, 120).Text() : null,
            amount = fact.Is("opened", "amount_changed", "won") ? One(null, Talk.Money(random.Next(1, 100), currency)) : null,
            stage = fact.Is("opened", "stage_entered", "reopened") ? One([null, .. Stages]) : null,
            expectedClose = fact.Is("close_date_changed", "opened") ? One(null, "2020-12-31") : null,
            lossReason = fact.Is("lost") ? One(null, "size") : null,
            rep = fact.Is("opened", "assigned") ? One(Reps) : null,
            product = fact.Is("opened", "changed") ? One(Products) : null
        }, ("If-Match", events.ETag));
    }

    // Null when the rules refused it.
    private async Task<Reply?> Say(string path, object body, params IReadOnlyList<(string, string?)> headers)
    {
        var isChange = body is Dictionary<string, object?>;
        var (before, reply) = (Position, isChange ? await http.Patch(path, body, headers) : await http.Write(path, body, headers));
        if (reply.Status >= 300)
        {
            reply.Status.ShouldBeOneOf(404, 409, 422);
            return null;
        }

        var what = isChange ? "change" : path.Split('/')[^1];
        Position = reply.Position;
        if (Position != before) Done[what] = Done.GetValueOrDefault(what) + 1;
        return reply;
    }

    private T One<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
