using Crm.Domain.Access;
using Crm.Domain.Playbooks;
using Crm.Domain.Warnings;
using Crm.Domain.Warnings.Learning;

namespace Crm.Api.Warnings;

/// <summary>By what is warned at a moment, and what of it a caller is told.</summary>
/// <param name="Playbook">The version whose rules warn.</param>
/// <param name="Policy">Null where they warn of nothing.</param>
/// <param name="Learned">Null where nothing that was learned is in use.</param>
internal sealed record WarningView(Caller By, DateTimeOffset Moment, long Playbook, WarningPolicy? Policy, WarningsLearned? Learned)
{
    public bool AsksForRoles => Policy?.AsksForRoles == true
        || Learned?.Combinations.Any(one => one.Traits.Any(trait => trait.Of == DealTrait.DecisionMakerChanged)) == true;

    /// <summary>The signs that one opportunity may be lost, and whether there are some that the caller may not know of.</summary>
    /// <param name="story">As of the moment.</param>
    public (IReadOnlyList<WarningAnswer> Warnings, bool AreSomeHidden) Of(DealStory story)
    {
        var rules = Policy is null ? [] : DealWarnings.Of(story, Policy).At(Moment);
        var learned = LearnedSigns.Of(story, Learned, Moment);
        var shown = rules.Where(one => Sees(one.Rule)).ToList();
        var told = learned.Where(one => one.Traits.All(Sees)).ToList();
        return (
            [.. shown.Select(WarningAnswer.Of), .. told.Select(one => Answer(story, one))],
            shown.Count < rules.Count || told.Count < learned.Count);
    }

    private WarningAnswer Answer(DealStory story, LearnedCombination one) => new(
        WarningsSection.LearnedKey, LearnedSigns.NameOf(one), WarningsSection.LearnedKey, LearnedSigns.Since(story, Learned!)!.Value,
        [.. DealReading.Behind(story, Learned!.AgeDays, [.. one.Traits]).Select(WarningEvent.Of)], LearnedReason.Of(Learned, one));

    private bool Sees(DealTrait trait) => Sees(trait.Members()) && (trait.Of != DealTrait.DecisionMakerChanged || SeesRoles);

    private bool Sees(WarningPolicy.Rule rule) => Sees(rule.Members.Concat(rule.Asked.Select(MemberOf)))
        && (rule.Section.DecisionMakerChanged is null || SeesRoles);

    private bool Sees(IEnumerable<string> members) => members.All(member => !By.Sight.Hides("opportunity", member));

    private bool SeesRoles =>
        By.Rights.Functions.Contains(Functions.ContactsRead) && !By.Sight.Hides("contact", "buyingRole");

    // What an opportunity's answer calls it.
    private static string MemberOf(string field) => field switch
    {
        "currency" => "amount",
        "hasCustomer" => "customerId",
        "isFromLead" => "leadId",
        _ => field.Split('.')[0]
    };
}
