using ExcelDataReader;

namespace Crm.Api.Imports.Files;

/// <summary>Merged cells below each other, as one sees them: what stands in the first place stands in all.</summary>
internal sealed class MergedCells
{
    private readonly ILookup<int, CellRange> beginning;
    private readonly List<(CellRange Range, string Text, bool IsPlain)> open = [];

    /// <param name="width">Beyond so many columns nothing is read.</param>
    public MergedCells(IEnumerable<CellRange> ranges, int width) =>
        beginning = ranges.Where(range => range.FromColumn < width).ToLookup(range => range.FromRow);

    /// <param name="row">From 0; each is asked for in turn, those in which nothing stands too.</param>
    public void Fill(int row, string[] values, bool[] plain)
    {
        open.RemoveAll(merged => merged.Range.ToRow < row);
        open.AddRange(beginning[row].Select(range => (range, values[range.FromColumn], plain[range.FromColumn])));
        foreach (var (range, text, isPlain) in open)
        {
            for (var i = range.FromColumn; i <= Math.Min(range.ToColumn, values.Length - 1); i++)
            {
                (values[i], plain[i]) = (text, isPlain);
            }
        }
    }
}
