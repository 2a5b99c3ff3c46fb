using System.Text.RegularExpressions;
using Crm.Api.Access;
using Crm.Api.Ops.Demo;
using Crm.Domain.Access;
using Crm.EventModel;
using Crm.Support;
using Microsoft.Extensions.Configuration;

namespace Crm.Api.Tests.Ops;

/// <summary>The company of the demo, small.</summary>
public sealed class SampleCompanyTests
{
    private static readonly SampleSize Small = new(Leads: 200, Opportunities: 50);
    private static readonly DateTimeOffset Today = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Midnight = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_same_day_makes_the_same_company_and_a_load_that_was_cut_off_ends_as_one_that_was_not()
    {
        await using var whole = await Open();
        await using var cut = await Open();

        (await Sample(whole).Fill(Today, default)).ShouldNotBeNull();
        await PlaySome(cut);
        (await Sample(cut).PlayedUntil(default)).ShouldBeNull();
        (await Sample(cut).Fill(Today.AddDays(3), default)).ShouldNotBeNull();

        var (facts, again) = (await Facts(whole), await Facts(cut));
        again.Select(Plain).ShouldBe(facts.Select(Plain));
        (await Sample(cut).PlayedUntil(default))!.Value.ShouldBeInRange(Midnight.AddDays(-4), Midnight);
    }

    [Fact]
    public async Task It_lasts_two_years_and_holds_all_that_happens_in_a_company()
    {
        await using var engine = await Open();
        await Sample(engine).Fill(Today, default);
        var facts = await Facts(engine);

        facts.Zip(facts.Skip(1)).ShouldAllBe(pair => pair.First.RecordedAt < pair.Second.RecordedAt);
        facts[0].RecordedAt.ShouldBeInRange(Midnight.AddDays(-730), Midnight.AddDays(-715));
        facts[^1].RecordedAt.ShouldBeInRange(Midnight.AddDays(-4), Midnight);
        facts.ShouldAllBe(e => e.OccurredAt <= e.RecordedAt);
        var counts = facts.CountBy(e => e.TypeName).ToDictionary();
        (counts["lead_captured"], counts["opportunity_opened"]).ShouldBe((200, 50));
        string[] seldom = ["opportunity_won", "opportunity_lost", "lead_disqualified", "customer_registered", "opportunity_noted", "opportunity_corrected"];
        seldom.ShouldBeSubsetOf(counts.Keys);
        facts.Count(e => e.RecordedAt - e.OccurredAt > TimeSpan.FromDays(1)).ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Its_people_are_there_once_and_stay_as_they_have_become()
    {
        await using var engine = await Open();
        var people = new SampleOrganisation(engine, Caller.Developer);

        await people.Fill(default);
        var call = new Call(Caller.Developer, OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "test");
        await engine.Commands.Send(AccessDecider.Instance, Organisations.StreamOf("main"), new JoinTeam("li.na", "华东 2", Rights.Everything), call, default);
        await people.Fill(default);

        var there = await engine.Organisations.Of("main", default);
        there.Members.Values.CountBy(member => member.Role).ToDictionary().ShouldBe(new Dictionary<string, int> { ["rep"] = 40, ["manager"] = 6, ["analyst"] = 1 }, ignoreOrder: true);
        (there.Members["li.na"].Team, there.Members["yang.fan"].Team, there.Members["xie.na"].Team).ShouldBe(("华东 2", "西部 1", "华南 3"));
        there.Subtree("华南").ShouldBe(["华南", "华南 1", "华南 2", "华南 3"]);
    }

    [Fact]
    public async Task What_the_screen_showed_a_year_ago_is_not_what_we_know_of_it_today()
    {
        await using var engine = await Open();
        await Sample(engine).Fill(Today, default);

        var year = await YearAgo.Of(engine, Caller.Developer, Midnight, default);

        year.Day.ShouldBe(new DateOnly(2025, 3, 2));
        (year.At.Open.Count + year.At.Won.Count + year.At.Lost.Count).ShouldBeGreaterThan(5);
        year.At.Open.Amount.ShouldNotBe(year.AsOf.Open.Amount);
        year.Table().ShouldContain("2025-03-02");
    }

    [Fact]
    public async Task It_is_played_once_and_never_into_a_store_that_holds_something()
    {
        await using var engine = await Open();
        await Sample(engine).Fill(Today, default);
        (await Sample(engine).Fill(Today.AddDays(1), default)).ShouldBeNull();

        await using var other = await Open();
        await other.Store.Append(new EventStore.AppendRequest("main",
            [new(Guid.CreateVersion7(), "customer", 0, [new(Guid.CreateVersion7(), new Domain.Customers.CustomerRegistered("Nordlicht"), null, new Metadata())])]), default);
        (await Sample(other).Fill(Today, default)).ShouldBeNull();
        (await Sample(other).PlayedUntil(default)).ShouldBeNull();
    }

    private static SampleStore Sample(Engine engine) => new(engine, Caller.Developer, Small);

    // Some pages, and then the program is gone.
    private static async Task PlaySome(Engine engine)
    {
        using var gone = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => Sample(engine).Fill(Today, gone.Token, gone.Cancel));
        (await engine.Store.Head(default)).Position.ShouldBeGreaterThan(0);
    }

    private static Task<IReadOnlyList<Recorded>> Facts(Engine engine) => engine.Store.ReadOn(0, int.MaxValue, default);

    // All but sealed texts: they are sealed anew each time, under keys made anew.
    private static string Plain(Recorded e) => Regex.Replace(
        $"{e.Position} {e.StreamId} {e.Version} {e.EventId} {e.RecordedAt:O} {e.OccurredAt:O} {System.Text.Json.JsonSerializer.Serialize(e.Data, e.Data.GetType(), EventTypes.Json)}",
        "enc:v1:[^\"]*", "sealed");

    private static async Task<Engine> Open() => await Engine.Open(Settings.From(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["ConnectionStrings:Crm"] = await TestCluster.NewDatabase(),
        ["Crm:MasterKey"] = Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)])
    }).Build()), new Progress<string>(), default);
}
