using Crm.Domain.Conditions;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Customers;

/// <summary>
/// What a playbook says of customers, made ready to decide by. It is made of playbooks that were published, and so have no faults.
/// </summary>
public sealed class CustomerPolicy
{
    private CustomerPolicy(PlaybookDocument document)
    {
        Document = document;
        var (ofTiers, ofStages) = (CustomerFields.ForTiers(document), CustomerFields.ForLifecycle(document));
        TierRules = [.. Tiers.Where(tier => tier.When is not null).Select(tier => (tier, tier.When!.Read(ofTiers, out _)!))];
        Stages = [.. (document.Lifecycle?.Stages ?? [])
            .Select(stage => (stage, stage.When?.Read(ofStages, out _) ?? Condition.Everything))];
    }

    public PlaybookDocument Document { get; }

    /// <summary>Tiers that customers come to by themselves, in their order: the first that fits decides.</summary>
    public IReadOnlyList<(TierSection Section, Condition When)> TierRules { get; }

    /// <summary>Stages of the lifecycle, in their order: the first that fits decides.</summary>
    public IReadOnlyList<(LifecycleStageSection Section, Condition When)> Stages { get; }

    public IReadOnlyList<TierSection> Tiers => Document.Tiers ?? [];

    /// <summary>Whether it says anything of customers that somebody has to look after.</summary>
    public bool LooksAfter => Tiers.Count > 0 || Stages.Count > 0;

    public static CustomerPolicy Of(PlaybookDocument document) => new(document);

    /// <summary>Those above a rep, the nearest first.</summary>
    public IReadOnlyList<string> Above(string rep) => Superiors.Above(Document.Reps ?? [], rep);

    public StrategySection? StrategyOf(string? stage) =>
        Stages.Select(one => one.Section).FirstOrDefault(section => section.Key == stage)?.Strategy;
}
