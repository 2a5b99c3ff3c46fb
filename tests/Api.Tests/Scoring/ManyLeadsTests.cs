using System.Diagnostics;
using Crm.Api.Jobs;
using Crm.Api.Scoring;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Leads;
using Crm.Domain.Scoring.Leads;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Scoring;

public sealed class ManyLeadsTests(CrmServer crm, ITestOutputHelper output) : IClassFixture<CrmServer>
{
    // More, such as 100000, when SCORING_LEADS says so.
    private static readonly int Leads = int.TryParse(Environment.GetEnvironmentVariable("SCORING_LEADS"), out var given) ? given : 3_000;

    [Fact]
    public async Task Many_leads_are_read_page_by_page_and_learned_from()
    {
        const string Tenant = "many-leads";
        using var http = await crm.Tenant(Tenant);
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = 256 };
        await Parallel.ForEachAsync(Enumerable.Range(0, Leads), atOnce, async (i, ct) => await Write(Tenant, i, ct));
        var (head, _) = await crm.Engine.Store.Head(default);
        ExampleTerms terms = new(ScoreOutcome.Qualified, DateTimeOffset.UtcNow, MaturityDays: 90, HoursAfterCapture: 0);

        var began = Stopwatch.GetTimestamp();
        var reader = new ExampleReader(crm.Engine.Store, Tenant, head);
        var (examples, leftAside) = await reader.Read(terms, points: null, new JobProgress(), default);
        var read = Stopwatch.GetElapsedTime(began);
        var result = await ScoringSteps.Train(http);

        var all = Stopwatch.GetElapsedTime(began) - read;
        output.WriteLine($"{Leads} leads read in {read.TotalSeconds:0.0} s, read and learned from in {all.TotalSeconds:0.0} s: {result}");
        (examples.Count, leftAside, result.GetProperty("examples").GetInt32()).ShouldBe((Leads, 0, Leads));
    }

    private async Task Write(string tenant, int i, CancellationToken ct)
    {
        var (at, chance) = (ScoringSteps.Begin.AddMinutes(i), new Random(i));
        var (source, size) = (chance.Next(6), 5 + chance.Next(2_000));
        var converts = chance.NextDouble() < 0.05 * source + size / 8_000d;
        var fact = new LeadCaptured(
            $"source {source}", Region: $"region {chance.Next(30)}", Employees: size, Campaign: $"campaign {chance.Next(400)}",
            Product: $"product {chance.Next(20)}");
        ILeadEvent end = converts ? new LeadQualified(Guid.NewGuid(), Guid.NewGuid()) : new LeadDisqualified("no need");
        var call = new Call(new Caller(tenant, "writer"), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "api");
        var nothing = new Known(Lead.None, 0, LastEvent: null, DateTimeOffset.MinValue);
        var part = new Part(
            Guid.CreateVersion7(), LeadDecider.Instance.StreamType, nothing, [fact, end],
            (state, e) => Lead.Evolve((Lead)state, (ILeadEvent)e))
        { Times = [at, at.AddDays(4)] };
        await crm.Engine.Commands.Send(call, () => Task.FromResult(new Decision(0, [part])), playbookVersion: null, ct);
    }
}
