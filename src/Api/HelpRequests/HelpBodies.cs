using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.HelpRequests;
using Crm.Domain.Tasks;
using Crm.Projections;
using Crm.Projections.HelpRequests;

namespace Crm.Api.HelpRequests;

/// <summary>Help with a lead, an opportunity, or a customer: one of the three.</summary>
/// <param name="Text">What it takes; kept sealed, as notes are.</param>
/// <param name="To">The member who is asked, by id; left out, your superior.</param>
public sealed record AskHelpRequest(
    HelpKind Kind, [Text(4000)] string Text, Guid? OpportunityId = null, Guid? CustomerId = null, Guid? LeadId = null,
    [Text(60)] string? To = null) : IChecked
{
    internal About Subject => OpportunityId is { } deal ? new(AboutKind.Opportunity, deal)
        : LeadId is { } lead ? new(AboutKind.Lead, lead) : new(AboutKind.Customer, CustomerId!.Value);

    internal string Member => OpportunityId is not null ? "opportunityId" : LeadId is not null ? "leadId" : "customerId";

    public IEnumerable<(string Member, string Code, string Message)> Check() =>
        ((Guid?[])[OpportunityId, CustomerId, LeadId]).Count(id => id is not null) == 1 ? []
            : [("opportunityId", Code.NotTogether, "Help is asked with one record: send opportunityId, customerId or leadId.")];
}

/// <param name="Text">What whoever asked is to do, or gets; kept sealed, as notes are.</param>
public sealed record AnswerHelpRequest([Text(4000)] string Text);

/// <param name="To">The member who is asked instead, by id.</param>
public sealed record HandOnHelpRequest([Text(60)] string To, string? Reason = null);

public sealed record WithdrawHelpRequest(string? Reason = null);

/// <summary>Which requests are mine: those that are with me, that I asked, or that I have to do with at all.</summary>
public enum HelpMine { Waiting, Asked, Involved }

/// <param name="Mine"><c>waiting</c>: those that are with you; <c>asked</c>: those that you asked; <c>involved</c>: these, and those that
/// were ever with you.</param>
/// <param name="About">Only those about this record.</param>
public sealed record HelpQuestion(
    Times Times, ListWords Words, HelpMine? Mine = null, HelpState? State = null, HelpKind? Kind = null, Guid? About = null)
{
    public Asked Of(string member)
    {
        // With somebody is what is open; whoever had it last is told, too.
        var state = State ?? (Mine == HelpMine.Waiting ? HelpState.Open : null);
        return Asked.Of(Times, Words, ("state", Spelt(state)), ("kind", Spelt(Kind)))
            .And("about", "subjectId", About?.ToString())
            .And("mine", FieldOf(Mine), Mine is null ? null : member);
    }

    private static string FieldOf(HelpMine? mine) =>
        mine switch { HelpMine.Waiting => "holder", HelpMine.Asked => "askedBy", _ => "involved" };

    private static string? Spelt<T>(T? word) where T : struct, Enum => word is { } given ? ChoiceShape.Spell(given.ToString()) : null;
}

/// <param name="Total">Whether to count all that there are.</param>
public sealed record HelpPage(Page Page, HelpQuestion Question, bool? Total = null)
{
    public Asked Of(string member) => Question.Of(member) with { Page = Page, Total = Total ?? false };
}

/// <param name="Kind"><c>terms</c>, <c>price</c>, <c>resources</c> or <c>other</c>.</param>
/// <param name="SubjectKind"><c>lead</c>, <c>opportunity</c> or <c>customer</c>.</param>
/// <param name="AskedBy">The member who asks.</param>
/// <param name="Rep">What records call him.</param>
/// <param name="Text">What it takes; null where it was forgotten.</param>
/// <param name="Holder">The member with whom it is, or was last.</param>
/// <param name="State"><c>open</c>, <c>answered</c> or <c>withdrawn</c>.</param>
/// <param name="AnswerBy">By when he is to answer.</param>
/// <param name="DueAt">When something happens by itself.</param>
/// <param name="Escalations">How often it went further up since nobody answered.</param>
/// <param name="Answer">Null where there is none, or where it was forgotten.</param>
/// <param name="Involved">Whoever asked, or was ever asked.</param>
/// <param name="Turns">Who had it from when to when.</param>
/// <param name="FoundBy">How the holder was found: <c>named</c>, <c>superior</c>, <c>team-manager</c> or <c>admin</c>; null where that
/// was not said.</param>
[Sparse]
public sealed record HelpAnswer(
    Guid Id, DateTimeOffset AskedAt, string Kind, string SubjectKind, Guid SubjectId, string AskedBy, string? Rep, string? Team,
    string? Text, string Holder, string State, DateTimeOffset? AnswerBy, DateTimeOffset? DueAt, int Escalations, string? AnsweredBy,
    string? Answer, DateTimeOffset? SettledAt, IReadOnlyList<string> Involved, IReadOnlyList<HelpTurn> Turns,
    string? FoundBy)
{
    public static readonly RecordList<HelpList.Row, HelpAnswer> List = new(
        "help-request", Catalog.HelpRequests, "askedAt", Of, [.. HelpList.Sealed, nameof(HelpList.Row.Turns)])
    { SeenBy = "involved" };

    private static async Task<HelpAnswer> Of(HelpList.Row r, Unsealer unsealer, string tenant, CancellationToken ct) => new(
        r.HelpId, r.AskedAt!.Value, r.Kind!, r.SubjectKind!, r.SubjectId!.Value, r.AskedBy!, r.Rep, r.Team,
        await unsealer.Open(tenant, r.Text, ct), r.Holder!, r.State, r.AnswerBy, r.DueAt, r.Escalations, r.AnsweredBy,
        await unsealer.Open(tenant, r.Answer, ct), r.SettledAt, r.Involved,
        [.. HelpList.TurnsOf(r.Turns).Select(turn => new HelpTurn(turn.Member, turn.Since, turn.DueAt, turn.Until, turn.End))],
        r.FoundBy);
}

/// <param name="Since">When it came to him.</param>
/// <param name="DueAt">By when he was to answer.</param>
/// <param name="Until">Until when he had it; null while he has.</param>
/// <param name="End"><c>answered</c>, <c>handed-on</c>, <c>escalated</c> or <c>withdrawn</c>; null while he has it.</param>
public sealed record HelpTurn(string Member, DateTimeOffset Since, DateTimeOffset? DueAt, DateTimeOffset? Until, string? End);
