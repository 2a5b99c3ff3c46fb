using Crm.Domain.Scoring.Leads;

namespace Crm.Domain.Leads;

/// <summary>
/// What would have become of leads under other rules: what people did is taken from the log as it was, what rules did is left out, and the rules on trial decide instead, by the same functions
/// that decide in earnest. What people would have done, had another of them got the lead, no log tells: such leads are named.
/// </summary>
/// <param name="from">From when on the rules on trial decide; before, all is as it was.</param>
/// <param name="until">Up to when.</param>
/// <param name="suspended">Who cannot come in.</param>
public sealed class LeadSimulation(LeadPolicy policy, DateTimeOffset from, DateTimeOffset until, IReadOnlySet<string> suspended)
{
    private const int MostExamples = 500;

    // What is written as one is stamped microseconds apart.
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<Guid, Case> cases = [];
    private readonly PriorityQueue<Guid, (DateTimeOffset Due, Guid Lead)> due = new();
    private readonly Dictionary<string, (int Was, int Would)> counts = new(StringComparer.Ordinal);
    private readonly Books books = new(suspended);

    // Leads that something happened to just now: what was written with it comes first.
    private readonly Queue<(Guid Lead, DateTimeOffset At)> happened = new();

    /// <summary>A fact of a lead, in the order of the log.</summary>
    /// <param name="isOfFile">It came by an import.</param>
    public void Take(Guid lead, ILeadEvent fact, DateTimeOffset occurredAt, DateTimeOffset recordedAt, bool isOfFile)
    {
        if (recordedAt >= until)
        {
            return;
        }

        Ring(recordedAt);
        AssignUpTo(recordedAt - Together);
        if (!cases.TryGetValue(lead, out var one))
        {
            cases.Add(lead, one = new Case());
        }

        if (recordedAt < from || fact is not LeadFlagged { Rule: not null })
        {
            one.Lead = Lead.Evolve(one.Lead, fact);
        }

        if (policy.Points is not null && fact is LeadCaptured or LeadTouched or LeadAbsorbed)
        {
            one.Facts.Add(new LeadFact(fact, occurredAt));
        }

        one.Was = LeadClock.Evolve(one.Was, fact, occurredAt);
        one.IsOfFile |= fact is LeadCaptured && isOfFile;
        if (recordedAt < from)
        {
            Would(lead, one, fact, occurredAt);
            return;
        }

        one.FirstWas ??= (fact as LeadAssigned)?.Rep;
        one.Happened = one.Happened || fact is LeadCaptured or LeadReturned;
        if (IsOfRules(fact))
        {
            Count(fact, would: false);
            return;
        }

        one.IsUntold |= fact is LeadTouched && one.Would.Rep != one.Was.Rep;
        Would(lead, one, fact is LeadAssigned given && !isOfFile ? given with { Terms = policy.TermsFrom(recordedAt) } : fact, occurredAt);
        one.FirstWould ??= (fact as LeadAssigned)?.Rep;
        happened.Enqueue((lead, recordedAt));
    }

    /// <summary>What came of it.</summary>
    public LeadSimulationResult End()
    {
        // What is due at the end is no part of it.
        AssignUpTo(until);
        Ring(until.AddTicks(-1));
        var looked = cases.Where(one => one.Value.Happened || one.Value.FirstWould is not null).OrderBy(one => one.Key).ToList();
        var reps = looked.SelectMany(one => new[] { one.Value.FirstWas, one.Value.FirstWould }).OfType<string>().Distinct().Order(StringComparer.Ordinal)
            .Select(rep => new SimulatedRep(rep, looked.Count(one => one.Value.FirstWas == rep), looked.Count(one => one.Value.FirstWould == rep))).ToList();
        var others = looked.Where(one => one.Value.FirstWas != one.Value.FirstWould).ToList();
        return new(
            from, until, looked.Count, looked.Count(one => one.Value.FirstWas is not null), looked.Count(one => one.Value.FirstWould is not null), others.Count,
            looked.Count(one => one.Value.IsUntold), reps,
            [.. looked.Where(one => one.Value.Would is { IsOpen: true, Rep: null, LeftBecause: not null }).GroupBy(one => one.Value.Would.LeftBecause!)
                .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new SimulatedReason(group.Key, group.Count()))],
            [.. counts.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new SimulatedCount(one.Key, one.Value.Was, one.Value.Would))],
            [.. others.Take(MostExamples).Select(one => new SimulatedLead(one.Key, one.Value.FirstWas, one.Value.FirstWould, one.Value.Rule,
                one.Value.FirstWould is null ? one.Value.Would.LeftBecause : null, one.Value.IsUntold))]);
    }

    private static bool IsOfRules(ILeadEvent fact) => fact is LeadLeftInPool or LeadReminded or LeadResponseMissed or LeadSilent
        or LeadFollowUpExpected or LeadClocksStopped or LeadReturned { Because: ReturnedBecause.NoResponse } or LeadFlagged { Rule: not null }
        or LeadBandEntered or LeadNurtureStarted { Because: not NurtureBecause.Hand } or LeadNurtureMailed
        or LeadNurtureEnded { Because: not NurtureEnd.Stopped } or LeadAssigned { Ground.By: AssignedBy.Rule or AssignedBy.Rounds };

    // Each moment that comes up to another, in order.
    private void Ring(DateTimeOffset now)
    {
        while (due.TryPeek(out var lead, out var at) && at.Due <= now)
        {
            due.Dequeue();
            AssignUpTo(at.Due);
            var one = cases[lead];
            if (one.FadesAt == at.Due && one.Would.Due != at.Due)
            {
                Assign(lead, one, at.Due, has: false);
                continue;
            }

            if (one.Would.Due != at.Due || at.Due < from)
            {
                Renew(lead, one, at.Due);
                continue;
            }

            foreach (var fact in RingLeadClock.Decide(one.Would, policy, at.Due))
            {
                Count(fact, would: true);
                Would(lead, one, fact, at.Due);
            }

            Assign(lead, one, at.Due, has: true);
        }
    }

    // What was due before the rules on trial began, and is not done, is due when they begin.
    private void Renew(Guid lead, Case one, DateTimeOffset was)
    {
        if (was < from && one.Would.Due == was)
        {
            one.Would = one.Would with
            {
                RemindAt = Later(one.Would.RemindAt),
                RespondBy = Later(one.Would.RespondBy),
                SilentAt = Later(one.Would.SilentAt),
                TryAgainAt = Later(one.Would.TryAgainAt),
                Nurture = one.Would.Nurture is { } nurture ? nurture with { NextAt = Later(nurture.NextAt) } : null
            };
            due.Enqueue(lead, (one.Would.Due!.Value, lead));
        }

        DateTimeOffset? Later(DateTimeOffset? moment) => moment < from ? from : moment;
    }

    private void AssignUpTo(DateTimeOffset moment)
    {
        while (happened.TryPeek(out var next) && next.At <= moment)
        {
            happened.Dequeue();
            Assign(next.Lead, cases[next.Lead], next.At, has: true);
        }
    }

    private void Assign(Guid lead, Case one, DateTimeOffset now, bool has)
    {
        if (one.IsOfFile && policy.Document.Assignment?.Imported != true)
        {
            return;
        }

        foreach (var fact in LeadRoutine.React(one.Lead, one.Would, one.Facts, books, new RulesInForce(policy), now, has, isForSale: true))
        {
            Count(fact, would: true);
            Would(lead, one, fact, now);
            one.FirstWould ??= (fact as LeadAssigned)?.Rep;
            one.Rule ??= (fact as LeadAssigned)?.Ground?.Rule;
        }

        if (EnterScoreBand.Next(one.Lead, one.Would, one.Facts, policy, now) is var next && next != one.FadesAt)
        {
            one.FadesAt = next;
            if (next is { } moment)
            {
                due.Enqueue(lead, (moment, lead));
            }
        }
    }

    private void Would(Guid lead, Case one, ILeadEvent fact, DateTimeOffset at)
    {
        var before = one.Would;
        one.Would = LeadClock.Evolve(before, fact, at);
        books.Move(before.IsOpen ? before.Rep : null, one.Would.IsOpen ? one.Would.Rep : null);
        if (fact is LeadAssigned { Ground.Rule: { } rule } given)
        {
            books.Turn(rule, given.Rep);
        }

        if (one.Would.Due is { } next && next != before.Due)
        {
            due.Enqueue(lead, (next, lead));
        }
    }

    private void Count(ILeadEvent fact, bool would)
    {
        var name = fact switch
        {
            LeadAssigned { Ground.By: AssignedBy.Rule } => "given",
            LeadAssigned => "given-to-superior",
            LeadReminded => "reminded",
            LeadResponseMissed => "missed",
            LeadSilent => "silent",
            LeadFlagged { Rule: not null } => "flagged",
            LeadBandEntered e => $"band-{e.Band}",
            LeadNurtureStarted => "nurtured",
            LeadNurtureMailed => "mailed",
            _ => null
        };
        if (name is not null)
        {
            var (was, hypothetical) = counts.GetValueOrDefault(name);
            counts[name] = would ? (was, hypothetical + 1) : (was + 1, hypothetical);
        }
    }

    private sealed class Case
    {
        public Lead Lead { get; set; } = Lead.None;

        /// <summary>What it did by itself.</summary>
        public List<LeadFact> Facts { get; } = [];

        public LeadClock Was { get; set; } = LeadClock.None;

        public LeadClock Would { get; set; } = LeadClock.None;

        public string? FirstWas { get; set; }

        public string? FirstWould { get; set; }

        public string? Rule { get; set; }

        public bool Happened { get; set; }

        public bool IsUntold { get; set; }

        public bool IsOfFile { get; set; }

        /// <summary>When its points will have faded into another band.</summary>
        public DateTimeOffset? FadesAt { get; set; }
    }

    private sealed class Books(IReadOnlySet<string> suspended) : ILeadBooks
    {
        private readonly Dictionary<string, int> open = new(StringComparer.Ordinal);
        private readonly Dictionary<(string, string), long> turns = [];
        private long turn;

        public int OpenOf(string rep) => open.GetValueOrDefault(rep);

        public long LastTurn(string rule, string rep) => turns.GetValueOrDefault((rule, rep));

        public bool IsSuspended(string rep) => suspended.Contains(rep);

        public void Turn(string rule, string rep) => turns[(rule, rep)] = ++turn;

        public void Move(string? before, string? after)
        {
            if (before != after)
            {
                Add(before, -1);
                Add(after, 1);
            }
        }

        private void Add(string? rep, int by)
        {
            if (rep is not null)
            {
                open[rep] = open.GetValueOrDefault(rep) + by;
            }
        }
    }
}
