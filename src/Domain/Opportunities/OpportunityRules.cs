using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>What a stage and an amount have to be, whoever brings them.</summary>
internal static class OpportunityRules
{
    public static PipelineDefinition Pipeline(string key, Playbook playbook) => playbook.Pipelines.GetValueOrDefault(key) ??
        throw Rejection.BrokenRule(
            "opportunity.pipeline-unknown",
            $"There is no pipeline '{key}'; there are: {string.Join(", ", playbook.Pipelines.Keys)}.",
            "pipeline");

    public static string Stage(string pipelineKey, string stage, Playbook playbook)
    {
        var pipeline = Pipeline(pipelineKey, playbook);
        return pipeline.Stages.Contains(stage) ? stage : throw Rejection.BrokenRule(
            "opportunity.stage-unknown",
            $"Pipeline '{pipeline.Key}' has no stage '{stage}'; its stages are: {string.Join(", ", pipeline.Stages)}.",
            "stage");
    }

    public static string LossReason(Opportunity state, string reason, Playbook playbook) =>
        playbook.Road(state.Opened!.Pipeline)?.LossReasons is not { Count: > 0 } reasons || reasons.Contains(reason) ? reason
            : throw Rejection.BrokenRule("opportunity.loss-reason",
                $"Pipeline '{state.Opened.Pipeline}' knows no reason '{reason}'; its reasons are: {string.Join(", ", reasons)}.", "reason");

    /// <param name="amount">What was said.</param>
    /// <param name="currency">What the opportunity is counted in.</param>
    public static Money Amount(Money amount, string currency)
    {
        if (amount.Currency != currency)
            throw Rejection.BrokenRule(
                "opportunity.currency", $"This opportunity is in {currency}; an amount in {amount.Currency} does not fit.", "amount");

        return amount.Amount is >= 0 and <= Money.Limit ? amount : throw Rejection.BrokenRule(
            "opportunity.amount", $"{amount} is out of bounds; an amount lies between 0 and {Money.Limit}.", "amount");
    }
}
