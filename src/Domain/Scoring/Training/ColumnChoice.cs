using System.Globalization;
using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Leaks;

namespace Crm.Domain.Scoring.Training;

/// <summary>Which columns are learned from, which are not and why, and what the guard says of those that were looked at.</summary>
internal sealed record ColumnChoice(IReadOnlyList<Column> Used, IReadOnlyList<ColumnLeft> Left, IReadOnlyList<LeakFinding> Findings)
{
    private const int FewestToTell = 20;

    public static ColumnChoice Of(
        ExampleTable table, TrainingPlan plan, IReadOnlyCollection<string> missing, bool[] outcomes, CancellationToken ct)
    {
        var late = LateFields.Find(table);
        var (used, left, findings) = (new List<Column>(), new List<ColumnLeft>(), new List<LeakFinding>(late));
        foreach (var column in table.Columns)
        {
            ct.ThrowIfCancellationRequested();
            if (Named(column.Name, plan, late) is { } named)
            {
                left.Add(named);
                continue;
            }

            var read = Column.Read(column, missing);
            findings.AddRange(SuspectFields.Find(read, outcomes, plan.Seed));
            if (Silent(read) is { } silent)
            {
                left.Add(silent);
            }
            else
            {
                used.Add(read);
            }
        }

        return new(used, left, findings);
    }

    private static ColumnLeft? Named(string name, TrainingPlan plan, IReadOnlyList<LeakFinding> late) =>
        plan.NotKnownAtCapture.Contains(name) ? new(name, LeftReason.NotKnownAtCapture, "It is not known when a lead is captured.")
        : plan.LeftOut.Contains(name) ? new(name, LeftReason.LeftOutByPerson, "A person decided so.")
        : late.FirstOrDefault(finding => finding.Field == name && finding.IsLeftOut) is { } found ? new(name, LeftReason.Late, found.Says)
        : null;

    private static ColumnLeft? Silent(Column column)
    {
        var present = column.Codes.Count(code => code != Column.Missing);
        return column.Distinct == 0 ? Left(LeftReason.SingleValue, "No lead has a value.")
            : column.Distinct == 1 && present == column.Codes.Length ? Left(LeftReason.SingleValue, $"All {present} leads have one value.")
            : !IsId(column, present) ? null
            : Left(LeftReason.LikeAnId, $"{column.Distinct} values in {present} leads: it names them rather than describes them.");

        ColumnLeft Left(LeftReason reason, string says) => new(column.Name, reason, says);
    }

    // Amounts differ from lead to lead as well. A serial number is whole, and its numbers lie close together or have one length.
    private static bool IsId(Column column, int present) => present >= FewestToTell && (column.Numbers is { } numbers
        ? column.Distinct >= 0.98 * present && numbers.All(decimal.IsInteger) && IsSerial(numbers, present)
        : column.Distinct >= 0.9 * present);

    private static bool IsSerial(decimal[] numbers, int present) =>
        (double)numbers[^1] - (double)numbers[0] <= 20d * present || numbers[0] >= 10_000 && Length(numbers[0]) == Length(numbers[^1]);

    private static int Length(decimal number) => number.ToString("0", CultureInfo.InvariantCulture).Length;
}
