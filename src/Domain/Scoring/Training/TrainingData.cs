namespace Crm.Domain.Scoring.Training;

/// <summary>Examples as they are counted with.</summary>
/// <param name="Points">Log-odds of the points of each; all 0 where there are none.</param>
internal sealed record TrainingData(IReadOnlyList<Column> Columns, bool[] Outcomes, double[] Points, bool HasPoints)
{
    public IReadOnlyList<int> Rows { get; } = [.. Enumerable.Range(0, Outcomes.Length)];

    public int Positives(IReadOnlyList<int> rows) => rows.Count(row => Outcomes[row]);

    /// <summary>How many of the rarer outcome.</summary>
    public int Rarer(IReadOnlyList<int> rows) => Positives(rows) is var yes ? Math.Min(yes, rows.Count - yes) : 0;
}
