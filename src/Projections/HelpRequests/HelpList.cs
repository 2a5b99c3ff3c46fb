using System.Text.Json;
using Crm.Domain.HelpRequests;
using Crm.EventModel;

namespace Crm.Projections.HelpRequests;

/// <summary>What help was asked for, with whom it is, and how long each had it.</summary>
public sealed class HelpList : ReadModel<HelpList.Row>
{
    /// <param name="AskedAt">Null while there are only facts dated before it was asked; such a row is not listed.</param>
    /// <param name="Kind"><c>terms</c>, <c>price</c>, <c>resources</c> or <c>other</c>.</param>
    /// <param name="AskedBy">The member who asks.</param>
    /// <param name="Rep">What records call him.</param>
    /// <param name="Text">Sealed, as is the answer.</param>
    /// <param name="Holder">The member with whom it is, or was last.</param>
    /// <param name="State"><c>open</c>, <c>answered</c> or <c>withdrawn</c>.</param>
    /// <param name="AnswerBy">By when the holder is to answer.</param>
    /// <param name="DueAt">When something happens by itself; null where nothing does.</param>
    /// <param name="Involved">Whoever asked, or was ever asked.</param>
    /// <param name="Turns">Who had it from when to when, in order: JSON.</param>
    /// <param name="FoundBy">How the holder was found: <c>named</c>, <c>superior</c>, <c>team-manager</c> or <c>admin</c>; null where that
    /// was not said.</param>
    public sealed record Row(
        Guid HelpId, DateTimeOffset? AskedAt, string? Kind, string? SubjectKind, Guid? SubjectId, string? AskedBy, string? Rep,
        string? Team, string? Text, string? Holder, string State, DateTimeOffset? AnswerBy, DateTimeOffset? DueAt, int Escalations,
        string? AnsweredBy, string? Answer, DateTimeOffset? SettledAt, IReadOnlyList<string> Involved, IReadOnlyList<string> Turns,
        string? FoundBy = null);

    /// <summary>One member's time with a request.</summary>
    /// <param name="End"><c>answered</c>, <c>handed-on</c>, <c>escalated</c> or <c>withdrawn</c>; null while he has it.</param>
    public sealed record Turn(string Member, DateTimeOffset Since, DateTimeOffset? DueAt, DateTimeOffset? Until = null, string? End = null);

    public const string Open = "open";

    /// <summary>Members that hold sealed text.</summary>
    public static readonly IReadOnlyList<string> Sealed = [nameof(Row.Text), nameof(Row.Answer)];

    public override string Name => "help_list";

    public override int Version => 2;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IHelpEvent);

    /// <summary>What is due, and what was asked in a span of time.</summary>
    public override IReadOnlyList<string> Indexes => ["due_at", "asked_at"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var help = row ?? new Row(
            e.StreamId, null, null, null, null, null, null, null, null, null, Open, null, null, 0, null, null, null, [], []);
        return e.Data switch
        {
            HelpAsked x => Asked(help, x, e.OccurredAt),
            HelpHandedOn x when help.State == Open =>
                With(Ended(help, "handed-on", e.OccurredAt), x.To, x.DueAt, x.RemindAt, e.OccurredAt, x.FoundBy),
            HelpEscalated x when help.State == Open =>
                With(Ended(help, "escalated", e.OccurredAt) with { Escalations = help.Escalations + 1 }, x.To, x.DueAt, x.RemindAt,
                    e.OccurredAt, x.FoundBy),
            HelpReminded => help with { DueAt = help.AnswerBy },
            HelpLeftUnanswered => help with { DueAt = null },
            HelpAnswered x when help.State == Open =>
                Over(help, "answered", e.OccurredAt) with { AnsweredBy = x.By, Answer = x.Text.Sealed },
            HelpWithdrawn when help.State == Open => Over(help, "withdrawn", e.OccurredAt),
            _ => row
        };
    }

    public static IReadOnlyList<Turn> TurnsOf(IEnumerable<string> turns) =>
        [.. turns.Select(turn => JsonSerializer.Deserialize<Turn>(turn)!)];

    // How it was asked is the ground that other facts lie upon, even those dated before it.
    private static Row Asked(Row row, HelpAsked x, DateTimeOffset at)
    {
        var asked = row with
        {
            AskedAt = at,
            Kind = Word(x.Kind),
            SubjectKind = Word(x.Subject.Kind),
            SubjectId = x.Subject.Id,
            AskedBy = x.By,
            Rep = x.Rep,
            Team = x.Team,
            Text = x.Text.Sealed,
            Involved = [.. row.Involved.Union([x.By])]
        };
        return row.Holder is null && row.State == Open ? With(asked, x.To, x.DueAt, x.RemindAt, at, x.FoundBy) : asked;
    }

    private static Row With(
        Row row, string member, DateTimeOffset? dueAt, DateTimeOffset? remindAt, DateTimeOffset at, HelpFoundBy? foundBy) => row with
        {
            FoundBy = foundBy is { } by ? Word(by) : null,
            Holder = member,
            AnswerBy = dueAt,
            DueAt = remindAt ?? dueAt,
            Involved = [.. row.Involved.Union([member])],
            Turns = [.. row.Turns, JsonSerializer.Serialize(new Turn(member, at, dueAt))]
        };

    private static Row Over(Row row, string state, DateTimeOffset at) =>
        Ended(row, state, at) with { State = state, SettledAt = at, DueAt = null };

    private static Row Ended(Row row, string end, DateTimeOffset at) => row.Turns.Count == 0 ? row : row with
    {
        Turns =
        [
            .. row.Turns.SkipLast(1),
            JsonSerializer.Serialize(JsonSerializer.Deserialize<Turn>(row.Turns[^1])! with { Until = at, End = end })
        ]
    };

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
