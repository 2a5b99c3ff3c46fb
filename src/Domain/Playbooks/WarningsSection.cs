using Crm.Domain.Activities;
using Crm.Domain.Conditions;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>What of an open opportunity is a sign that it may be lost.</summary>
/// <param name="Rules">Each by itself is a warning.</param>
/// <param name="Learned">What is done with combinations that were learned from deals that are closed; left out, they are used once
/// somebody has accepted them.</param>
public sealed record WarningsSection([Items(50)] IReadOnlyList<WarningRuleSection> Rules, LearnedWarningsSection? Learned = null)
{
    /// <summary>By which warnings are named that were learned.</summary>
    public const string LearnedKey = "learned";
}

/// <param name="Use">Whether the combinations that were learned last are used without anybody having accepted them.</param>
public sealed record LearnedWarningsSection(bool Use = false);

/// <summary>A sign: one of <c>rescheduled</c>, <c>noTouch</c>, <c>decisionMakerChanged</c>, <c>silence</c>, <c>talk</c> and
/// <c>holds</c>.</summary>
/// <param name="Key">By which lists and alerts name it, such as <c>rescheduled</c>.</param>
/// <param name="Name">Such as 多次改期.</param>
/// <param name="Rescheduled">Its expected close was moved to a later day too often.</param>
/// <param name="NoTouch">It is as far as a stage, and nothing of a kind has happened with it.</param>
/// <param name="DecisionMakerChanged">Another decides at the customer than did, or nobody does any more.</param>
/// <param name="Silence">Nothing has been heard for too long.</param>
/// <param name="Talk">There was talk of something, such as prices.</param>
/// <param name="Holds">Anything else that rules can ask of an opportunity.</param>
/// <param name="When">A sign only of opportunities for which this holds; left out, of all.</param>
/// <param name="Pipelines">Keys of pipelines of this document; left out, all there are.</param>
/// <param name="Alert">Who is told when it begins; left out, whoever has it and his superior.</param>
public sealed record WarningRuleSection(
    [Text(40)] string Key, [Text(80)] string Name, RescheduledSection? Rescheduled = null, NoTouchSection? NoTouch = null,
    DecisionMakerSection? DecisionMakerChanged = null, UnheardSection? Silence = null, TalkSection? Talk = null,
    UnreadCondition? Holds = null, UnreadCondition? When = null, [Items(50), Text(80)] IReadOnlyList<string>? Pipelines = null,
    [Items(2)] IReadOnlyList<Whom>? Alert = null)
{
    /// <summary>Which sort of sign it is, as answers name it.</summary>
    internal string Kind => this switch
    {
        { Rescheduled: not null } => "rescheduled",
        { NoTouch: not null } => "no-touch",
        { DecisionMakerChanged: not null } => "decision-maker-changed",
        { Silence: not null } => "silence",
        { Talk: not null } => "talk",
        _ => "holds"
    };
}

/// <param name="MoreThan">So often is no sign yet.</param>
public sealed record RescheduledSection([Between(0, 50)] int MoreThan = 2);

/// <param name="Touch">What should have happened by then, such as a meeting.</param>
/// <param name="From">The stage from which on it is missing, that one included.</param>
/// <param name="After">How long after it came so far it is missing; left out, at once.</param>
public sealed record NoTouchSection(TouchSection Touch, [Text(80)] string From, SpanSection? After = null);

/// <param name="Days">For how many times 24 hours that is a sign.</param>
public sealed record DecisionMakerSection([Between(1, 365)] int Days = 30);

/// <param name="After">It is a sign when more than this has gone by.</param>
/// <param name="Direction">Which touches are heard: <c>inbound</c> for what came from the customer; left out, all.</param>
public sealed record UnheardSection(SpanSection After, Direction? Direction = null);

/// <summary>Touches that were about something. What is sealed in them, such as summaries, is never read.</summary>
/// <param name="Topics">Words by which whoever records a touch says what it was about; one of them is enough.</param>
/// <param name="Words">Words in what a touch came to; one of them is enough, in capitals or not, in full width or not.</param>
/// <param name="Times">From so many touches on.</param>
/// <param name="Days">Of the last so many times 24 hours; left out, of all time.</param>
public sealed record TalkSection(
    [Items(20), Text(40)] IReadOnlyList<string>? Topics = null, [Items(20), Text(40)] IReadOnlyList<string>? Words = null,
    [Between(1, 20)] int Times = 1, [Between(1, 365)] int? Days = null);
