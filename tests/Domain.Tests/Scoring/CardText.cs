using Crm.Domain.Scoring.Cards;

namespace Crm.Domain.Tests.Scoring;

internal static class CardText
{
    /// <summary>A card for the output of a test.</summary>
    public static string Said(this ModelCard card) => string.Join('\n', (IEnumerable<string>)
    [
        $"{card.Examples} examples, {card.Positives} positive; {card.Settings}, {card.Calibration?.ToString() ?? "as it is"}",
        $"together: {card.Together}",
        .. card.Folds.Select(fold => $"{fold.Figures} {fold.Settings} {fold.Calibration}"),
        .. card.Reliability.Select(bin => $"{bin.Examples} leads: said {bin.Said:0.000}, happened {bin.Happened:0.000}"),
        .. card.Left.Select(left => $"left {left.Field} ({left.Reason}): {left.Says}"),
        .. card.Findings.Select(finding => $"found {finding.Field} ({finding.Kind}): {finding.Says}")
    ]);
}
