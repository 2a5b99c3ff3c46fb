namespace Crm.Domain.Tests.Opportunities;

/// <summary>What a gate asks for, as the reference has it.</summary>
/// <param name="Kind"><c>file</c>, <c>talk</c>, <c>known</c>, <c>granted</c>, or <c>large</c>: that the amount is above 50.</param>
/// <param name="Word">The label, the outcome (empty for any), the member, or the flow.</param>
/// <param name="OnlyLarge">Asked for only above 100.</param>
internal sealed record PlainItem(string Key, string Kind, string Word, bool OnlyLarge, bool InStage, string? Waiver);

internal sealed record PlainStage(string Name, PlainItem[] Entry, PlainItem[] Exit);

internal sealed record PlainRoad(PlainStage[] Stages, PlainItem[] Win);

/// <param name="Gate"><c>Entry</c>, <c>Exit</c> or <c>Win</c>.</param>
internal sealed record PlainPass(string Stage, string Gate, PlainItem Item, string By, Guid? Id)
{
    public override string ToString() => $"{Stage} {Gate} {Item.Key} {By} {Id}";
}

/// <param name="What">What happened.</param>
/// <param name="Word">The stage, label, outcome or flow.</param>
/// <param name="Version">Of an entry: whose exit gate it has to pass.</param>
internal sealed record PlainFact(string What, Guid Id = default, string? Word = null, decimal Amount = 0, int? Version = null, PlainPass[]? Passed = null);

/// <summary>
/// The rules of gates told once more, as plainly as possible and by nothing of the program: a list of what happened, gone through from its
/// beginning whenever something is asked.
/// </summary>
internal sealed class PlainDeal(params PlainRoad[] versions)
{
    private readonly Dictionary<Guid, string> files = [];
    private readonly Dictionary<Guid, string> talks = [];
    private readonly Dictionary<Guid, string> granted = [];
    private readonly HashSet<Guid> removed = [];
    private readonly HashSet<Guid> came = [];
    private PlainPass[] wonBy = [];
    private PlainPass[] inStage = [];
    private bool hasDate;
    private bool hasReference;

    public List<PlainFact> Facts { get; } = [];

    public int InForce { get; set; } = 1;

    public string Stage { get; private set; } = "";
    public string Outcome { get; private set; } = "open";
    public decimal Amount { get; private set; }
    public int? Version { get; private set; }

    public IEnumerable<Guid> Files => files.Keys;

    public PlainPass[] Passed => Outcome == "won" ? wonBy : inStage;

    public IReadOnlyList<string> Missing { get; private set; } = [];

    public IEnumerable<PlainPass> Gone => Passed.Where(pass => Serving(pass.By == "waiver"
        ? new PlainItem("", "granted", pass.Item.Waiver!, false, false, null) : pass.Item, _ => true) is null);

    private PlainRoad Road => versions[InForce - 1];

    private List<string> Names => [.. Road.Stages.Select(stage => stage.Name)];

    /// <summary>What came of it: <c>done</c>, <c>nothing</c>, or the code of a refusal.</summary>
    public string Open(string stage, decimal amount)
    {
        (Stage, Amount) = (stage, amount);
        var asked = Between(-1, Names.IndexOf(stage));
        return Pass(asked, [], out var passed) ?? Done(new("opened", Word: stage, Amount: amount, Version: ExitVersion(stage), Passed: passed));
    }

    public string Enter(string to) => to == Stage ? "nothing" : Outcome != "open" ? "opportunity.closed" : Come("entered", to);

    public string Win(decimal? amount, bool withReference)
    {
        if (Outcome == "won" && (amount is null || amount == Facts.FindLast(fact => fact.What == "won")!.Amount) && (!withReference || hasReference))
            return "nothing";
        if (Outcome != "open")
            return "opportunity.closed";

        var (before, from) = (Amount, Names.IndexOf(Stage));
        (Amount, hasReference) = (amount ?? Amount, withReference);
        PlainPass[] kept = [.. inStage];
        var refused = Pass([.. Leaving(), .. Between(from < 0 ? Names.Count - 1 : from, Names.Count)], kept, out var passed);
        var signed = Amount;
        (Amount, hasReference) = (before, false);
        return refused ?? Done(new("won", Word: withReference ? "with" : null, Amount: signed, Passed: passed));
    }

    public string Lose() => Outcome switch { "lost" => "nothing", "won" => "opportunity.closed", _ => Done(new("lost")) };

    public string Reopen(string? to) => Outcome == "open" ? to is null || to == Stage ? "nothing" : "opportunity.open"
        : to is null ? Done(new("reopened")) : Come("reopened", to);

    public string Price(decimal amount) => amount == Amount ? "nothing" : Outcome != "open" ? "opportunity.closed" : Done(new("priced", Amount: amount));

    public string Date() => hasDate ? "nothing" : Outcome != "open" ? "opportunity.closed" : Done(new("dated"));

    public string Remove(Guid file) => removed.Contains(file) ? "nothing" : Done(new("removed", file));

    public string Done(PlainFact fact)
    {
        Facts.Add(fact);
        GoThrough();
        return "done";
    }

    public void Withdraw(int fact)
    {
        Facts.RemoveAt(fact);
        GoThrough();
    }

    private string Come(string what, string to)
    {
        var (from, target) = (Names.IndexOf(Stage), Names.IndexOf(to));
        if (target < 0)
            return "opportunity.stage-unknown";

        List<(string, string, PlainItem, bool)> asked = target <= from ? [] : [.. Leaving(), .. Between(from < 0 ? target - 1 : from, target)];
        PlainPass[] kept =
        [
            .. Passed.Where(pass => pass.Gate != "Win" && Names.IndexOf(pass.Stage) is var place && (place < target || (place == target && pass.Gate == "Entry")))
        ];
        return Pass(asked, kept, out var passed) ?? Done(new(what, Word: to, Version: ExitVersion(to), Passed: passed));
    }

    private int? ExitVersion(string stage) => Road.Stages.First(one => one.Name == stage).Exit.Length > 0 ? InForce : null;

    private IEnumerable<(string Stage, string Gate, PlainItem Item, bool IsInIt)> Leaving() => Version is not { } version ? []
        : (versions[version - 1].Stages.FirstOrDefault(one => one.Name == Stage)?.Exit ?? []).Select(item => (Stage, "Exit", item, true));

    // Behind the first, up to and with the second; behind the last stage comes the win.
    private List<(string Stage, string Gate, PlainItem Item, bool IsInIt)> Between(int after, int upTo)
    {
        var asked = new List<(string, string, PlainItem, bool)>();
        for (var i = after + 1; i <= upTo; i++)
        {
            if (i == Road.Stages.Length)
            {
                asked.AddRange(Road.Win.Select(item => (Road.Stages[^1].Name, "Win", item, false)));
                break;
            }

            asked.AddRange(Road.Stages[i].Entry.Select(item => (Road.Stages[i].Name, "Entry", item, false)));
            if (i < upTo)
                asked.AddRange(Road.Stages[i].Exit.Select(item => (Road.Stages[i].Name, "Exit", item, false)));
        }

        return asked;
    }

    private string? Pass(IEnumerable<(string Stage, string Gate, PlainItem Item, bool IsInIt)> all, PlainPass[] kept, out PlainPass[] passed)
    {
        var (missing, served) = (new List<string>(), kept.ToList());
        foreach (var (stage, gate, item, isInIt) in all.Where(one => !one.Item.OnlyLarge || Amount > 100))
        {
            served.RemoveAll(pass => (pass.Stage, pass.Gate, pass.Item.Key) == (stage, gate, item.Key));
            if (item.Kind == "large" && Amount > 50)
                continue;
            else if (Serving(item, id => !item.InStage || (isInIt && came.Contains(id))) is { } found)
                served.Add(new(stage, gate, item, "itself", found.Id));
            else if (item.Waiver is { } flow && First(granted.Where(one => one.Value == flow)) is { } waiver)
                served.Add(new(stage, gate, item, "waiver", waiver));
            else
                missing.Add($"{stage} {gate} {item.Key}");
        }

        (Missing, passed) = (missing, [.. served]);
        return missing.Count > 0 ? "opportunity.gate" : null;
    }

    private (Guid? Id, bool Found)? Serving(PlainItem item, Func<Guid, bool> counts) => item.Kind switch
    {
        "known" => (item.Word == "reference" ? hasReference : hasDate) ? (null, true) : null,
        "large" => null,
        _ => First((item.Kind switch { "file" => files, "talk" => talks, _ => granted })
            .Where(one => counts(one.Key) && (item.Word == "" || one.Value == item.Word))) is { } id ? (id, true) : null
    };

    private static Guid? First(IEnumerable<KeyValuePair<Guid, string>> some) => some.Select(one => (Guid?)one.Key).Min();

    private void GoThrough()
    {
        files.Clear();
        talks.Clear();
        granted.Clear();
        removed.Clear();
        came.Clear();
        (wonBy, inStage, hasDate, hasReference, Outcome) = ([], [], false, false, "open");
        foreach (var fact in Facts)
        {
            switch (fact.What)
            {
                case "opened":
                    (Stage, Version, inStage, Amount) = (fact.Word!, fact.Version, fact.Passed!, fact.Amount);
                    break;
                case "entered" or "reopened" when fact.Word is not null:
                    (Stage, Version, inStage, Outcome) = (fact.Word, fact.Version, fact.Passed!, fact.What == "reopened" ? "open" : Outcome);
                    came.Clear();
                    break;
                case "reopened":
                    Outcome = "open";
                    break;
                case "won":
                    (Outcome, wonBy, Amount, hasReference) = ("won", fact.Passed!, fact.Amount, fact.Word is not null);
                    break;
                case "lost":
                    Outcome = "lost";
                    break;
                case "priced":
                    Amount = fact.Amount;
                    break;
                case "dated":
                    hasDate = true;
                    break;
                case "filed":
                    files[fact.Id] = fact.Word!;
                    came.Add(fact.Id);
                    break;
                case "removed":
                    files.Remove(fact.Id);
                    removed.Add(fact.Id);
                    break;
                case "talked":
                    talks[fact.Id] = fact.Word!;
                    came.Add(fact.Id);
                    break;
                case "granted":
                    granted[fact.Id] = fact.Word!;
                    came.Add(fact.Id);
                    break;
            }
        }

        hasReference = hasReference && Outcome == "won";
    }
}
