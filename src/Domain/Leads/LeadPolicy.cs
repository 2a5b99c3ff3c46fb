using Crm.Domain.Calendars;
using Crm.Domain.Conditions;
using Crm.Domain.Playbooks;
using Crm.Domain.Scoring.Leads;
using Crm.Domain.Scoring.Points;

namespace Crm.Domain.Leads;

/// <summary>What a playbook says of leads, made ready to decide by. It is made of playbooks that were published, and so have no faults.</summary>
public sealed class LeadPolicy
{
    private readonly Dictionary<string, RepPolicy> byName;
    private readonly Vocabulary vocabulary;

    private LeadPolicy(PlaybookDocument document, IZones zones)
    {
        Document = document;
        vocabulary = LeadFields.VocabularyOf(document);
        var calendars = (document.Calendars ?? []).ToDictionary(calendar => calendar.Key, calendar => calendar.Made(zones), StringComparer.Ordinal);
        Reps = [.. (document.Reps ?? []).Select(rep => new RepPolicy(rep, rep.Calendar is null ? null : calendars[rep.Calendar]))];
        byName = Reps.ToDictionary(rep => rep.Name, StringComparer.Ordinal);
        Rules = [.. (document.Assignment?.Rules ?? []).Select(rule => new RulePolicy(rule, Read(rule.When) ?? Condition.Everything, Among(rule.Reps)))];
        Flags = [.. (document.Flags?.Rules ?? []).Select(rule => new FlagPolicy(rule, Read(rule.When)!))];
        Sequences = [.. (document.Nurture?.Sequences ?? []).Select(one => new SequencePolicy(one, Read(one.When), document.Nurture!.Calendar is { } hours ? calendars[hours] : null))];
        Points = LeadPoints.Of(document);
        HeldBack = Read(document.Assignment?.HeldBack) ?? new Condition.Any([]);
        Calendar = document.Clocks is { } clocks ? calendars[clocks.Calendar] : null;
    }

    public PlaybookDocument Document { get; }

    /// <summary>In their order: the first that fits decides.</summary>
    public IReadOnlyList<RulePolicy> Rules { get; }

    /// <summary>Which leads are no business, in their order: the first that fits decides.</summary>
    public IReadOnlyList<FlagPolicy> Flags { get; }

    /// <summary>Mails for leads that nobody works on yet, in their order: the first that fits is sent.</summary>
    public IReadOnlyList<SequencePolicy> Sequences { get; }

    /// <summary>What leads are worth; null where nothing is said of it.</summary>
    public PointsModel? Points { get; }

    /// <summary>Leads that no rule gives to anybody.</summary>
    public Condition HeldBack { get; }

    public IReadOnlyList<RepPolicy> Reps { get; }

    /// <summary>In which clocks count; null where there are none.</summary>
    public BusinessCalendar? Calendar { get; }

    public FirstResponseSection? FirstResponse => Document.Clocks?.FirstResponse;

    public SilenceSection? Silence => Document.Clocks?.Silence;

    public PoolSection Pool => Document.Pool ?? new PoolSection();

    public static LeadPolicy Of(PlaybookDocument document, IZones zones) => new(document, zones);

    /// <summary>What is expected of whoever has a lead from a moment on; null where nothing is.</summary>
    public ResponseTerms? TermsFrom(DateTimeOffset at)
    {
        if (Calendar is null)
        {
            return null;
        }

        var terms = new ResponseTerms(
            FirstResponse is { } first ? Calendar.After(at, TimeSpan.FromMinutes(first.DueMinutes), first.Counting) : null,
            FirstResponse is { RemindMinutes: { } remind } early ? Calendar.After(at, TimeSpan.FromMinutes(remind), early.Counting) : null,
            SilentAfter(at));
        return terms == new ResponseTerms() ? null : terms;
    }

    /// <summary>When, without a follow-up since a moment, it is silence; null where that is of no matter.</summary>
    public DateTimeOffset? SilentAfter(DateTimeOffset at) =>
        Silence is { } silence ? Calendar?.After(at, TimeSpan.FromDays(silence.Workdays), Counting.Workdays) : null;

    /// <summary>When a span has gone by, counted as the first response is.</summary>
    public DateTimeOffset After(DateTimeOffset at, TimeSpan span) => Calendar?.After(at, span, FirstResponse?.Counting ?? Counting.Elapsed) ?? at + span;

    /// <summary>Those above a rep, the nearest first.</summary>
    public IReadOnlyList<string> Above(string rep) => Superiors.Above(Document.Reps ?? [], rep);

    /// <exception cref="Rejection">People give no leads to others here.</exception>
    public void MustAllowByHand()
    {
        if (Document.Assignment is { ByHand: false })
        {
            throw Rejection.WrongState("lead.not-by-hand", "Leads are given by the rules of the playbook, not by hand; a rep can claim one from the pool.");
        }
    }

    private IReadOnlyList<RepPolicy> Among(IReadOnlyList<string>? named) =>
        [.. (named is null ? Reps : named.Select(name => byName[name])).Where(rep => rep.Section.TakesLeads)];

    private Condition? Read(UnreadCondition? condition) => condition?.Read(vocabulary, out _);
}

/// <param name="Reps">Those who take leads, of those whom it names.</param>
public sealed record RulePolicy(AssignmentRuleSection Section, Condition When, IReadOnlyList<RepPolicy> Reps);

public sealed record FlagPolicy(FlagRuleSection Section, Condition When);

/// <param name="Calendar">When he is at work; null for always.</param>
public sealed record RepPolicy(RepSection Section, BusinessCalendar? Calendar)
{
    public string Name => Section.Rep;

    public bool IsAtWork(DateTimeOffset at) => Calendar?.IsOpen(at) ?? true;
}
