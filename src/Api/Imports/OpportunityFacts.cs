using Crm.Domain;
using Crm.Domain.Opportunities;

namespace Crm.Api.Imports;

/// <summary>What a row of opportunities says of its course: opened, through stages, won or lost.</summary>
internal sealed class OpportunityFacts
{
    private readonly Occasion opened;
    private readonly Field amount;
    private readonly Field? stage;
    private readonly IReadOnlyList<(Occasion Occasion, Field Stage)> stages;
    private readonly (Occasion Occasion, Field? Amount, Field? Reference)? won;
    private readonly (Occasion Occasion, Field Reason, Field? Competitor)? lost;

    private OpportunityFacts(MappingNode node, FieldReader fields)
    {
        var opening = node.Need("opened", "when, at which amount, and in which stage it was opened").With("at", "when", "amount", "stage");
        opened = new Occasion(fields.Time(opening), fields.When(opening));
        amount = fields.Need(opening, "amount", "what it was worth when it was opened");
        stage = fields.Find(opening, "stage", IfMissing.SetAside);
        stages = [.. node.Find("stages")?.Items().Select(entry =>
            (Occasion(entry.With("at", "when", "stage"), fields), fields.Need(entry, "stage", "which stage is entered"))) ?? []];
        won = node.Find("won")?.With("at", "when", "amount", "reference") is { } win
            ? (Occasion(win, fields), fields.Find(win, "amount", IfMissing.SetAside), fields.Find(win, "reference"))
            : null;
        lost = node.Find("lost")?.With("at", "when", "reason", "competitor") is { } loss
            ? (Occasion(loss, fields), fields.Need(loss, "reason", "why it was lost; a constant does, such as {\"constant\": \"not recorded\"}"),
                fields.Find(loss, "competitor"))
            : null;
    }

    public static OpportunityFacts Read(MappingNode node, FieldReader fields) => new(node, fields);

    public OpportunityCourse Read(RowReader row)
    {
        if (!row.Holds(opened.When))
        {
            row.Refuse("no-rule", $"What {string.Join(" and ", opened.When!.Keys)} say is nothing that the mapping opens an opportunity for.",
                opened.When.Keys.First());
        }

        return new OpportunityCourse(row.Moment(opened.At), row.Amount(amount), row.Text(stage), [.. Later(row)]);
    }

    private IEnumerable<Dated<IOpportunityCommand>> Later(RowReader row)
    {
        foreach (var (occasion, entered) in stages)
        {
            if (occasion.IsSaid(row) && (row.Moment(occasion.At), row.Text(entered)) is (var at, { } name))
            {
                yield return new(new EnterOpportunityStage(name, row.Playbook), at);
            }
        }

        if (won is { } win && win.Occasion.IsSaid(row))
        {
            yield return new(new WinOpportunity(row.Playbook, row.Amount(win.Amount), row.Text(win.Reference)), row.Moment(win.Occasion.At));
        }

        if (lost is { } loss && loss.Occasion.IsSaid(row))
        {
            yield return new(new LoseOpportunity(row.Text(loss.Reason) ?? "", row.Playbook, Competitor: row.Text(loss.Competitor)), row.Moment(loss.Occasion.At));
        }
    }

    // All of a course has dates, or none of it: one without among others would stand anywhere.
    private Occasion Occasion(MappingNode node, FieldReader fields)
    {
        var (at, when) = (fields.Time(node), fields.When(node));
        if (at is null != opened.At is null)
        {
            throw node.Wrong(at is null
                ? "'at' is missing: when it happened, as 'opened' has it."
                : "'opened' has no 'at', so nothing after it can have one.");
        }

        return at is not null || when is not null
            ? new Occasion(at, when)
            : throw node.Wrong("say 'when' it happened: the values of a column that tell.");
    }
}

/// <param name="At">Null where nothing is dated.</param>
/// <param name="When">What columns have to say for it; null: it happened if it has a date.</param>
internal sealed record Occasion(Field? At, IReadOnlyDictionary<string, IReadOnlyList<string>>? When)
{
    public bool IsSaid(RowReader row) => When is not null ? row.Holds(When) : row.Says(At!);
}

/// <summary>What one row says of its opportunity's course.</summary>
internal sealed record OpportunityCourse(
    DateTimeOffset? OpenedAt, Money? Amount, string? Stage, IReadOnlyList<Dated<IOpportunityCommand>> Later);
