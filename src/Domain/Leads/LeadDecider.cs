using Crm.Domain.Activities;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Leads;

public interface ILeadCommand;

/// <param name="Rep">Who works on it from the beginning; null for nobody yet.</param>
/// <param name="Terms">What is expected of him; null where nothing is.</param>
/// <param name="Custom">By the fields of the playbook in force, in their normal form.</param>
public sealed record CaptureLead(
    string Source,
    string? Company = null,
    Personal? Contact = null,
    Personal? Email = null,
    Personal? Phone = null,
    string? Role = null,
    string? Region = null,
    string? Industry = null,
    int? Employees = null,
    string? Campaign = null,
    string? Product = null,
    Personal? Message = null,
    string? ExternalId = null,
    string? Rep = null,
    string? Team = null,
    SizeBand? SizeBand = null,
    ResponseTerms? Terms = null,
    CustomValues? Custom = null) : ILeadCommand;

/// <summary>What is null stays as it is; what is named in <paramref name="Cleared"/> is not known any more.</summary>
/// <param name="Cleared">Of the fields of its playbook as <c>custom.painPoints</c>, or <c>custom</c> for all of them.</param>
/// <param name="Custom">Those of these fields that are given, in their normal form.</param>
public sealed record ChangeLead(
    string? Source = null,
    string? Company = null,
    Personal? Contact = null,
    Personal? Email = null,
    Personal? Phone = null,
    string? Role = null,
    string? Region = null,
    string? Industry = null,
    int? Employees = null,
    string? Campaign = null,
    string? Product = null,
    string? ExternalId = null,
    IReadOnlyList<string>? Cleared = null,
    SizeBand? SizeBand = null,
    CustomValues? Custom = null) : ILeadCommand;

/// <summary>No team: the team stays as it is.</summary>
/// <param name="Terms">What is expected of him; null where nothing is.</param>
/// <param name="Ground">Why him; null where a person says so.</param>
public sealed record AssignLead(string Rep, string? Team = null, ResponseTerms? Terms = null, AssignmentGround? Ground = null) : ILeadCommand;

public sealed record ReleaseLead(Personal? Comment = null) : ILeadCommand;

/// <param name="Via">The lead that it is said of, where that is part of this one.</param>
public sealed record TouchLead(
    Guid TouchId,
    TouchKind Kind,
    Direction Direction,
    string? Channel = null,
    string? Outcome = null,
    int? DurationSeconds = null,
    Personal? Summary = null,
    Guid? Via = null,
    Visit? Visit = null,
    Personal? Place = null) : ILeadCommand, IMayPredate;

public sealed record NoteLead(Guid NoteId, Personal Text) : ILeadCommand, IMayPredate;
public sealed record AddLeadAttachment(AttachedFile File) : ILeadCommand, IMayPredate;
public sealed record RemoveLeadAttachment(Guid AttachmentId, string? Reason = null) : ILeadCommand;
public sealed record DisqualifyLead(string Reason, Personal? Comment = null) : ILeadCommand;
public sealed record ReviveLead(string? Reason = null) : ILeadCommand;
public sealed record WithdrawLeadFlag(string? Reason = null) : ILeadCommand;

/// <summary>By one level, or by several where the evidence of each is there.</summary>
/// <param name="Levels">All there are, in their order.</param>
/// <param name="Playbook">The version that says so.</param>
public sealed record RaiseLead(string Level, IReadOnlyList<LevelSection> Levels, long Playbook) : ILeadCommand;

/// <param name="Level">Where it falls back to; null for none.</param>
public sealed record LowerLead(string? Level, string Reason) : ILeadCommand;

// Flagging a lead stops its clocks, see FlagLead. QualifyLead touches three streams, see ConvertQualifiedLead; merging two, see LeadMerge.

public static class LeadDecider
{
    public static readonly Decider<Lead, ILeadCommand, ILeadEvent> Instance = new("lead", Lead.None, Decide, Lead.Evolve, Precede);

    public static IReadOnlyList<ILeadEvent> Decide(Lead state, ILeadCommand command) => (state, command) switch
    {
        ({ Captured: null }, CaptureLead { Rep: { } rep } c) => [Capture(c), new LeadAssigned(rep, c.Team, Terms: c.Terms)],
        ({ Captured: null }, CaptureLead c) => [Capture(c)],
        (_, CaptureLead c) when Same(state.Captured, Capture(c)) && (c.Rep is null || c.Rep == state.Rep) => [],
        (_, CaptureLead) => throw Captured(),

        ({ Captured: null }, _) => throw Rejection.Unknown("lead.unknown", "There is no such lead."),

        // Said twice: nothing happens.
        (_, TouchLead c) when state.Touches.ContainsKey(c.TouchId) => [],
        (_, NoteLead c) when state.Notes.Contains(c.NoteId) => [],
        (_, AddLeadAttachment c) when state.Attachments.Hold(c.File) => [],
        (_, RemoveLeadAttachment c) when state.Attachments.Removed.Contains(c.AttachmentId) => [],
        (_, AssignLead c) when c.Rep == state.Rep && (c.Team ?? state.Team) == state.Team => [],
        (_, ReleaseLead c) => LeadPool.Release(state, c.Comment),
        (_, QualifyLead c) when state.Qualified == new LeadQualified(c.CustomerId, c.OpportunityId) => [],
        (_, DisqualifyLead c) when state.Disqualified?.Reason == c.Reason => [],
        ({ Qualified: null, Disqualified: null, MergedInto: null }, ReviveLead) => [],
        ({ Flag: null }, WithdrawLeadFlag) => [],
        (_, RaiseLead c) when state.Level?.Level == c.Level => [],
        (_, LowerLead c) when state.Level?.Level == c.Level => [],

        // What a part brought is taken away from the part.
        (_, RemoveLeadAttachment c) => [new LeadAttachmentRemoved(state.Attachments.Holding(c.AttachmentId), c.Reason)],

        ({ MergedInto: not null }, _) => throw LeadMerge.Merged(),
        (_, WithdrawLeadFlag c) => [new LeadFlagWithdrawn(c.Reason)],
        (_, ChangeLead c) => Changed(state.Details!, c),
        (_, TouchLead c) => [Touched(c)],
        (_, NoteLead c) => [new LeadNoted(c.NoteId, c.Text)],
        (_, AddLeadAttachment c) => [LeadAttachmentAdded.Of(state.Attachments.Taking(c.File, state.Touches.ContainsKey))],
        ({ Disqualified: not null }, ReviveLead c) => [new LeadRevived(c.Reason)],

        ({ Qualified: not null }, _) => throw Qualified(),
        ({ Disqualified: not null }, _) => throw Rejection.WrongState("lead.disqualified", "This lead was disqualified; revive it first."),

        ({ Flag: not null }, AssignLead or QualifyLead or RaiseLead) => throw FlagLead.Flagged(),

        (_, AssignLead c) => [new LeadAssigned(c.Rep, c.Team, c.Ground, c.Terms)],
        (_, QualifyLead c) => [new LeadQualified(c.CustomerId, c.OpportunityId)],
        (_, DisqualifyLead c) => [new LeadDisqualified(c.Reason, c.Comment)],
        (_, RaiseLead c) => LeadLevels.Raise(state, c),
        (_, LowerLead c) => LeadLevels.Lower(state, c),
        _ => []
    };

    public static void Precede(Lead latest, ILeadCommand command)
    {
        switch (command)
        {
            case CaptureLead when latest.Captured is not null:
                throw Captured();
            case TouchLead c when latest.Touches.ContainsKey(c.TouchId):
                throw Rejection.WrongState("lead.touch-known", $"Touch {c.TouchId} is known, at a later time.");
            case NoteLead c when latest.Notes.Contains(c.NoteId):
                throw Rejection.WrongState("lead.note-known", $"Note {c.NoteId} is known, at a later time.");
            case AddLeadAttachment c:
                latest.Attachments.MustStillTake(c.File);
                break;
            case RemoveLeadAttachment c:
                latest.Attachments.Holding(c.AttachmentId);
                break;
            case RaiseLead c when latest.Levels.Any(level => level.Level == c.Level):
                throw Rejection.WrongState("lead.later-level", $"This lead came to {c.Level} at a later time; that stands.");
            case QualifyLead or DisqualifyLead or RaiseLead when latest.Qualified is not null || latest.Disqualified is not null:
            // It was set aside at that time. If it no longer is, or was again, its story went on later.
            case ReviveLead when latest.Disqualified is null || latest.Disqualifications > 1:
                throw Rejection.WrongState(
                    "lead.later-outcome", "This lead was qualified, disqualified or revived at a later time; that stands.");
        }
    }

    // Where to and why is not told: it may be hidden from whoever is refused, and stands in the record for everybody else.
    public static Rejection Qualified() => Rejection.WrongState("lead.qualified", "This lead was qualified; go on with its opportunity.");

    private static LeadCaptured Capture(CaptureLead c) => new(
        c.Source, c.Company, c.Contact, c.Email, c.Phone, c.Role, c.Region, c.Industry, Employees(c.Employees), c.Campaign, c.Product,
        c.Message, c.ExternalId, c.SizeBand, Custom: c.Custom);

    // Only what becomes another than it was is a fact.
    private static IReadOnlyList<ILeadEvent> Changed(LeadCaptured details, ChangeLead c)
    {
        if (c.Cleared?.Contains("source") == true)
            throw Rejection.BrokenRule("lead.source", "A lead has a source; send another one.", "source");

        var changed = new LeadChanged(
            Change.Other(c.Source, details.Source), Change.Other(c.Company, details.Company), Change.Other(c.Contact, details.Contact),
            Change.Other(c.Email, details.Email), Change.Other(c.Phone, details.Phone), Change.Other(c.Role, details.Role),
            Change.Other(c.Region, details.Region), Change.Other(c.Industry, details.Industry), Change.Other(Employees(c.Employees), details.Employees),
            Change.Other(c.Campaign, details.Campaign), Change.Other(c.Product, details.Product), Change.Other(c.ExternalId, details.ExternalId),
            Change.Cleared(CustomValues.Each(c.Cleared, details.Custom), name => LeadFields.Knows(details, name)),
            Change.Other(c.SizeBand, details.SizeBand), CustomValues.Other(c.Custom, details.Custom));
        return changed == new LeadChanged() ? [] : [changed];
    }

    private static int? Employees(int? said) => said is null or >= 0
        ? said
        : throw Rejection.BrokenRule("lead.employees", $"A company cannot have {said} employees; 0 or more.", "employees");

    // Personal data is sealed anew each time it is sent, so it cannot tell whether the same was said.
    private static bool Same(LeadCaptured? known, LeadCaptured said) => known is not null &&
        known == said with { Contact = known.Contact, Email = known.Email, Phone = known.Phone, Message = known.Message, Previous = known.Previous };

    private static LeadTouched Touched(TouchLead c) =>
        new(
        c.TouchId, c.Kind, c.Direction, c.Channel, c.Outcome, Touch.Duration(c.DurationSeconds), c.Summary, c.Via, c.Visit, c.Place);

    private static Rejection Captured() => Rejection.WrongState(
        "lead.captured", "This lead is captured already, with other values or at another time.");
}
