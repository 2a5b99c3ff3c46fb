using Crm.Domain.Activities;
using Crm.Domain.Conditions;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>All of a tenant's rules, as one document.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Pipelines">Those there are beside the ones that came with files; one that is named here is as it is written here.</param>
/// <param name="Calendars">When people are at work.</param>
/// <param name="Reps">Who can be given leads, and what for.</param>
/// <param name="Assignment">Who gets a new lead; left out, nobody does by itself.</param>
/// <param name="Clocks">What is expected of whoever has a lead, and what happens when it does not come; left out, nothing is.</param>
/// <param name="Pool">What of the pool reps may take for themselves; left out, as much as they like.</param>
/// <param name="Scoring">What a lead's fields and behaviour are worth; left out, leads have no points.</param>
/// <param name="Flags">Which leads are no business; left out, only people say so.</param>
/// <param name="Templates">What mails say.</param>
/// <param name="Nurture">What leads that nobody works on yet are sent; left out, nothing is.</param>
/// <param name="Levels">How ripe leads are, from the first level up, and what has to be there for each; left out, leads have no levels.</param>
/// <param name="Alerts">Of which figures people are told when they are bad; left out, of none.</param>
/// <param name="Approvals">What has to be approved, and by whom; left out, nothing can be asked for.</param>
/// <param name="AmountBreaker">Which changes of an opportunity's amount wait to be approved; left out, none.</param>
/// <param name="Fields">What records have beside the fields that all have.</param>
/// <param name="Forms">What forms on web pages ask; forms that name none ask for all that can be filled in.</param>
/// <param name="DecisionChain">Whom we have to know at a customer; left out, somebody in each role there is.</param>
/// <param name="Tiers">How often which customers are to be seen; left out, customers have no tiers.</param>
/// <param name="Visits">When a visit counts as made at the customer's address; left out, what is usual.</param>
/// <param name="Help">How soon those who are asked for help answer; left out, they have as long as they like.</param>
/// <param name="Compliance">How much it counts that reps do in time what is required; left out, 15 percent of the appraisal, and all
/// parts.</param>
/// <param name="Lifecycle">How far customers have come with us, and what is done with them; left out, that is not asked.</param>
/// <param name="Warnings">What of an open opportunity is a sign that it may be lost; left out, nobody is warned.</param>
/// <param name="DailyReport">What those in the field say of their day; left out, they can, and need not.</param>
/// <param name="Forecast">How forecasts are computed; left out, as is usual.</param>
public sealed record PlaybookDocument(
    [Text(80)] string Name,
    [Items(50)] IReadOnlyList<PipelineSection>? Pipelines = null,
    [Items(50)] IReadOnlyList<CalendarSection>? Calendars = null,
    [Items(1000)] IReadOnlyList<RepSection>? Reps = null,
    AssignmentSection? Assignment = null,
    ClockSection? Clocks = null,
    PoolSection? Pool = null,
    ScoringSection? Scoring = null,
    FlagsSection? Flags = null,
    [Items(200)] IReadOnlyList<TemplateSection>? Templates = null,
    NurtureSection? Nurture = null,
    [Items(20)] IReadOnlyList<LevelSection>? Levels = null,
    AlertsSection? Alerts = null,
    [Items(50)] IReadOnlyList<ApprovalFlowSection>? Approvals = null,
    AmountBreakerSection? AmountBreaker = null,
    [Items(300)] IReadOnlyList<FieldSection>? Fields = null,
    [Items(50)] IReadOnlyList<FormSection>? Forms = null,
    DecisionChainSection? DecisionChain = null,
    [Items(20)] IReadOnlyList<TierSection>? Tiers = null,
    VisitsSection? Visits = null,
    HelpSection? Help = null,
    ComplianceSection? Compliance = null,
    LifecycleSection? Lifecycle = null,
    WarningsSection? Warnings = null,
    DailyReportSection? DailyReport = null,
    ForecastSection? Forecast = null);

/// <summary>When people are at work.</summary>
/// <param name="Key">By which it is named elsewhere in this document.</param>
/// <param name="Zone">IANA name, such as <c>Asia/Shanghai</c>.</param>
/// <param name="Workdays">Days of the week.</param>
/// <param name="Hours">Of each workday, in order, not overlapping.</param>
/// <param name="Holidays">Not worked, whatever day of the week.</param>
/// <param name="ExtraWorkdays">Worked, whatever day of the week: days that make up for holidays.</param>
public sealed record CalendarSection(
    [Text(40)] string Key, [Text(60)] string Zone, [Items(7)] IReadOnlyList<DayOfWeek> Workdays, [Items(6)] IReadOnlyList<HoursSection> Hours,
    [Items(400)] IReadOnlyList<DateOnly>? Holidays = null, [Items(400)] IReadOnlyList<DateOnly>? ExtraWorkdays = null);

/// <param name="From">Such as <c>09:00</c>.</param>
/// <param name="To">Later than that; <c>24:00</c> is midnight.</param>
public sealed record HoursSection([Text(5)] string From, [Text(5)] string To);

/// <summary>Somebody who can be given leads.</summary>
/// <param name="Rep">As leads and opportunities call him.</param>
/// <param name="Superior">The rep whom he reports to: who is told when he does not follow up.</param>
/// <param name="Regions">Which he knows; none named: any.</param>
/// <param name="Industries">Which he knows; none named: any.</param>
/// <param name="Products">Which he knows; none named: any.</param>
/// <param name="Capacity">How many open leads he can have; left out, any number.</param>
/// <param name="Calendar">When he is at work; left out, always.</param>
/// <param name="TakesLeads">False for one who is only somebody's superior, and for one who is away for long.</param>
public sealed record RepSection(
    string Rep, string? Superior = null, [Items(100)] IReadOnlyList<string>? Regions = null, [Items(100)] IReadOnlyList<string>? Industries = null,
    [Items(100)] IReadOnlyList<string>? Products = null, [Between(0, 100_000)] int? Capacity = null, [Text(40)] string? Calendar = null, bool TakesLeads = true)
{
    /// <summary>What he knows of a kind; none named: any.</summary>
    public IReadOnlyList<string>? KnownOf(Knowing what) => what switch
    {
        Knowing.Region => Regions,
        Knowing.Industry => Industries,
        _ => Products
    };
}

/// <summary>Who gets a new lead.</summary>
/// <param name="Rules">The first whose condition holds decides; where none does, the lead stays in the pool.</param>
/// <param name="ByHand">Whether people may give leads to others; claims from the pool are always possible.</param>
/// <param name="HeldBack">Leads that nobody gets by a rule for as long as it holds, such as marketing leads that nobody has verified.</param>
/// <param name="Imported">Whether leads that come by files are given, too.</param>
/// <param name="FirstTask">What whoever gets a lead by a rule is to do; left out, no task is made.</param>
public sealed record AssignmentSection(
    [Items(200)] IReadOnlyList<AssignmentRuleSection> Rules, bool ByHand = true, UnreadCondition? HeldBack = null, bool Imported = false, FirstTaskSection? FirstTask = null);

/// <param name="Key">By which the lead's history names it.</param>
/// <param name="When">Left out, it always holds.</param>
/// <param name="Reps">Among whom one is chosen; left out, all who take leads.</param>
/// <param name="Match">In what whoever gets it has to know the lead's own.</param>
/// <param name="By">How one of those who can is chosen.</param>
/// <param name="OnlyAtWork">Whether only those who are at work get it; otherwise they go first.</param>
public sealed record AssignmentRuleSection(
    [Text(40)] string Key, [Text(80)] string Name, UnreadCondition? When = null, [Items(500)] IReadOnlyList<string>? Reps = null,
    [Items(3)] IReadOnlyList<Knowing>? Match = null, Turn By = Turn.RoundRobin, bool OnlyAtWork = false);

/// <summary>What a rep knows.</summary>
public enum Knowing { Region, Industry, Product }

/// <summary>Whose turn it is: of those who got one longest ago, or of those with the fewest open leads for what they can have.</summary>
public enum Turn { RoundRobin, LeastLoaded }

/// <param name="Kind">Such as <c>first-call</c>.</param>
/// <param name="Title">Such as 首次电话跟进.</param>
/// <param name="DueMinutes">Counted as the first response is.</param>
public sealed record FirstTaskSection([Text(40)] string Kind, [Text(200)] string Title, [Between(1, 525_600)] int DueMinutes = 1440);

/// <summary>What is expected of whoever has a lead.</summary>
/// <param name="Calendar">In which spans of time are counted.</param>
public sealed record ClockSection([Text(40)] string Calendar, FirstResponseSection? FirstResponse = null, SilenceSection? Silence = null);

/// <summary>How soon whoever got a lead has to follow up for the first time.</summary>
/// <param name="DueMinutes">From when he got it.</param>
/// <param name="RemindMinutes">When he is reminded, from when he got it; left out, he is not.</param>
/// <param name="Counting">In which time both are counted.</param>
/// <param name="Rounds">How many reps get it one after another; then the superior of the last has it.</param>
public sealed record FirstResponseSection(
    [Between(1, 525_600)] int DueMinutes = 1440, [Between(1, 525_600)] int? RemindMinutes = null, Calendars.Counting Counting = Calendars.Counting.Workdays,
    [Between(1, 20)] int Rounds = 3);

/// <summary>What happens when nobody follows up any more.</summary>
/// <param name="Workdays">After so many without a follow-up the superior is told, and after as many again his superior.</param>
/// <param name="Steps">How far up it goes at most.</param>
public sealed record SilenceSection([Between(1, 250)] int Workdays = 3, [Between(1, 10)] int Steps = 3);

/// <summary>What of the pool reps may take for themselves.</summary>
/// <param name="MostHeld">How many open leads that he claimed a rep may have at a time; left out, any number.</param>
/// <param name="MostADay">How many he may claim in a day of the tenant's zone; left out, any number.</param>
/// <param name="CoolDownMinutes">How long after he had it, and had it no more, a rep may not claim the same lead.</param>
public sealed record PoolSection(
    [Between(0, 10_000)] int? MostHeld = null, [Between(0, 10_000)] int? MostADay = null, [Between(0, 525_600)] int CoolDownMinutes = 0);

/// <summary>What a lead's fields and behaviour are worth: points from 0 to 100.</summary>
/// <param name="Rules">All that apply are added up.</param>
/// <param name="Bands">Which points are many, and which are few; left out, there are no bands.</param>
public sealed record ScoringSection([Items(200)] IReadOnlyList<PointsRuleSection> Rules, ScoreBandsSection? Bands = null);

/// <summary>Points for what is known of a lead, or for something that it does: it has <c>when</c> or <c>behaviour</c>.</summary>
/// <param name="Key">By which a score's reasons name it.</param>
/// <param name="Points">May be below zero.</param>
/// <param name="When">Once, while this holds.</param>
/// <param name="Behaviour">For each time: <c>capture</c>, or a kind of touch that came from the lead, such as <c>download</c>; one that came to something has that behind a colon, as <c>mail:opened</c>.</param>
/// <param name="Cap">Of behaviour: how far from zero the points of all times together go; left out, any.</param>
/// <param name="HalfLifeDays">Of behaviour: after so many days a point is worth half; left out, points stay.</param>
public sealed record PointsRuleSection(
    [Text(40)] string Key, [Text(80)] string Name, [Between(-100, 100)] int Points, UnreadCondition? When = null, [Text(80)] string? Behaviour = null,
    [Between(1, 100)] int? Cap = null, [Between(1, 3650)] int? HalfLifeDays = null);

/// <param name="High">From so many points on a lead is in the band <c>high</c>.</param>
/// <param name="Low">Below so many points it is in the band <c>low</c>.</param>
/// <param name="HighTask">What whoever has a lead is to do when it comes into the band <c>high</c>; left out, he is only told.</param>
public sealed record ScoreBandsSection([Between(0, 100)] int High, [Between(0, 100)] int Low, FirstTaskSection? HighTask = null);

/// <summary>Which leads are no business: tests and junk. They are given to nobody and count in no figure.</summary>
/// <param name="Rules">The first whose condition holds flags the lead.</param>
public sealed record FlagsSection([Items(200)] IReadOnlyList<FlagRuleSection> Rules);

/// <param name="Key">By which the lead's history names it.</param>
/// <param name="Flag">What such a lead is.</param>
public sealed record FlagRuleSection([Text(40)] string Key, [Text(80)] string Name, RecordFlag Flag, UnreadCondition When);

/// <summary>A text with gaps, in the language of Handlebars: <c>{{lead.contact}}</c>, <c>{{#if lead.product}}…{{/if}}</c>.</summary>
/// <param name="Key">By which it is named elsewhere in this document.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain. It ends with where whoever gets it can say that he wants no more, <c>{{unsubscribe}}</c>.</param>
/// <param name="Html">The same as HTML; left out, the mail is plain text alone.</param>
public sealed record TemplateSection([Text(40)] string Key, [Text(200)] string Subject, [Text(20_000)] string Text, [Text(100_000)] string? Html = null);

/// <summary>What leads that nobody works on yet are sent, until they come to us.</summary>
/// <param name="Sequences">The first that fits a lead is sent, each once.</param>
/// <param name="Channel">The name of the mail channel by which it goes out; left out, the first there is.</param>
/// <param name="Calendar">In whose hours mails go out; left out, at any hour.</param>
/// <param name="MostADay">To so many addresses mails go out by themselves within a day at most; the others wait.</param>
public sealed record NurtureSection(
    [Items(50)] IReadOnlyList<NurtureSequenceSection> Sequences, [Text(80)] string? Channel = null, [Text(40)] string? Calendar = null,
    [Between(1, 100_000)] int MostADay = NurtureSection.UsualMost)
{
    public const int UsualMost = 500;
}

/// <summary>Mails one after another. With neither <c>when</c> nor <c>band</c> only people begin it.</summary>
/// <param name="Key">By which the lead's history names it.</param>
/// <param name="When">Which leads that are nobody's get it.</param>
/// <param name="Band">Those whose points are in this band.</param>
/// <param name="Steps">In order.</param>
public sealed record NurtureSequenceSection(
    [Text(40)] string Key, [Text(80)] string Name, [Items(30)] IReadOnlyList<NurtureStepSection> Steps, UnreadCondition? When = null, [Text(10)] string? Band = null);

/// <param name="AfterDays">Counted from when the sequence began.</param>
/// <param name="Template">Its key.</param>
public sealed record NurtureStepSection([Between(0, 365)] int AfterDays, [Text(40)] string Template);

/// <summary>How ripe a lead is.</summary>
/// <param name="Key">By which leads name it, such as <c>L3</c>.</param>
/// <param name="Name">Such as 需求确认.</param>
/// <param name="Evidence">What has to be there before a lead comes to it; left out, nothing.</param>
public sealed record LevelSection([Text(20)] string Key, [Text(80)] string Name, [Items(20)] IReadOnlyList<EvidenceSection>? Evidence = null);

/// <summary>What has to be there: one of <c>attachment</c>, <c>field</c> and <c>touch</c>.</summary>
/// <param name="Key">By which the lead's history names it.</param>
/// <param name="Name">What people are told is missing.</param>
/// <param name="Attachment">A file attached under this label, such as 痛点清单书面确认.</param>
/// <param name="Field">A member of the lead that is known, such as <c>phone</c>.</param>
/// <param name="Touch">Something that happened with the lead.</param>
public sealed record EvidenceSection(
    [Text(40)] string Key, [Text(80)] string Name, [Text(80)] string? Attachment = null, [Text(40)] string? Field = null, TouchSection? Touch = null);

/// <summary>A touch that is all that is named here; at least one is.</summary>
/// <param name="Kind">Left out, any.</param>
/// <param name="Direction">Left out, either.</param>
/// <param name="Outcome">What it came to, word for word; left out, anything.</param>
/// <param name="Near">True for one that a phone told of and that was made at the customer's address; of opportunities.</param>
public sealed record TouchSection(
    TouchKind? Kind = null, Direction? Direction = null, [Text(200)] string? Outcome = null, bool? Near = null)
{
    internal TouchAsked Asked => new(Kind, Direction, Outcome, Near);

    /// <summary>Whether it says nothing of which touch.</summary>
    internal bool IsAny => this is { Kind: null, Direction: null, Outcome: null, Near: not true };
}
