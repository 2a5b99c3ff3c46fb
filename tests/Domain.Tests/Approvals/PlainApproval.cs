namespace Crm.Domain.Tests.Approvals;

/// <summary>A step as the reference has it.</summary>
/// <param name="Needs">How many grants it takes; 0 for all, -1 where the first word decides.</param>
internal sealed record PlainStep(string Key, string[] Asks, int Needs, string OnTimeout);

/// <summary>
/// The rules of approvals told once more, as plainly as possible and by nothing of the program: lists that are changed in place, and a word
/// for each thing that is
/// said. It knows no events.
/// </summary>
internal sealed class PlainApproval(string asker, PlainStep[] steps, PlainPeople people)
{
    private readonly HashSet<(string Step, string By, bool Grants)> said = [];
    private readonly HashSet<(string Step, string By, string To)> handed = [];
    private int at = -1;

    public string State { get; private set; } = "pending";

    public string? Step => at < 0 || at >= steps.Length ? null : steps[at].Key;

    public List<(string Member, bool? Granted)> Seats { get; private set; } = [];

    public DateTimeOffset? Due { get; private set; }

    public IReadOnlyList<string> Waiting =>
        State != "pending" ? [] : [.. Seats.Where(seat => seat.Granted is null).Select(seat => seat.Member).Order()];

    /// <summary>What came of it: <c>done</c>, <c>nothing</c>, or the code of a refusal.</summary>
    public string Ask(DateTimeOffset now)
    {
        if (steps.Any(step => people.Asked(step.Asks, asker).Count == 0))
            return "approval.nobody";
        GoTo(0, now);
        return "done";
    }

    public string Decide(string by, bool grants, DateTimeOffset now) => With(now, () =>
    {
        var mine = Mine(by, now);
        if (mine.Count == 0)
            return said.Any(one => one.By == by && one.Grants == grants) ? "nothing" : Settled
                ?? (by == asker ? "approval.own-request" : "approval.not-asked");
        if (by == asker)
            return "approval.own-request";

        said.Add((Step!, by, grants));
        foreach (var i in mine)
            Seats[i] = (Seats[i].Member, grants);

        var step = steps[at];
        var (yes, no, open) =
            (Seats.Count(seat => seat.Granted == true), Seats.Count(seat => seat.Granted == false),
                Seats.Count(seat => seat.Granted is null));
        var needed = step.Needs switch { -1 => 1, 0 => Seats.Count, _ => Math.Min(step.Needs, Seats.Count) };
        if (step.Needs > 0 ? yes + open < needed : no > 0)
            State = "refused";
        else if (yes >= needed)
            GoTo(at + 1, now);
        return "done";
    });

    public string HandOn(string by, string to, DateTimeOffset now) => With(now, () =>
    {
        var mine = Mine(by, now);
        if (mine.Count == 0)
            return handed.Any(one => one.By == by && one.To == to) ? "nothing" : Settled ?? "approval.not-asked";
        if (by == asker || to == asker)
            return "approval.own-request";
        if (!people.Here(to) || Seats.Any(seat => seat.Member == to))
            return "approval.transfer";
        foreach (var i in mine)
            Seats[i] = (to, null);
        handed.Add((Step!, by, to));
        return "done";
    });

    public string Withdraw(string by)
    {
        if (by != asker)
            return "approval.not-asker";
        if (State == "withdrawn")
            return "nothing";
        if (State != "pending")
            return "approval.settled";
        (State, Due) = ("withdrawn", null);
        return "done";
    }

    public string TimeGoesBy(DateTimeOffset now) => With(now, () =>
    {
        if (State != "pending" || Due is null || Due > now)
            return "nothing";
        switch (steps[at].OnTimeout)
        {
            case "grant":
                GoTo(at + 1, now);
                break;
            case "refuse":
                State = "refused";
                break;
            case "escalate":
                var before = Seats.Select(seat => seat.Member).ToHashSet();
                Seats = [.. Seats.Select(seat =>
                    seat.Granted is null && people.Above(seat.Member)
                    .FirstOrDefault(one => one != asker && !before.Contains(one)) is { } above ? (above, null) : seat)];
                Due = now.AddHours(1);
                break;
            default:
                Due = now.AddHours(1);
                break;
        }

        return "done";
    });

    // Whoever left is replaced first; where nothing comes of what was said that was not there.
    private string With(DateTimeOffset now, Func<string> act)
    {
        var before = Seats;
        Seats = [.. Seats.Select(seat =>
            State == "pending" && seat.Granted is null && !people.Here(seat.Member) && people.Replacing(seat.Member, asker) is { } other
            ? (other, null) : seat)];
        var came = act();
        Seats = came == "done" ? Seats : before;
        Due = State == "pending" ? Due : null;
        return came;
    }

    private string? Settled => State == "pending" ? null : "approval.settled";

    private List<int> Mine(string by, DateTimeOffset now) => State != "pending" ? []
        : [.. Enumerable.Range(0, Seats.Count)
            .Where(i => Seats[i].Granted is null && (Seats[i].Member == by || people.ActsFor(Seats[i].Member, now) == by))];

    private void GoTo(int step, DateTimeOffset now)
    {
        at = step;
        if (at >= steps.Length)
        {
            at = steps.Length - 1;
            State = "granted";
            return;
        }

        Seats = [.. people.Asked(steps[at].Asks, asker).Select(member => (member, (bool?)null))];
        Due = now.AddHours(1);
    }
}

/// <summary>Who reports to whom, who left, and who stands in for whom, as the reference has it.</summary>
internal sealed class PlainPeople
{
    // Each reports to the next; the boss is admin, and reports to nobody.
    public static readonly string[] Line = ["ann", "bob", "cat", "dan", "eve"];

    public const string Boss = "boss";

    public HashSet<string> Gone { get; } = [];

    public Dictionary<string, (string To, DateTimeOffset From, DateTimeOffset Until)> Away { get; } = [];

    public bool Here(string member) => !Gone.Contains(member) && (Line.Contains(member) || member == Boss);

    public IEnumerable<string> Above(string member) => member == Boss ? [] : Line.SkipWhile(one => one != member).Skip(1).Where(Here);

    public string? Replacing(string member, string asker) =>
        Above(member).Append(Boss).FirstOrDefault(one => Here(one) && one != asker && one != member);

    public string ActsFor(string member, DateTimeOffset now)
    {
        for (var (acts, met) = (member, new HashSet<string> { member }); ;)
        {
            if (!Away.TryGetValue(acts, out var away) || now < away.From || now >= away.Until || !Here(away.To) || !met.Add(away.To))
                return acts;
            acts = away.To;
        }
    }

    public List<string> Asked(string[] named, string asker)
    {
        var asked = new List<string>();
        foreach (var member in named)
        {
            var who = Here(member) && member != asker ? member : Above(member).FirstOrDefault(one => one != asker);
            if (who is not null && !asked.Contains(who))
                asked.Add(who);
        }

        return asked.Count > 0 ? asked : Here(Boss) && asker != Boss ? [Boss] : [];
    }
}
