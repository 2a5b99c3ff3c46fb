using Crm.Domain.Access;
using Crm.Domain.Approvals;
using Crm.Domain.Playbooks;
using Xunit.Abstractions;

namespace Crm.Domain.Tests.Approvals;

/// <summary>Ten thousand random stories of approvals, told to the program and to a plain reference: they never come to anything
/// else.</summary>
public sealed class ApprovalModelTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_123;
    private const int Stories = 10_000;
    private const int Longest = 25;

    private static readonly string[] Members = [.. PlainPeople.Line, PlainPeople.Boss];
    private static readonly string[] Timeouts = ["remind", "escalate", "grant", "refuse"];

    [Fact]
    public void No_story_comes_to_a_state_that_the_reference_forbids()
    {
        output.WriteLine($"seed {Seed}");
        var ends = new SortedDictionary<string, int>();
        var commands = 0;
        for (var story = 0; story < Stories; story++)
        {
            var (end, length) = Tell(new Random(Seed + story), story);
            ends[end] = ends.GetValueOrDefault(end) + 1;
            commands += length;
        }

        output.WriteLine($"{commands} commands; {string.Join(", ", ends.Select(end => $"{end.Value} {end.Key}"))}");
        ends.Keys.ShouldBe(["approval.nobody", "granted", "pending", "refused", "withdrawn"]);
    }

    private static (string End, int Commands) Tell(Random dice, int story)
    {
        var people = new PlainPeople();
        var asker = Members[dice.Next(Members.Length)];
        PlainStep[] steps = [.. Enumerable.Range(0, dice.Next(1, 4)).Select(i => Step(dice, $"s{i}"))];
        var plain = new PlainApproval(asker, steps, people);
        var (state, now) = (Approval.None, Company.Monday);
        var done = new List<string>();

        var first = Ask();
        if (first != "done")
            return (first, 1);

        for (var i = 0; i < Longest; i++)
        {
            now = now.AddMinutes(dice.Next(0, 40));
            var by = Members[dice.Next(Members.Length)];
            switch (dice.Next(10))
            {
                case < 5:
                    var grants = dice.Next(4) > 0;
                    Both($"{by} says {grants}", plain.Decide(by, grants, now), new DecideApproval(by, grants, Terms()));
                    break;
                case 5:
                    var to = Members[dice.Next(Members.Length)];
                    Both($"{by} hands on to {to}", plain.HandOn(by, to, now), new TransferApproval(by, to, Terms()));
                    break;
                case 6:
                    if (dice.Next(3) == 0)
                        Both($"{by} withdraws", plain.Withdraw(by), new WithdrawApproval(by, Terms()));
                    break;
                case 7:
                    if (!people.Gone.Remove(by) && people.Gone.Count < 3)
                        people.Gone.Add(by);
                    break;
                case 8:
                    people.Away[by] = (Members[dice.Next(Members.Length)], now, now.AddMinutes(dice.Next(1, 120)));
                    break;
                default:
                    Both("time goes by", plain.TimeGoesBy(now), new TimeOutApproval(Terms()));
                    break;
            }
        }

        return (plain.State, done.Count);

        string Ask()
        {
            var came = plain.Ask(now);
            Both($"{asker} asks", came, new RequestApproval(
                new("f", "F", [.. steps.Select(Section)]), 1, Company.Deal, Company.Facts, asker, "why", Terms()));
            return came;
        }

        void Both(string what, string expected, IApprovalCommand command)
        {
            done.Add(what);
            string came;
            try
            {
                var facts = ApprovalDecider.Decide(state, command);
                (state, came) = (facts.Aggregate(state, Approval.Evolve), facts.Count == 0 ? "nothing" : "done");
            }
            catch (Rejection rejection)
            {
                came = rejection.Code;
            }

            var rules = steps.Select(step => $"{step.Key} of {string.Join('+', step.Asks)} {step.Needs} {step.OnTimeout}");
            var told = $"story {story}: asked by {asker}, {string.Join("; ", rules)}\n{string.Join('\n', done)}";
            came.ShouldBe(expected, told);
            if (came is not "approval.nobody")
            {
                state.Outcome.ToString().ToLowerInvariant().ShouldBe(plain.State, told);
                (state.Step ?? "").ShouldBe(plain.Step ?? "", told);
                string.Join(' ', state.Open.Select(seat => seat.Member).Order()).ShouldBe(string.Join(' ', plain.Waiting), told);
                state.DueAt.ShouldBe(plain.Due, told);
            }
        }

        ApprovalTerms Terms() => new(Company.Policy, new ApprovalStaff(
            Members.Select(member => new MemberAdded(member, MemberKind.Person, member == PlainPeople.Boss ? "admin" : "rep"))
                .Cast<IAccessEvent>()
                .Concat(people.Gone.Select(member => new MemberSuspended(member))).Aggregate(Organisation.None, Organisation.Evolve),
            [.. PlainPeople.Line.Select((member, i) =>
                new RepSection(member, i + 1 < PlainPeople.Line.Length ? PlainPeople.Line[i + 1] : null))],
            people.Away.Select(away => new ApprovalsDelegated(away.Key, away.Value.To, away.Value.From, away.Value.Until))
                .Aggregate(ApprovalDelegations.None, ApprovalDelegations.Evolve)), now);
    }

    private static PlainStep Step(Random dice, string key)
    {
        string[] asks = [.. Members.OrderBy(_ => dice.Next()).Take(dice.Next(1, 4))];
        return new(key, asks, dice.Next(-1, asks.Length + 1), Timeouts[dice.Next(Timeouts.Length)]);
    }

    private static ApprovalStepSection Section(PlainStep step) => Company.Step(step.Key, step.Asks) with
    {
        Mode = step.Needs switch { -1 => ApprovalMode.Any, 0 => ApprovalMode.All, _ => ApprovalMode.AtLeast },
        AtLeast = step.Needs > 0 ? step.Needs : null,
        DueMinutes = 60,
        OnTimeout = Enum.Parse<ApprovalTimeout>(step.OnTimeout, ignoreCase: true)
    };
}
