namespace Crm.Support.Months;

/// <summary>A moment at which the store's clock is looked at: what is due by then is done, then people do something.</summary>
/// <param name="Recorded">The order of the last fact of it.</param>
public sealed record MonthStep(DateTime At, IReadOnlyList<IReadOnlyList<MonthDeed>> Deeds, int Recorded);

/// <summary>
/// A month as it has to come out, written apart from the product: moment by moment, by what the playbook and its documentation say. It
/// knows the facts of all leads, tasks and alerts, and the steps by which a test can play it.
/// </summary>
public sealed class PlainMonth
{
    private const int Grain = 15;

    private readonly MonthPlan plan;
    private readonly PlainAssignment assignment;
    private readonly MonthErrands errands = new();
    private readonly PriorityQueue<MonthDeed, (DateTime At, int Turn, int Order)> ahead = new();
    private readonly List<MonthRules> published = [MonthRules.First];
    private int planned;
    private int recorded;
    private DateTime now;

    public PlainMonth(int seed, int leads)
    {
        plan = new MonthPlan(seed, leads);
        assignment = new PlainAssignment(Leads);
        Expect(plan.Given());
        while (NextStep() is { } at && at < MonthDays.End)
        {
            // Seconds apart, so that what fell to several in one minute is in order.
            var looked = now = at.AddSeconds(5 + Steps.Count % 5 * 8);
            Ring(at);
            var deeds = new List<MonthDeed>();
            while (ahead.TryPeek(out _, out var when) && when.At < at.AddMinutes(1))
            {
                deeds.Add(ahead.Dequeue());
            }

            var turns = deeds.GroupBy(deed => deed.Turn).OrderBy(turn => turn.Key)
                .Select(turn => (IReadOnlyList<MonthDeed>)[.. turn.Where(Do)]);
            Steps.Add(new MonthStep(looked, [.. turns.Where(turn => turn.Count > 0)], recorded));
        }
    }

    public List<MonthLead> Leads { get; } = [];

    public IReadOnlyList<MonthTask> Tasks => errands.Tasks;

    public IReadOnlyList<MonthAlert> Alerts => errands.Alerts;

    public List<MonthStep> Steps { get; } = [];

    /// <summary>How many facts a step has.</summary>
    public int DoneIn(MonthStep step) =>
        step.Recorded - Steps.TakeWhile(earlier => earlier != step).Select(earlier => earlier.Recorded).LastOrDefault();

    public override string ToString() =>
        $"{Leads.Count} leads, {recorded} facts, {Tasks.Count} tasks and {Alerts.Count} alerts in {Steps.Count} steps";

    // When the next thing happens; that a moment has come is seen a while after, never within its minute: so fine clocks are not here.
    private DateTime? NextStep()
    {
        var deed = ahead.TryPeek(out _, out var when) ? when.At.Minute() : MonthDays.End;
        var due = Leads.Min(lead => lead.State.Due) is { } first ? RoundedUp(first) : MonthDays.End;
        var at = Steps.Count > 0 && deed <= Steps[^1].At ? Steps[^1].At.Minute().AddMinutes(1) : deed;
        at = due < at ? due : at;
        var taken = Leads.Select(lead => lead.State.Due?.Minute()).OfType<DateTime>().ToHashSet();
        while (taken.Contains(at) || Following(at).Any(taken.Contains))
        {
            at = at.AddMinutes(1);
        }

        return at;
    }

    // What may fall due because of what is done at a moment.
    private IEnumerable<DateTime> Following(DateTime at) =>
        [.. published.Select(rules => rules.In.After(at, rules.Due)), .. Enumerable.Range(0, 8).Select(n => at + PlainAssignment.Pause(n))];

    private static DateTime RoundedUp(DateTime due) => due.Minute().AddMinutes(Grain - due.Minute % Grain);

    private void Ring(DateTime at)
    {
        var due = Leads.Where(lead => lead.State.Due < at).OrderBy(lead => lead.State.Due).ThenBy(lead => lead.Number).ToList();
        var returned = new List<MonthLead>();
        MustBeInOrder(due);
        foreach (var lead in due)
        {
            var moment = lead.State.Due!.Value;
            var had = lead.State.Rep;
            while (lead.State.Rep is not null && lead.State.Due < at)
            {
                Expire(lead, lead.State);
            }

            Ask(lead, RulesAt(moment));
            if (had is not null && lead.State.Rep is null)
            {
                returned.Add(lead);
            }
        }

        // What came back is a fact by itself, upon which the rules are asked.
        returned.ForEach(lead => Ask(lead, RulesAt(now)));
    }

    // Of what fell due within a second, set at different moments, nobody can say which was first on a clock that runs.
    private void MustBeInOrder(List<MonthLead> due)
    {
        foreach (var (one, other) in due.Zip(due.Skip(1)))
        {
            var apart = other.State.Due!.Value - one.State.Due!.Value;
            if (apart > TimeSpan.Zero && apart < TimeSpan.FromSeconds(7) && SetIn(one) != SetIn(other) && Moves(one) && Moves(other))
            {
                throw new InvalidOperationException(
                    $"{one.Key} and {other.Key} fall due at the same moment, {MonthDays.Word(one.State.Due)}; take another seed.");
            }
        }

        int SetIn(MonthLead lead) => Steps.FindIndex(step =>
            step.Recorded >= lead.Facts.Last(fact => fact.Type is "lead_assigned" or "lead_left_in_pool").Order);

        static bool Moves(MonthLead lead) => lead.State.Rep is null || lead.State.RespondBy == lead.State.Due;
    }

    private void Expire(MonthLead lead, MonthState state)
    {
        var rep = state.Rep!;
        if (state.RemindAt == state.Due)
        {
            Add(lead, new("lead_reminded", Now(), ++recorded) { Rep = rep, RespondBy = state.RespondBy });
            Tell(lead, "lead-reminder", rep);
        }
        else if (state.RespondBy == state.Due)
        {
            Add(lead, new("lead_response_missed", Now(), ++recorded) { Rep = rep, RespondBy = state.RespondBy, Round = state.Round });
            Tell(lead, "lead-missed", [rep, .. MonthRules.Above(rep).Take(1)]);
            Add(lead, new("lead_returned", Now(), ++recorded) { Rep = rep });
        }
        else if (state.FollowedUpAt is { } last && MonthRules.SilentAfter(last) > state.SilentAt)
        {
            Add(lead, new("lead_follow_up_expected", Now(), ++recorded) { Rep = rep, SilentAt = MonthRules.SilentAfter(last) });
        }
        else
        {
            var (step, above) = (state.SilenceStep + 1, MonthRules.Above(rep));
            Add(lead, new("lead_silent", Now(), ++recorded)
            {
                Rep = rep,
                Since = state.FollowedUpAt ?? state.AssignedAt,
                Step = step,
                Told = above.ElementAtOrDefault(step - 1),
                SilentAt = step < Math.Min(MonthRules.SilenceSteps, above.Count) ? MonthRules.SilentAfter(state.SilentAt!.Value) : null
            });
            Tell(lead, "lead-silent", [.. above.Skip(step - 1).Take(1)]);
        }
    }

    private void Ask(MonthLead lead, MonthRules rules)
    {
        var at = Now();
        if (assignment.Ask(lead, rules, at, NextRulesAfter(at)) is not { } said)
        {
            return;
        }

        Add(lead, said with { At = at, Order = ++recorded, Version = rules.Version });
        if (said.Type == "lead_assigned")
        {
            Given(lead, said.Rep!, hasTask: true);
            Tell(lead, "lead-given", said.Rep!);
        }
    }

    private void Given(MonthLead lead, string rep, bool hasTask)
    {
        if (hasTask)
        {
            errands.Open(lead, rep, now);
        }

        Expect(plan.AfterAssignment(lead.Number, rep, now, lead.Facts.Count(fact => fact.Type == "lead_assigned")));
    }

    // Whether it can be done: in the meantime another may have the lead.
    private bool Do(MonthDeed deed)
    {
        switch (deed)
        {
            case CaptureDeed d:
                Leads.Add(new MonthLead(d.Lead, d.Source, d.Region) { Campaign = d.Campaign });
                Add(Leads[^1], new("lead_captured", Now(), ++recorded));
                Ask(Leads[^1], RulesAt(now));
                return true;
            case TouchDeed d when Of(d.Lead) is { State.IsClosed: false } lead && (d.Rep is null || Has(d.Rep, lead)):
                Touch(lead, d);
                return true;
            case VerifyDeed d when Of(d.Lead) is { State.IsClosed: false } lead:
                lead.Campaign = null;
                Add(lead, new("lead_changed", Now(), ++recorded));
                Ask(lead, RulesAt(now));
                return true;
            case DisqualifyDeed d when Of(d.Lead) is { State.IsClosed: false } lead && Has(d.Rep, lead):
                Add(lead, new("lead_disqualified", Now(), ++recorded));
                return true;
            case QualifyDeed d when Of(d.Lead) is { State.IsClosed: false } lead && Has(d.Rep, lead):
                Add(lead, new("lead_qualified", Now(), ++recorded));
                return true;
            case SuspendDeed d:
                assignment.Away.Add(d.Rep);
                return true;
            case HandOverDeed d:
                HandOver(d);
                return true;
            case PublishDeed d:
                published.Add(d.Rules);
                Leads.Where(lead => lead.State is { Rep: null, Why: not null }).ToList().ForEach(lead => Ask(lead, RulesAt(now)));
                return true;
            default:
                return false;
        }
    }

    private bool Has(string rep, MonthLead lead) => lead.State.Rep == rep && !assignment.Away.Contains(rep);

    private void Touch(MonthLead lead, TouchDeed deed)
    {
        Add(lead, new("lead_touched", deed.Occurred ?? Now(), ++recorded) { FollowsUp = deed.FollowsUp });
        if (deed.FollowsUp && lead.State is { Rep: { } rep, FollowedUpAt: not null })
        {
            Expect(plan.AfterFollowUp(lead.Number, rep, now, lead.Facts.Count(fact => fact.FollowsUp)));
        }

        Ask(lead, RulesAt(now));
    }

    private void HandOver(HandOverDeed deed)
    {
        assignment.Away.Add(deed.Rep);
        foreach (var (n, lead) in Leads.Where(lead => lead.State is { IsClosed: false } state && state.Rep == deed.Rep).ToList().Index())
        {
            var (to, rules, at) = (deed.To[n % deed.To.Length], RulesAt(now), Now());
            Add(lead, PlainAssignment.Terms(new("lead_assigned", at, ++recorded) { Rep = to, By = "handover" }, rules, at));
            Given(lead, to, hasTask: false);
        }
    }

    private void Add(MonthLead lead, MonthFact fact)
    {
        lead.Add(fact);
        errands.Follow(lead, fact, now);
    }

    private void Tell(MonthLead lead, string kind, params IReadOnlyList<string> members) => errands.Tell(lead, kind, members);

    private void Expect(IEnumerable<(DateTime At, MonthDeed Deed)> deeds)
    {
        foreach (var (at, deed) in deeds)
        {
            ahead.Enqueue(deed, (at.Minute(), deed.Turn, planned++));
        }
    }

    private MonthLead? Of(int lead) => lead < Leads.Count ? Leads[lead] : null;

    private MonthRules RulesAt(DateTime at) => published.Last(rules => rules.From <= at);

    private DateTime? NextRulesAfter(DateTime at) => published.Where(rules => rules.From > at).Select(rules => (DateTime?)rules.From).Min();

    // No two things happen at once.
    private DateTime Now() => now = now.AddMilliseconds(1);
}
