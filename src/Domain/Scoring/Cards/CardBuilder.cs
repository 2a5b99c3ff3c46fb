using Crm.Domain.Scoring.Training;

namespace Crm.Domain.Scoring.Cards;

/// <summary>Gathers what was said of held-out parts.</summary>
internal sealed class CardBuilder(TrainingData data)
{
    private readonly List<FoldCard> folds = [];
    private readonly List<double> logOdds = [];
    private readonly List<bool> outcomes = [];

    public void Add(Fitted fitted, int[] heldOut)
    {
        var said = fitted.LogOdds(heldOut);
        bool[] happened = [.. heldOut.Select(row => data.Outcomes[row])];
        folds.Add(new(Figures.Of(said, happened), fitted.Settings, fitted.Calibration));
        logOdds.AddRange(said);
        outcomes.AddRange(happened);
    }

    public ModelCard Card(Fitted fitted, ColumnChoice columns) => new(
        data.Rows.Count,
        data.Positives(data.Rows),
        folds.Count == 0 ? null : Figures.Of([.. logOdds], [.. outcomes]),
        folds,
        Reliability.Of([.. logOdds.Select(PortableMath.Logistic)], outcomes),
        fitted.Settings,
        fitted.Calibration,
        [.. columns.Used.Select(column => column.Name)],
        columns.Left,
        columns.Findings);
}
