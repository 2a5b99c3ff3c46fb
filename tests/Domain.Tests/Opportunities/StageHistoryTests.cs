using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using static Crm.Domain.Opportunities.OpportunityOutcome;

namespace Crm.Domain.Tests.Opportunities;

public sealed class StageHistoryTests
{
    private static readonly DateTimeOffset Day = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly PipelineDefinition Pipeline = Playbook.BuiltIn.Pipelines.Values.First();
    private static readonly OpportunityOpened Table = new("Pumps", OpportunityType.New, Euro(100), Pipeline.Key, Pipeline.Stages[0]);

    [Fact]
    public void A_history_alone_opens_what_it_tells_of() =>
        Read([], In(0, 0), In(1, 1), Won(2, 500)).ShouldBe([
            "opened Prospecting 0", "entered " + Pipeline.Stages[1], "won 500"]);

    [Fact]
    public void What_the_table_opened_is_gone_on_with() =>
        Read([At(0, Table)], In(0, 0), In(1, 1)).ShouldBe(["", "entered " + Pipeline.Stages[1]]);

    [Fact]
    public void Moves_backward_ties_and_changes_before_the_opening_are_kept_and_remarked_on() =>
        Read([At(2, Table)], In(0, 1), In(1, 0), In(1, 2)).ShouldBe([
            $"entered {Pipeline.Stages[1]} !before-opening", $"entered {Pipeline.Stages[0]} !stage-backward !before-opening",
            $"entered {Pipeline.Stages[2]} !same-time !before-opening"]);

    [Fact]
    public void What_another_closed_stays_closed() =>
        Read([At(0, Table), At(3, new OpportunityWon(Euro(100)))], In(0, 0), In(1, 1), Won(3, 100, hours: 4), In(5, 0), Lost(6)).ShouldBe([
            "", "entered " + Pipeline.Stages[1], "", $"entered {Pipeline.Stages[0]} !stage-backward !after-closing", "refused other-outcome"]);

    [Fact]
    public void A_closing_on_another_day_than_known_is_remarked_on() =>
        Read([At(0, Table), At(3, new OpportunityWon(Euro(100)))], In(0, 0), Won(2, 100)).ShouldBe(["", " !outcome-other-day"]);

    [Fact]
    public void What_the_history_closed_itself_it_may_open_again() =>
        Read([], In(0, 0), Lost(1), In(2, 1), Won(3, 70)).ShouldBe([
            "opened Prospecting 0", "lost", "reopened " + Pipeline.Stages[1], "won 70"]);

    [Fact]
    public void Amounts_are_told_where_they_change() =>
        Read([], In(0, 0, 50), In(1, 1, 50), In(2, 1, 80), Won(3)).ShouldBe([
            "opened Prospecting 50", "entered " + Pipeline.Stages[1], "worth 80", "won 80"]);

    [Fact]
    public void A_stage_that_there_is_not_is_refused_alone() =>
        Read([], In(0, 0), new RecordedChange(Day.AddDays(1), Open, "Dreaming"), In(2, 1)).ShouldBe([
            "opened Prospecting 0", "refused opportunity.stage-unknown", "entered " + Pipeline.Stages[1]]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Said_again_nothing_is_new(bool hasTable)
    {
        // Every shape of history of five changes over two times, two stages and the outcomes.
        foreach (var shape in Enumerable.Range(0, 8 * 8 * 8 * 8))
        {
            RecordedChange[] changes = [.. Enumerable.Range(0, 4).Select(i => Change(i, shape >> (3 * i) & 7)).OrderBy(change => change.At)];
            List<StageHistory.Dated> known = hasTable ? [At(1, Table), At(2, new OpportunityLost("price"))] : [];
            var first = Decide(known, changes);
            known.AddRange(changes.Zip(first).SelectMany(pair => pair.Second.Facts.Select(fact => new StageHistory.Dated(fact, pair.First.At))));

            var again = Decide(known, changes);
            again.SelectMany(verdict => verdict.Facts).ShouldBeEmpty($"shape {shape}");
            again.Select(Codes).ShouldBe(first.Select(Codes), $"shape {shape}");
        }
    }

    private static string Codes(ChangeVerdict verdict) => string.Join(' ', verdict.Remarks.Append(verdict.Refusal).Select(remark => remark?.Reason));

    private static RecordedChange Change(int i, int shape) => (shape & 3) switch
    {
        0 => In(i / 2 + (shape >> 2), 0),
        1 => In(i / 2 + (shape >> 2), 1, 20 + i),
        2 => Won(i / 2 + (shape >> 2)),
        _ => Lost(i / 2 + (shape >> 2))
    };

    private static IEnumerable<string> Read(IReadOnlyList<StageHistory.Dated> known, params RecordedChange[] changes) => Decide(known, changes).Select(verdict =>
        verdict.Refusal is { } refusal ? $"refused {refusal.Reason}"
            : string.Join(", ", verdict.Facts.Select(Tell)) + string.Concat(verdict.Remarks.Select(remark => $" !{remark.Reason}")));

    private static IReadOnlyList<ChangeVerdict> Decide(IReadOnlyList<StageHistory.Dated> known, IReadOnlyList<RecordedChange> changes) =>
        StageHistory.Decide(known, changes, new OpenOpportunity("Pumps", OpportunityType.New, Euro(0), Pipeline.Key, Playbook.BuiltIn),
            moment => DateOnly.FromDateTime(moment.UtcDateTime));

    private static string Tell(IOpportunityEvent fact) => fact switch
    {
        OpportunityOpened e => $"opened {e.Stage} {e.Amount.Amount:0}",
        OpportunityStageEntered e => $"entered {e.Stage}",
        OpportunityReopened e => $"reopened {e.Stage}",
        OpportunityAmountChanged e => $"worth {e.Amount.Amount:0}",
        OpportunityWon e => $"won {e.Amount.Amount:0}",
        _ => "lost"
    };

    private static StageHistory.Dated At(int day, IOpportunityEvent fact) => new(fact, Day.AddDays(day));

    private static RecordedChange In(int day, int stage, decimal? amount = null) => new(Day.AddDays(day), Open, Pipeline.Stages[stage], amount is { } said ? Euro(said) : null);

    private static RecordedChange Won(int day, decimal? amount = null, int hours = 0) =>
        new(Day.AddDays(day).AddHours(hours), OpportunityOutcome.Won, Amount: amount is { } said ? Euro(said) : null);

    private static RecordedChange Lost(int day) => new(Day.AddDays(day), OpportunityOutcome.Lost, LossReason: "price");

    private static Money Euro(decimal amount) => Money.Of(amount, "EUR");
}
