using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Events;
using Crm.Api.Tests.Journeys;
using Microsoft.AspNetCore.Builder;
using Xunit.Abstractions;
using static Crm.Api.Tests.Approvals.ApprovalSteps;

namespace Crm.Api.Tests.Approvals;

/// <summary>Random words said to two programs over one store, in turn and at once: what comes of them is what a plain count of them
/// says.</summary>
public sealed class TwoProgramTests(MovedClock crm, ITestOutputHelper output) : IClassFixture<MovedClock>, IAsyncLifetime
{
    private const int Seed = 20_261_123;
    private const int Stories = 60;
    private const int Words = 6;

    private static readonly string[] Asked = ["chen", "zhao", "sun"];

    private readonly List<(Engine Engine, WebApplication Program)> opened = [];

    [Fact]
    public async Task Some_hundred_words_said_to_two_programs_come_to_what_a_plain_count_says()
    {
        output.WriteLine($"seed {Seed}");
        var (here, there, deal) = await Two("two-programs");
        var (dice, said, ends) = (new Random(Seed), 0, new SortedDictionary<string, int>());
        for (var story = 0; story < Stories; story++)
        {
            var needed = dice.Next(1, 4);
            var id = (await here["li"].Write($"opportunities/{deal}/approvals", new { flow = $"of-{needed}", reason = "x" })).Ok().Id;
            var (seats, grants, refusals, state, told) =
                (Asked.ToDictionary(member => member, _ => (bool?)null), 0, 0, "pending", $"story {story}, {needed} of 3:");
            for (var word = 0; word < Words; word++, said++)
            {
                var (by, isGrant, people) = (Asked[dice.Next(3)], dice.Next(3) > 0, dice.Next(2) == 0 ? here : there);
                var answer = await people[by].Decide(id, isGrant ? "grant" : "refuse");
                var expected = seats[by] == isGrant ? "200" : state != "pending" ? "approval.settled" : seats[by] is not null
                    ? "approval.not-asked" : "200";
                told += $" {by} {isGrant}";
                (answer.Status == 200 ? "200" : (await answer.Refused()).Code).ShouldBe(expected, told);
                if (expected == "200" && seats[by] is null)
                {
                    seats[by] = isGrant;
                    (grants, refusals) = (seats.Values.Count(seat => seat == true), seats.Values.Count(seat => seat == false));
                    state = grants >= needed ? "granted" : 3 - refusals < needed ? "refused" : state;
                }
            }

            (await there["li"].State(id)).Text("state").ShouldBe(state, told);
            (await Heard(id)).ShouldBe(state == "pending" ? [] : [state == "granted"], told);
            ends[state] = ends.GetValueOrDefault(state) + 1;
        }

        output.WriteLine($"{said} words; {string.Join(", ", ends.Select(end => $"{end.Value} {end.Key}"))}");
    }

    [Fact]
    public async Task Of_words_that_are_said_at_once_each_counts_once_and_the_deal_hears_of_one_end()
    {
        var (here, there, deal) = await Two("two-at-once");
        for (var story = 0; story < 20; story++)
        {
            var id = (await here["li"].Write($"opportunities/{deal}/approvals", new { flow = "of-2", reason = "x" })).Ok().Id;
            var answers = await Task.WhenAll(
                Asked.SelectMany(by => (Task<Reply>[])[here[by].Decide(id, "grant"), there[by].Decide(id, "grant")]));

            foreach (var refused in answers.Where(answer => answer.Status != 200))
            {
                (await refused.Refused()).Code.ShouldBe("approval.settled", "the third came too late");
            }

            var kinds = (await crm.Engine.Store.ReadStream("two-at-once", id, null, default)).Select(e => e.TypeName).ToList();
            (kinds.Count(kind => kind == "approval_given"), kinds.Count(kind => kind == "approval_granted")).ShouldBe((2, 1));
            (await Heard(id)).ShouldBe([true]);
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var (engine, program) in opened)
        {
            await program.StopAsync();
            await program.DisposeAsync();
            await engine.DisposeAsync();
        }
    }

    private async Task<(IReadOnlyDictionary<string, HttpClient> Here, IReadOnlyDictionary<string, HttpClient> There, Guid Deal)> Two(
        string tenant)
    {
        var admin = await crm.Tenant(tenant);
        var here = await People(crm, admin);
        await Publish(admin, [.. Enumerable.Range(1, 3).Select(needed => Flow($"of-{needed}",
            new { key = "three", name = "Three", mode = "at-least", atLeast = needed, approvers = new { members = Asked } }))]);
        var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
        var other = Server.Build(engine);
        await other.StartAsync();
        opened.Add((engine, other));
        var there = here.ToDictionary(one => one.Key, one => Also(one.Value, new Uri(other.Urls.Single() + "/api/v1/")));
        return (here, there, (await here["li"].Open()).Id);
    }

    // The same person at another program.
    private static HttpClient Also(HttpClient http, Uri address)
    {
        var other = new HttpClient { BaseAddress = address };
        other.DefaultRequestHeaders.Authorization = http.DefaultRequestHeaders.Authorization;
        return other;
    }

    private async Task<IReadOnlyList<bool>> Heard(Guid id)
    {
        await using var command =
            crm.Engine.Database.CreateCommand(
                "select (data->>'granted')::boolean from public.mt_events "
                + "where type = 'opportunity_approval_settled' and data->>'approvalId' = $1");
        command.Parameters.AddWithValue(id.ToString());
        await using var rows = await command.ExecuteReaderAsync();
        var heard = new List<bool>();
        while (await rows.ReadAsync())
        {
            heard.Add(rows.GetBoolean(0));
        }

        return heard;
    }
}
