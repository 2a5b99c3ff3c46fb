namespace Crm.Domain.Scoring.Training;

/// <summary>
/// Rows as a regression sees them: each is in one bin of each column. Parameter 0 is the intercept, 1 the weight of the points, then follow
/// the bins, column by column.
/// </summary>
internal sealed class Design
{
    public const int Intercept = 0;
    public const int Points = 1;
    private const int FirstBin = 2;

    private readonly TrainingData data;
    private readonly IReadOnlyList<int> rows;

    private Design(TrainingData data, IReadOnlyList<Bins> bins, IReadOnlyList<int> rows)
    {
        (this.data, this.rows, Bins, Width) = (data, rows, bins, bins.Count);
        First = new int[Width + 1];
        First[0] = FirstBin;
        for (var column = 0; column < Width; column++)
        {
            First[column + 1] = First[column] + bins[column].Count;
        }

        At = new int[rows.Count * Width];
        for (var i = 0; i < rows.Count; i++)
        {
            for (var column = 0; column < Width; column++)
            {
                At[i * Width + column] = First[column] + bins[column].Of(rows[i]);
            }
        }

        Counts = new int[Size];
        foreach (var bin in At)
        {
            Counts[bin]++;
        }
    }

    public IReadOnlyList<Bins> Bins { get; }

    public int Count => rows.Count;

    /// <summary>How many columns.</summary>
    public int Width { get; }

    /// <summary>How many parameters.</summary>
    public int Size => First[Width];

    /// <summary>The first parameter of each column, and the end.</summary>
    public int[] First { get; }

    /// <summary>How many rows are in each bin, by its parameter.</summary>
    public int[] Counts { get; }

    /// <summary>The parameters of a row's bins: <see cref="Width"/> of them for each row.</summary>
    public int[] At { get; }

    public static Design Of(TrainingData data, IReadOnlyList<int> rows, FitSettings settings) =>
        new(data, [.. data.Columns.Select(column => Training.Bins.Of(column, rows, settings.Bins, settings.LeastCount))], rows);

    /// <summary>Other rows in the same bins.</summary>
    public Design For(IReadOnlyList<int> others) => new(data, Bins, others);

    public int Positives => data.Positives(rows);

    public bool Outcome(int i) => data.Outcomes[rows[i]];

    public double PointsOf(int i) => data.Points[rows[i]];

    public double[] LogOdds(double[] weights)
    {
        var result = new double[Count];
        for (var i = 0; i < result.Length; i++)
        {
            var sum = weights[Intercept] + weights[Points] * PointsOf(i);
            for (var k = i * Width; k < (i + 1) * Width; k++)
            {
                sum += weights[At[k]];
            }

            result[i] = sum;
        }

        return result;
    }
}
