namespace Crm.Api.Imports;

/// <summary>Counts the rows of one kind, from several threads.</summary>
internal sealed class Tally(RecordKind kind, string file)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, int> setAside = new(StringComparer.Ordinal), noted = new(StringComparer.Ordinal);
    private int rows, fresh, attached, continued, unchanged;
    private long events;

    /// <summary>The newest that a row led to.</summary>
    public long Position { get; private set; }

    public void Add(RowOutcome outcome)
    {
        lock (gate)
        {
            rows++;
            events += outcome.Events;
            Position = Math.Max(Position, outcome.Position);
            Count(outcome);
            foreach (var note in outcome.Notes)
            {
                noted[note.Reason] = noted.GetValueOrDefault(note.Reason) + 1;
            }
        }
    }

    public KindReport Report() => new(kind.Name, file, rows, fresh, attached, continued, unchanged, setAside, noted, events);

    private void Count(RowOutcome outcome)
    {
        if (outcome.SetAside is { } why)
        {
            setAside[why.Reason] = setAside.GetValueOrDefault(why.Reason) + 1;
        }
        else if (outcome.Facts == 0)
        {
            unchanged++;
        }
        else if (outcome.IsAttached)
        {
            attached++;
        }
        else if (outcome.IsNew)
        {
            fresh++;
        }
        else
        {
            continued++;
        }
    }
}
