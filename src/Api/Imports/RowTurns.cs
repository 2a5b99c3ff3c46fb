using Crm.Domain.Leads;

namespace Crm.Api.Imports;

/// <summary>
/// Has rows that may be of one person go one after another, in the order of the file, while all others go at once: so the same file comes to the same records,
/// however many processors take it in.
/// </summary>
internal sealed class RowTurns
{
    private readonly Dictionary<string, Task> last = new(StringComparer.Ordinal);

    /// <summary>A place behind all rows that came before with one of the same marks. Asked for in the order of the file.</summary>
    public RowTurn Next(ISaying? saying)
    {
        List<string> marks = saying?.Signature is { } signature ? [.. Marks(signature)] : [];
        if (marks.Count == 0)
        {
            return new RowTurn(Task.CompletedTask, () => { });
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (last)
        {
            var before = marks.Select(mark => last.GetValueOrDefault(mark)).OfType<Task>().Distinct().ToList();
            foreach (var mark in marks)
            {
                last[mark] = ended.Task;
            }

            return new RowTurn(before.Count == 0 ? Task.CompletedTask : Task.WhenAll(before), () => End(marks, ended));
        }
    }

    private void End(List<string> marks, TaskCompletionSource ended)
    {
        lock (last)
        {
            foreach (var mark in marks.Where(mark => last.GetValueOrDefault(mark) == ended.Task))
            {
                last.Remove(mark);
            }
        }

        ended.SetResult();
    }

    // What keys are made of, see LeadKeys.
    private static IEnumerable<string> Marks(Leads.LeadSignature lead)
    {
        if (lead.Phone is { } phone)
        {
            yield return $"phone {phone}";
        }

        if (lead.Email is { } email)
        {
            yield return $"email {email}";
        }

        if (lead.Company is { } company)
        {
            yield return $"company {CompanyName.Key(company)}\n{CompanyName.Key(lead.Contact ?? "")}";
        }
    }
}

/// <summary>A row's place among those that may be of one person.</summary>
/// <param name="Before">Ends when all of them that came before have ended.</param>
internal sealed record RowTurn(Task Before, Action End) : IDisposable
{
    // Whoever comes next waits for those before, too, even where this row itself did not.
    public void Dispose()
    {
        if (Before.IsCompleted)
        {
            End();
        }
        else
        {
            Before.ContinueWith(_ => End(), TaskScheduler.Default);
        }
    }
}

/// <summary>Rows as they were read in the order of the file, before anything is decided.</summary>
/// <param name="Reader">Of a row by itself, with what was found wrong in it; null for rows that are decided together.</param>
/// <param name="Saying">What that row says; null where it cannot be taken.</param>
internal sealed record ReadRows(RecordKind Kind, IReadOnlyList<NumberedRow> Rows, RowReader? Reader, ISaying? Saying, RowTurn Turn);
