using Crm.Domain.Conditions;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.Domain.Scoring.Points;

namespace Crm.Domain.Scoring.Leads;

/// <summary>The points of a playbook, ready to be given.</summary>
public static class LeadPoints
{
    /// <summary>
    /// Rules that cannot be read give nothing; a playbook that has such is not published. Null where there is no playbook, or it gives no
    /// points.
    /// </summary>
    public static PointsModel? Of(PlaybookDocument? document)
    {
        if (document?.Scoring is not { } scoring)
        {
            return null;
        }

        var vocabulary = LeadFields.VocabularyOf(document);
        return new([.. scoring.Rules.Select(rule => Of(rule, vocabulary)).OfType<PointsRule>()]);
    }

    /// <summary><c>high</c>, <c>middle</c> or <c>low</c>; null where the playbook has no bands.</summary>
    public static string? BandOf(ScoreBandsSection? bands, decimal points) =>
        bands is null ? null : points >= bands.High ? "high" : points < bands.Low ? "low" : "middle";

    private static PointsRule? Of(PointsRuleSection rule, Vocabulary vocabulary) =>
        rule.Behaviour is { } kind ? new PointsRule.ForBehaviour(rule.Key, rule.Name, rule.Points, kind, rule.Cap, rule.HalfLifeDays)
        : rule.When?.Read(vocabulary, out _) is { } when ? new PointsRule.ForFields(rule.Key, rule.Name, rule.Points, when)
        : null;
}
