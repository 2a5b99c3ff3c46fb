using Crm.Domain.Activities;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Playbooks;
using Xunit.Abstractions;

namespace Crm.Domain.Tests.Opportunities;

/// <summary>Ten thousand random stories of deals on random roads, told to the program and to a plain reference: they never come to anything
/// else.</summary>
public sealed class GatesModelTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_124;
    private const int Stories = 10_000;
    private const int Longest = 40;

    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);
    private static readonly string[] Labels = ["minutes", "photo"];
    private static readonly string[] Outcomes = ["agreed", "refused"];
    private static readonly string[] Flows = ["discount", "waiver"];
    private static readonly decimal[] Amounts = [20, 80, 150];

    [Fact]
    public void No_story_comes_to_a_state_that_the_reference_forbids()
    {
        output.WriteLine($"seed {Seed}");
        var came = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var story = 0; story < Stories; story++)
        {
            foreach (var end in new Story(new Random(Seed + story), story).Tell())
            {
                came[end] = came.GetValueOrDefault(end) + 1;
            }
        }

        output.WriteLine($"{came.Values.Sum()} commands; {string.Join(", ", came.Select(one => $"{one.Value} {one.Key}"))}");
        came.Keys.ShouldBe(["done", "nothing", "opportunity.closed", "opportunity.gate", "opportunity.open", "opportunity.stage-unknown"]);
    }

    private sealed class Story(Random dice, int number)
    {
        private readonly List<string> told = [];
        private readonly List<IOpportunityEvent> facts = [];
        private PlainRoad[] roads = [];
        private PlainDeal plain = null!;
        private Opportunity state = Opportunity.None;
        private int ids;

        public IEnumerable<string> Tell()
        {
            var first = Road();
            roads = [first, Amended(first)];
            plain = new(roads);
            var (start, amount) = (One(first.Stages).Name, One(Amounts));
            yield return Both($"opened in {start} with {amount}", plain.Open(start, amount), new OpenOpportunity(
                "Press line", OpportunityType.New, Worth(amount), "sales", Playbook, start));

            for (var i = 0; plain.Facts.Count > 0 && i < Longest; i++)
            {
                if (dice.Next(30) == 0)
                {
                    plain.InForce = 2;
                }

                if (dice.Next(15) == 0 && facts.Count > 1)
                {
                    Withdraw(dice.Next(1, facts.Count));
                }
                else
                {
                    yield return Next();
                }
            }
        }

        private Playbook Playbook => roads.Take(plain.InForce)
            .Aggregate(PlaybookHistory.None, (history, road) => PlaybookHistory.Evolve(history, new PlaybookPublished(
                Array.IndexOf(roads, road) + 1, Monday, new("Sales", [Section(road)]))))
            .At(Monday);

        private string Next()
        {
            var (id, stage, amount) = (NextId(), Stage(plain.InForce), One(Amounts));
            switch (dice.Next(14))
            {
                case < 4:
                    return Both($"to {stage}", plain.Enter(stage), new EnterOpportunityStage(stage, Playbook));
                case 4 or 5:
                    var label = One(Labels);
                    return Both($"{label} {id}", plain.Done(new("filed", id, label)), new AddOpportunityAttachment(
                        new(id, new Personal("enc:v1:k:n"), "image/png", 1, "00", label)));
                case 6 when plain.Facts.Where(fact => fact.What == "filed").Select(fact => fact.Id).ToArray() is { Length: > 0 } filed:
                    var file = One(filed);
                    return Both($"without {file}", plain.Remove(file), new RemoveOpportunityAttachment(file));
                case 6 or 7:
                    var outcome = One(Outcomes);
                    return Both($"{outcome} {id}", plain.Done(new("talked", id, outcome)), new TouchOpportunity(
                        id, TouchKind.Meeting, Direction.Outbound, Outcome: outcome));
                case 8:
                    var (flow, granted) = (One(Flows), dice.Next(3) > 0);
                    return Both($"{flow} {granted} {id}", plain.Done(new(granted ? "granted" : "refused", id, flow)), new SettleOpportunityApproval(
                        id, flow, granted));
                case 9:
                    return Both($"worth {amount}", plain.Price(amount), new ChangeOpportunityAmount(Worth(amount), Playbook));
                case 10:
                    return Both("dated", plain.Date(), new ChangeOpportunityCloseDate(new(2027, 1, 31)));
                case 11:
                    var (with, reference) = (dice.Next(2) == 0, dice.Next(2) == 0);
                    return Both($"won {(with ? amount : "")} {reference}", plain.Win(with ? amount : null, reference), new WinOpportunity(
                        Playbook, with ? Worth(amount) : null, reference ? "C-1" : null));
                case 12 when dice.Next(2) == 0:
                    return Both("lost", plain.Lose(), new LoseOpportunity("price", Playbook));
                default:
                    var to = dice.Next(2) == 0 ? stage : null;
                    return Both($"reopened {to}", plain.Reopen(to), new ReopenOpportunity(Playbook, Stage: to));
            }
        }

        private string Both(string what, string expected, IOpportunityCommand command)
        {
            told.Add(what);
            string came;
            try
            {
                var said = OpportunityDecider.Decide(state, command);
                facts.AddRange(said);
                (state, came) = (said.Aggregate(state, Opportunity.Evolve), said.Count == 0 ? "nothing" : "done");
            }
            catch (Rejection rejection)
            {
                came = rejection.Code;
                if (came == "opportunity.gate")
                {
                    rejection.Faults.Count.ShouldBe(plain.Missing.Count, Telling());
                    rejection.Faults.Zip(plain.Missing).ShouldAllBe(pair => Says(pair.First.Message, pair.Second), Telling());
                }
            }

            came.ShouldBe(expected, Telling());
            Compare();
            return came;
        }

        private void Withdraw(int fact)
        {
            told.Add($"withdrawn: {fact}");
            facts.RemoveAt(fact);
            plain.Withdraw(fact);
            state = facts.Aggregate(Opportunity.None, Opportunity.Evolve);
            Compare();
        }

        private void Compare()
        {
            if (plain.Facts.Count == 0)
                return;

            (state.Stage, state.Outcome.ToString().ToLowerInvariant(), state.Amount!.Amount, state.StageVersion)
                .ShouldBe((plain.Stage, plain.Outcome, plain.Amount, plain.Version), Telling());
            state.Passed.Select(Words).ShouldBe(plain.Passed.Select(pass => pass.ToString()), Telling());
            StageGates.Gone(state).Select(Words).ShouldBe(plain.Gone.Select(pass => pass.ToString()), Telling());
        }

        private static bool Says(string message, string missing)
        {
            var words = missing.Split(' ');
            return message.StartsWith(words[1] switch { "Entry" => $"To come to {words[0]} ", "Exit" => $"To go on from {words[0]} ", _ => "To be won " })
                && message.Contains($"'{words[2]}'");
        }

        private string Words(GatePassed pass)
        {
            var evidence = pass.Evidence;
            var item = roads.SelectMany(road => road.Stages.SelectMany(stage => stage.Entry.Concat(stage.Exit)).Concat(road.Win)).First(one => one.Key == evidence.Key);
            var isItself = item.Kind == "granted" ? evidence.Approval == item.Word : item.Kind != "large" && evidence.Approval is null;
            return $"{pass.Stage} {pass.Gate} {evidence.Key} {(isItself ? "itself" : "waiver")} {evidence.AttachmentId ?? evidence.TouchId ?? evidence.ApprovalId}";
        }

        private string Telling() => string.Join('\n',
            [$"story {number}", .. roads.Select(road => $"{string.Join(" | ", road.Stages.Select(stage => $"{stage.Name}: in {Of(stage.Entry)}, out {Of(stage.Exit)}"))} | win {Of(road.Win)}"), .. told]);

        private static string Of(PlainItem[] items) => string.Join(" ", items.Select(item => item.ToString()));

        // In no order of time, as ids of several programs are not.
        private Guid NextId() => new(dice.Next(), (short)ids++, 0, 1, 2, 3, 4, 5, 6, 7, 8);

        private string Stage(int version) => One([.. roads[version - 1].Stages, .. roads[^1].Stages]).Name;

        private PlainRoad Road()
        {
            var key = 0;
            return new(
                [.. new[] { "A", "B", "C", "D" }.Take(dice.Next(2, 5)).Select(name => new PlainStage(name, Items(ref key, isExit: false), Items(ref key, isExit: true)))],
                [.. Items(ref key, isExit: false), .. dice.Next(3) == 0 ? [new PlainItem("reference", "known", "reference", false, false, null)] : Array.Empty<PlainItem>()]);
        }

        // A stage less, at times one more; exits that ask for other things.
        private PlainRoad Amended(PlainRoad road)
        {
            var without = dice.Next(road.Stages.Length);
            var kept = road.Stages.Where((_, i) => road.Stages.Length == 2 || i != without)
                .Select(stage => dice.Next(2) == 0 ? stage : stage with { Exit = [.. stage.Exit.Skip(1)], Entry = stage.Exit });
            return road with { Stages = [.. kept, .. dice.Next(2) == 0 ? [new PlainStage("E", [], [])] : Array.Empty<PlainStage>()] };
        }

        private PlainItem[] Items(ref int key, bool isExit)
        {
            var items = new PlainItem[dice.Next(3)];
            for (var i = 0; i < items.Length; i++)
            {
                var kind = One(["file", "talk", "known", "granted", "large"]);
                items[i] = new(
                    $"k{key++}", kind,
                    kind switch { "file" => One(Labels), "talk" => One(["", .. Outcomes]), "known" => "expectedClose", "granted" => One(Flows), _ => "" },
                    OnlyLarge: dice.Next(4) == 0, InStage: isExit && kind is "file" or "talk" or "granted" && dice.Next(2) == 0,
                    Waiver: dice.Next(4) == 0 && kind != "granted" ? "waiver" : null);
            }

            return items;
        }

        private T One<T>(T[] some) => some[dice.Next(some.Length)];
    }

    private static Money Worth(decimal amount) => Money.Of(amount, "CNY");

    private static PipelineSection Section(PlainRoad road) => new(
        "sales", "Sales", [.. road.Stages.Select(stage => new StageSection(stage.Name, Sections(stage.Entry), Sections(stage.Exit)))], Sections(road.Win));

    private static GateItemSection[] Sections(PlainItem[] items) => [.. items.Select(item => new GateItemSection(
        item.Key, item.Key, Attachment: item.Kind == "file" ? item.Word : null, Field: item.Kind == "known" ? item.Word : null,
        Touch: item.Kind == "talk" ? new(TouchKind.Meeting, Outcome: item.Word == "" ? null : item.Word) : null,
        Approval: item.Kind == "granted" ? item.Word : null, Holds: item.Kind == "large" ? Documents.When("amount", "gt", 50) : null,
        When: item.OnlyLarge ? Documents.When("amount", "gt", 100) : null, InStage: item.InStage, OrApproval: item.Waiver))];
}
