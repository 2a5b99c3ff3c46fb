using Crm.Domain.Conditions;
using Crm.Domain.Leads;
using Crm.Domain.Scoring.Points;
using Crm.Domain.Scoring.Training;

namespace Crm.Domain.Scoring.Leads;

// Stored forever as text under these names: add, never rename.

/// <summary>What a model foretells: that a lead is qualified, or that the opportunity it became is won.</summary>
public enum ScoreOutcome { Qualified, Won }

/// <summary>What leads are learned from, and how.</summary>
/// <param name="AsOf">Outcomes are what they were then.</param>
/// <param name="MaturityDays">A lead on which nobody has decided counts as one that did not convert once it is so old.</param>
/// <param name="HoursAfterCapture">As of when leads are read.</param>
/// <param name="Own">Fields of the playbook that are read, too, as <c>custom.painPoints</c>; null for none.</param>
public sealed record ExampleTerms(
    ScoreOutcome Outcome, DateTimeOffset AsOf, int MaturityDays, int HoursAfterCapture, IReadOnlyList<string>? Own = null)
{
    /// <summary>What is read of each lead.</summary>
    public IReadOnlyList<string> Columns => [.. LeadReading.ColumnsAfter(HoursAfterCapture), .. Own ?? []];
}

/// <summary>How an opportunity ended.</summary>
public readonly record struct DealEnd(bool IsWon, DateTimeOffset At);

/// <summary>A lead whose outcome is known.</summary>
/// <param name="Values">One for each column, in their order.</param>
public sealed record LeadExample(IReadOnlyList<string?> Values, bool Converted, ExampleDates Dates, decimal Points)
{
    private static readonly IReadOnlyDictionary<string, FieldDates> Undated = new Dictionary<string, FieldDates>();

    /// <param name="facts">All that is known of the lead.</param>
    /// <param name="deal">How its opportunity ended; null where it has not, or there is none.</param>
    /// <returns>
    /// Null where there is nothing to learn from: it is not a lead of its own, or no business, or too young, or was decided on before it is
    /// read.
    /// </returns>
    public static LeadExample? Of(IReadOnlyList<LeadFact> facts, ExampleTerms terms, PointsModel? points, DealEnd? deal)
    {
        IReadOnlyList<LeadFact> then = [.. facts.Where(fact => fact.At < terms.AsOf)];
        if (LeadReading.Of(then, terms.HoursAfterCapture) is not { } reading || OutcomeOf(then, reading, terms, deal) is not { } outcome
            || terms.HoursAfterCapture > 0 && outcome.At <= reading.At)
        {
            return null;
        }

        return new(
            [.. terms.Columns.Select(column => reading[column] is { } value ? Operand.Text(value) : null)],
            outcome.Converted,
            // Where all is told of one moment, as files without dates do, nobody knows what came first.
            new(outcome.At, outcome.At > reading.CapturedAt ? DatesOf(then, terms.Own ?? []) : Undated),
            points is null ? 0 : reading.Points(points));
    }

    private static (bool Converted, DateTimeOffset At)? OutcomeOf(
        IReadOnlyList<LeadFact> facts, LeadReading reading, ExampleTerms terms, DealEnd? deal)
    {
        var lead = facts.Select(fact => fact.Event).Aggregate(Lead.None, Lead.Evolve);
        var matureAt = reading.CapturedAt.AddDays(terms.MaturityDays);
        return lead.MergedInto is not null || lead.Flag is not null ? null
            : lead.Qualified is not null && terms.Outcome == ScoreOutcome.Qualified ? (true, Last<LeadQualified>())
            : lead.Qualified is not null && deal is { } end ? (end.IsWon, end.At)
            : lead.Disqualified is not null ? (false, Last<LeadDisqualified>())
            : matureAt <= terms.AsOf ? (false, matureAt)
            : null;

        DateTimeOffset Last<T>() => facts.Last(fact => fact.Event is T).At;
    }

    // When each field was known for the first time, and when it last became another.
    private static Dictionary<string, FieldDates> DatesOf(IReadOnlyList<LeadFact> facts, IReadOnlyList<string> own)
    {
        var (dates, known, lead) = (new Dictionary<string, FieldDates>(), new Dictionary<string, object>(), Lead.None);
        foreach (var fact in facts)
        {
            lead = Lead.Evolve(lead, fact.Event);
            if (fact.Event is not (LeadCaptured or LeadChanged or LeadAbsorbed or LeadReleased))
            {
                continue;
            }

            var row = LeadFields.RowOf(lead);
            foreach (var field in LeadReading.Fields.Concat(own))
            {
                // That there is no mail address is nothing that somebody filled in.
                if (row(field) is { } value and not false && !(known.TryGetValue(field, out var before) && before.Equals(value)))
                {
                    known[field] = value;
                    dates[field] = new(dates.TryGetValue(field, out var since) ? since.Filled : fact.At, fact.At);
                }
            }
        }

        return dates;
    }
}
