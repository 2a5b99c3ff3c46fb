using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>
/// Which moves of opportunities other gates would have stopped: each move that people made is held against the gates on trial, on what was
/// there at that moment. A move that would have been stopped happened all the same, and the opportunity is followed on from where it was
/// then. Beside that it counts what limits on trial would have marked, and what stages would have done by themselves.
/// </summary>
/// <param name="playbook">The rules on trial, as the newest version from <paramref name="from"/> on.</param>
/// <param name="from">From when on they decide.</param>
/// <param name="until">Up to when.</param>
/// <param name="stages">The same rules, ready to count by; null where limits are not tried.</param>
public sealed class OpportunitySimulation(Playbook playbook, DateTimeOffset from, DateTimeOffset until, StagePolicy? stages = null)
{
    private const int MostExamples = 500;

    private readonly Dictionary<Guid, Case> cases = [];
    private readonly Dictionary<(string Pipeline, string Stage, Gate Gate, string Key), int> missed = [];
    private readonly Dictionary<(string Pipeline, string Stage, string Key), int> marked = [];
    private readonly Dictionary<(string Pipeline, string Stage, string Key), int> acted = [];
    private int moves;
    private int stopped;
    private int ofFiles;

    /// <summary>A fact of an opportunity, in the order of the log.</summary>
    /// <param name="isOfFile">It came by an import, and so by no gate.</param>
    public void Take(Guid opportunity, IOpportunityEvent fact, DateTimeOffset recordedAt, bool isOfFile)
    {
        if (recordedAt >= until)
        {
            return;
        }

        if (!cases.TryGetValue(opportunity, out var one))
        {
            cases.Add(opportunity, one = new Case());
        }

        Mark(one, recordedAt);
        var isTried = recordedAt >= from;
        if (isTried && Move(one.Deal, fact) is { } to)
        {
            ofFiles += isOfFile ? 1 : 0;
            if (!isOfFile)
            {
                Judge(one, fact, to, recordedAt);
            }
        }

        var told = isTried && !isOfFile ? ByTrial(one.Deal, fact) : fact;
        one.Deal = Opportunity.Evolve(one.Deal, told);
        if (isTried && !isOfFile && Entered(one.Deal, fact) is { } stage && playbook.Document is { } document)
        {
            Count(acted, one.Deal, stage, ActOnEntry.Asked(one.Deal, stage, document).Select(action => action.Key));
        }

        // What other rules had done by themselves is no part of it.
        one.Clock = fact is OpportunityMarked or OpportunityMarkEscalated or OpportunityMarkCleared ? one.Clock
            : StageClock.Evolve(one.Clock, told, recordedAt);
    }

    /// <summary>What came of it.</summary>
    public OpportunitySimulationResult End()
    {
        foreach (var one in cases.Values)
        {
            Mark(one, until);
        }

        return Result() with { Marks = Counts(marked), Actions = Counts(acted) };
    }

    private OpportunitySimulationResult Result() => new(
        moves, stopped, cases.Values.Count(one => one.First is not null), cases.Values.Count(CameLater), ofFiles,
        [.. missed.OrderBy(one => one.Key.Pipeline, StringComparer.Ordinal).ThenByDescending(one => one.Value)
            .ThenBy(one => one.Key.Stage, StringComparer.Ordinal).ThenBy(one => one.Key.Key, StringComparer.Ordinal)
            .Select(one => new SimulatedGateItem(one.Key.Pipeline, one.Key.Stage, one.Key.Gate, one.Key.Key, one.Value))],
        [.. cases.Where(one => one.Value.First is not null).OrderBy(one => one.Value.First!.At).ThenBy(one => one.Key).Take(MostExamples)
            .Select(one => one.Value.First! with { OpportunityId = one.Key, CameLater = CameLater(one.Value) })]);

    // What would have been said of it by a moment, each at its own.
    private void Mark(Case one, DateTimeOffset by)
    {
        while (stages is not null && one.Clock.Playbook == playbook.Number && playbook.Number is not null
            && MarkOpportunity.Next(one.Deal, one.Clock, stages) is { } at && at < by)
        {
            foreach (var fact in MarkOpportunity.Decide(one.Deal, one.Clock, stages, at))
            {
                Count(marked, one.Deal, one.Clock.Stage!, fact is OpportunityMarked { Of: not MarkOf.Evidence } mark ? [mark.Limit] : []);
                one.Clock = StageClock.Evolve(one.Clock, fact, at);
            }
        }
    }

    private static void Count(Dictionary<(string, string, string), int> into, Opportunity deal, string stage, IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            into[(deal.Opened!.Pipeline, stage, key)] = into.GetValueOrDefault((deal.Opened.Pipeline, stage, key)) + 1;
        }
    }

    private static IReadOnlyList<SimulatedCount> Counts(Dictionary<(string Pipeline, string Stage, string Key), int> counted) =>
        [.. counted.OrderBy(one => one.Key.Pipeline, StringComparer.Ordinal).ThenBy(one => one.Key.Stage, StringComparer.Ordinal)
            .ThenBy(one => one.Key.Key, StringComparer.Ordinal).Select(one =>
                new SimulatedCount(one.Key.Pipeline, one.Key.Stage, one.Key.Key, one.Value))];

    private static string? Entered(Opportunity deal, IOpportunityEvent fact) => deal.Opened is null ? null : fact switch
    {
        OpportunityOpened e => e.Stage,
        OpportunityStageEntered e => e.Stage,
        OpportunityReopened e => e.Stage,
        _ => null
    };

    // Where a fact takes it; null for one that is no move forward by itself.
    private static string? Move(Opportunity deal, IOpportunityEvent fact) => fact switch
    {
        OpportunityOpened e when deal.Opened is null => e.Stage,
        OpportunityStageEntered e when deal.Opened is not null => e.Stage,
        OpportunityReopened { Stage: { } stage } when deal.Opened is not null => stage,
        OpportunityWon when deal.Opened is not null => "won",
        OpportunityPaid when deal.Won is not null => "paid",
        OpportunityDelivered when deal.Won is not null => "delivered",
        _ => null
    };

    private void Judge(Case one, IOpportunityEvent fact, string to, DateTimeOffset at)
    {
        var isDecided = fact is OpportunityWon or OpportunityPaid or OpportunityDelivered;
        var deal = fact is OpportunityOpened || isDecided ? Opportunity.Evolve(one.Deal, fact) : one.Deal;
        var pipeline = deal.Opened!.Pipeline;
        if (!isDecided && playbook.Pipelines.GetValueOrDefault(pipeline)?.Stages.Contains(to) != true)
        {
            return;
        }

        moves++;
        var asked = fact switch
        {
            OpportunityOpened => StageGates.Opening(deal, playbook),
            OpportunityPaid => WonStates.Asked(deal, playbook, WonState.Paid),
            OpportunityDelivered => WonStates.Asked(deal, playbook, WonState.Delivered),
            _ => StageGates.Ahead(deal, playbook, fact is OpportunityWon ? null : to)
        };
        var missing = asked.Where(item => !item.IsMetBy(deal)).ToList();
        foreach (var item in missing)
        {
            var key = (pipeline, item.Stage, item.Gate, item.Section.Key);
            missed[key] = missed.GetValueOrDefault(key) + 1;
        }

        if (missing.Count > 0)
        {
            stopped++;
            one.Missing ??= missing;
            one.First ??= new(default, one.Deal.Stage, to, at, [.. missing.Select(item => item.Section.Key)], CameLater: false);
        }
    }

    // From then on it is judged by the rules on trial; before, by what it met.
    private IOpportunityEvent ByTrial(Opportunity deal, IOpportunityEvent fact) => fact switch
    {
        OpportunityOpened e => e with { Playbook = StageGates.VersionFor(e.Pipeline, e.Stage, playbook) },
        OpportunityStageEntered e when deal.Opened is { } opened =>
            e with { Playbook = StageGates.VersionFor(opened.Pipeline, e.Stage, playbook) },
        OpportunityReopened { Stage: { } stage } e when deal.Opened is { } opened =>
            e with { Playbook = StageGates.VersionFor(opened.Pipeline, stage, playbook) },
        _ => fact
    };

    private static bool CameLater(Case one) => one.Missing is { } missing && missing.All(item => item.IsMetBy(one.Deal));

    private sealed class Case
    {
        public Opportunity Deal { get; set; } = Opportunity.None;

        public StageClock Clock { get; set; } = StageClock.None;

        /// <summary>What was missing when it would have been stopped for the first time.</summary>
        public List<GateItem>? Missing { get; set; }

        public SimulatedStop? First { get; set; }
    }
}

/// <summary>What other gates would have done to opportunities.</summary>
/// <param name="Moves">How often people moved, opened or won one in that time, or said that one is paid or delivered.</param>
/// <param name="Stopped">How many of those moves would have been refused.</param>
/// <param name="Opportunities">Of how many opportunities.</param>
/// <param name="CameLater">Of how many of these all that was missing the first time was there in the end: they would only have waited. Of
/// the others the log cannot tell what people would have done, had they been asked.</param>
/// <param name="OfFiles">Moves that files told, which pass no gates.</param>
/// <param name="Missing">What was missing how often.</param>
/// <param name="Examples">The first five hundred opportunities that would have been stopped, as they would have been for the first
/// time.</param>
public sealed record OpportunitySimulationResult(
    int Moves, int Stopped, int Opportunities, int CameLater, int OfFiles, IReadOnlyList<SimulatedGateItem> Missing,
    IReadOnlyList<SimulatedStop> Examples)
{
    /// <summary>How often limits would have been exceeded.</summary>
    public IReadOnlyList<SimulatedCount> Marks { get; init; } = [];

    /// <summary>How often stages would have done what they ask for when opportunities come to them.</summary>
    public IReadOnlyList<SimulatedCount> Actions { get; init; } = [];
}

/// <param name="Key">Of the limit, or of the action.</param>
public sealed record SimulatedCount(string Pipeline, string Stage, string Key, int Times);

/// <param name="Stage">Whose gate asks for it.</param>
public sealed record SimulatedGateItem(string Pipeline, string Stage, Gate Gate, string Key, int Times);

/// <param name="From">The stage that it was in; null where it was opened.</param>
/// <param name="To">The stage that it was moved to, or <c>won</c>, <c>paid</c> or <c>delivered</c>.</param>
/// <param name="Missing">The keys of what was missing.</param>
public sealed record SimulatedStop(
    Guid OpportunityId, string? From, string To, DateTimeOffset At, IReadOnlyList<string> Missing, bool CameLater);
