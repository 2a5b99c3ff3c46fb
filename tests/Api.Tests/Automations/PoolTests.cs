using System.Collections.Concurrent;
using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Automations;

/// <summary>Reps take leads from the pool for themselves, as many as they may and no more.</summary>
public sealed class PoolTests(MovedClock crm, ITestOutputHelper output) : IClassFixture<MovedClock>
{
    private static int tenants;

    [Fact]
    public async Task Of_ten_thousand_claims_at_once_each_lead_goes_to_one_and_no_limit_is_passed()
    {
        const int Leads = 500, Reps = 50, Claims = 10_000, Held = 8, ADay = 9;
        var (admin, reps) = await Office(Reps, new { mostHeld = Held, mostADay = ADay });
        var leads = new ConcurrentBag<Guid>();
        await Parallel.ForAsync(0, Leads, async (i, _) => leads.Add((await admin.Write("leads", new { source = "fair", externalId = $"{i}" })).Ok().Id));
        var all = leads.ToArray();

        var outcomes = new ConcurrentBag<(int Rep, Guid Lead, int Status, string? Code)>();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Parallel.ForAsync(0, Claims, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (i, _) =>
        {
            var (rep, lead) = (i % Reps, all[(i / Reps * 31 + i % Reps * 7) % Leads]);
            var reply = await reps[rep].Write($"leads/{lead}/claim", new { });
            outcomes.Add((rep, lead, reply.Status, reply.Status == 200 ? null : reply["code"]));
        });
        output.WriteLine($"{Claims / clock.Elapsed.TotalSeconds:0} claims a second; {string.Join(", ", outcomes.GroupBy(o => o.Code ?? "taken").Select(g => $"{g.Key} {g.Count()}"))}");

        // Whoever claims again what he has is told that he has it.
        var taken = outcomes.Where(o => o.Status == 200).Select(o => (o.Rep, o.Lead)).Distinct().ToList();
        taken.GroupBy(t => t.Lead).ShouldAllBe(lead => lead.Count() == 1);
        taken.GroupBy(t => t.Rep).ShouldAllBe(rep => rep.Count() <= Held);
        taken.Count.ShouldBe(Reps * Held, "every rep has as many as he may");
        outcomes.Select(o => o.Code).Distinct().ShouldBe([null, "lead.not-in-pool", "lead.claims-held"], ignoreOrder: true);
        foreach (var (rep, lead) in taken)
        {
            (await admin.Read($"leads/{lead}")).Ok()["rep"].ShouldBe($"rep{rep}");
        }
    }

    [Fact]
    public async Task What_a_rep_releases_qualifies_or_sets_aside_makes_room_and_what_he_took_today_counts_till_tomorrow()
    {
        var (admin, reps) = await Office(1, new { mostHeld = 1, mostADay = 3, coolDownMinutes = 60 });
        var leads = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            leads.Add((await admin.Write("leads", new { source = "fair" })).Ok().Id);
        }

        (await reps[0].Write($"leads/{leads[0]}/claim", new { })).Ok();
        (await Code(leads[1])).ShouldBe("lead.claims-held");
        (await reps[0].Write($"leads/{leads[0]}/release", new { reason = "speaks Japanese only" })).Ok();
        (await reps[0].Write($"leads/{leads[1]}/claim", new { })).Ok();
        (await reps[0].Write($"leads/{leads[1]}/disqualification", new { reason = "student" })).Ok();
        (await Code(leads[0])).ShouldBe("lead.cool-down");
        (await reps[0].Write($"leads/{leads[2]}/claim", new { })).Ok();
        (await reps[0].Write($"leads/{leads[2]}/release", new { })).Ok();
        (await Code(leads[3])).ShouldBe("lead.claims-today");

        await crm.Move(TimeSpan.FromDays(1));
        (await reps[0].Write($"leads/{leads[0]}/claim", new { })).Ok();
        (await reps[0].Write($"leads/{leads[0]}/release", new { })).Ok();
        (await crm.TablesWith("speaks Japanese only")).ShouldBeEmpty("what is said of a person is sealed");

        await crm.Move(TimeSpan.FromDays(2));
        (await reps[0].Write($"leads/{leads[0]}/claim", new { })).Ok();
        (await OfDays()).ShouldBe(1, "what is over is kept no longer than until he claims again");

        async Task<long> OfDays()
        {
            await using var command = crm.Engine.Database.CreateCommand("""
                select count(*) from crm.claim c join public.mt_streams s on s.tenant_id = c.tenant_id and s.id = $1
                where c.key like 'day/%'
                """);
            command.Parameters.AddWithValue(leads[0]);
            return (long)(await command.ExecuteScalarAsync())!;
        }

        async Task<string?> Code(Guid lead) => (await (await reps[0].Write($"leads/{lead}/claim", new { })).Refused()).Code;
    }

    [Fact]
    public async Task The_pool_shows_what_nobody_has_and_not_who_the_person_is()
    {
        var (admin, reps) = await Office(2, new { });
        var mine = (await admin.Write("leads", new { source = "fair", company = "恒测", contact = "王伟", phone = "13800138000", region = "East" })).Ok();
        (await admin.Write("leads", new { source = "fair", rep = "rep1" })).Ok();

        var pool = (await reps[0].Read("pool", ("Crm-Min-Position", mine.Position))).Ok();
        var item = pool.Body.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (item.GetProperty("id").GetGuid(), item.GetProperty("company").GetString()).ShouldBe((mine.Id, "恒测"));
        pool.Text.ShouldNotContain("王伟");
        pool.Text.ShouldNotContain("13800138000");

        (await reps[0].Write($"leads/{mine.Id}/claim", new { })).Ok();
        (await reps[0].Read($"leads/{mine.Id}")).Ok()["contact"].ShouldBe("王伟");
        (await (await reps[1].Write($"leads/{mine.Id}/claim", new { })).Refused()).Code.ShouldBe("lead.not-in-pool");
        (await reps[1].Read($"leads/{mine.Id}")).Status.ShouldBe(404);
    }

    private async Task<(HttpClient Admin, IReadOnlyList<HttpClient> Reps)> Office(int reps, object pool)
    {
        var admin = await crm.Tenant($"pool-{Interlocked.Increment(ref tenants)}");
        (await admin.Put("playbook/draft", JsonSerializer.Serialize(new { name = "Pool", pool }))).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
        var clients = new List<HttpClient>();
        for (var i = 0; i < reps; i++)
        {
            (await admin.Write("members", new { id = $"rep{i}", role = "rep" })).Ok();
            clients.Add(crm.With((await admin.Write("api-keys", new { name = "k", member = $"rep{i}" })).Ok()["key"]));
        }

        return (admin, clients);
    }
}
