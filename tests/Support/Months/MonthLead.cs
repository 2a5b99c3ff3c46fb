namespace Crm.Support.Months;

/// <summary>What happened to a lead, in the words of the product's events.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Order">Its place among all facts, as they were recorded.</param>
public sealed record MonthFact(string Type, DateTime At, int Order)
{
    public string? Rep { get; init; }
    public string? By { get; init; }
    public string? Rule { get; init; }
    public string? Why { get; init; }
    public string? Told { get; init; }
    public int Round { get; init; }
    public int Step { get; init; }
    public long? Version { get; init; }
    public DateTime? RespondBy { get; init; }
    public DateTime? RemindAt { get; init; }
    public DateTime? SilentAt { get; init; }
    public DateTime? Since { get; init; }
    public DateTime? TryAgainAt { get; init; }
    public bool FollowsUp { get; init; }

    /// <summary>All that is compared of it, on a line.</summary>
    public string Words => $"{MonthDays.Word(At)} {Type}" + Type switch
    {
        "lead_assigned" => $" {Rep} {By} {Rule ?? "-"} {Round} respond {MonthDays.Word(RespondBy)} remind {MonthDays.Word(RemindAt)}" +
            $" silent {MonthDays.Word(SilentAt)}",
        "lead_left_in_pool" => $" {Why} {Rule ?? "-"} again {MonthDays.Word(TryAgainAt)}",
        "lead_reminded" => $" {Rep} {MonthDays.Word(RespondBy)}",
        "lead_response_missed" => $" {Rep} {MonthDays.Word(RespondBy)} {Round}",
        "lead_returned" => $" {Rep}",
        "lead_silent" => $" {Rep} since {MonthDays.Word(Since)} step {Step} told {Told ?? "-"} next {MonthDays.Word(SilentAt)}",
        "lead_follow_up_expected" => $" {Rep} {MonthDays.Word(SilentAt)}",
        _ => ""
    };
}

/// <summary>What the facts of a lead come to, gone through one by one in the order in which they happened.</summary>
public sealed record MonthState
{
    public string? Rep { get; private set; }
    public bool IsClosed { get; private set; }
    public string? Outcome { get; private set; }
    public int Round { get; private set; }
    public HashSet<string> Turns { get; } = [];

    /// <summary>Who let it go last, of those who had it.</summary>
    public List<string> Left { get; } = [];

    public DateTime? AssignedAt { get; private set; }
    public DateTime? FollowedUpAt { get; private set; }
    public DateTime? RemindAt { get; private set; }
    public DateTime? RespondBy { get; private set; }
    public DateTime? SilentAt { get; private set; }
    public int SilenceStep { get; private set; }
    public DateTime? TryAgainAt { get; private set; }
    public string? Why { get; private set; }
    public int Attempts { get; private set; }

    public DateTime? Due => IsClosed ? null : Rep is null ? TryAgainAt : new[] { RemindAt, RespondBy, SilentAt }.Min();

    public static MonthState Of(IEnumerable<MonthFact> facts)
    {
        var state = new MonthState();
        foreach (var fact in facts.OrderBy(fact => fact.At).ThenBy(fact => fact.Order))
        {
            state.Take(fact);
        }

        return state;
    }

    private void Take(MonthFact fact)
    {
        switch (fact.Type)
        {
            case "lead_assigned":
                Leave();
                (Rep, AssignedAt, RemindAt, RespondBy, SilentAt) = (fact.Rep, fact.At, fact.RemindAt, fact.RespondBy, fact.SilentAt);
                (TryAgainAt, Why, Attempts) = (null, null, 0);
                Round = fact.By == "rule" ? fact.Round : 0;
                if (fact.By != "rule")
                {
                    Turns.Clear();
                }
                else
                {
                    Turns.Add(fact.Rep!);
                }

                break;
            case "lead_returned":
                Leave();
                Turns.Add(fact.Rep!);
                break;
            case "lead_left_in_pool":
                (TryAgainAt, Why, Attempts) = (fact.TryAgainAt, fact.Why, Attempts + 1);
                break;
            case "lead_touched" when fact.FollowsUp && Rep is not null:
                FollowedUpAt = FollowedUpAt > fact.At ? FollowedUpAt : fact.At;
                RemindAt = RespondBy = null;
                SilentAt ??= SilenceStep > 0 ? fact.At : null;
                break;
            case "lead_reminded":
                RemindAt = null;
                break;
            case "lead_response_missed":
                RemindAt = RespondBy = null;
                break;
            case "lead_silent":
                (SilenceStep, SilentAt) = (fact.Step, fact.SilentAt);
                break;
            case "lead_follow_up_expected":
                (SilenceStep, SilentAt) = (0, fact.SilentAt);
                break;
            case "lead_qualified" or "lead_disqualified":
                (IsClosed, Outcome) = (true, fact.Type["lead_".Length..]);
                RemindAt = RespondBy = SilentAt = TryAgainAt = null;
                break;
        }
    }

    private void Leave()
    {
        if (Rep is { } rep)
        {
            Left.Remove(rep);
            Left.Add(rep);
        }

        (Rep, AssignedAt, FollowedUpAt, RemindAt, RespondBy, SilentAt, SilenceStep) = (null, null, null, null, null, null, 0);
    }
}

/// <param name="Number">In the order of capture.</param>
public sealed record MonthLead(int Number, string Source, string? Region)
{
    private readonly List<MonthFact> facts = [];

    public string? Campaign { get; set; }

    /// <summary>As they were recorded.</summary>
    public IReadOnlyList<MonthFact> Facts => facts;

    public MonthState State { get; private set; } = new();

    public string Key => $"lead {Number}";

    public void Add(MonthFact fact)
    {
        facts.Add(fact);
        State = MonthState.Of(facts);
    }

    /// <summary>Its status and whose it is; null before it was captured.</summary>
    /// <param name="before">By what happened before that; null for all of it.</param>
    /// <param name="upTo">By what was recorded up to there.</param>
    public string? Shown(DateTime? before, int upTo)
    {
        var known = facts.Where(fact => fact.Order <= upTo && !(fact.At >= before)).ToList();
        var state = MonthState.Of(known);
        var status = state.Outcome ?? (state.Rep is null ? "new" : "assigned");
        return known.Any(fact => fact.Type == "lead_captured") ? $"{Key}: {status} {state.Rep ?? "-"}" : null;
    }
}
