using Crm.Api.Access;
using Crm.Api.Approvals;
using Crm.Api.Commitments;
using Crm.Api.Customers.Care;
using Crm.Api.DailyReports;
using Crm.Api.Forecasting;
using Crm.Api.HelpRequests;
using Crm.Api.Http;
using Crm.Api.MetricAlerts;
using Crm.Api.Notifications.Sending;
using Crm.Api.Opportunities.Care;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.DataSources;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Warnings;

namespace Crm.Api.Automations;

/// <summary>What goes on by itself: how it stands, what failed, what it would do while it is only tried.</summary>
public static class AutomationEndpoints
{
    public static void MapAutomations(this IEndpointRouteBuilder app)
    {
        var automations = app.MapGroup("/automations").WithTags("Automations");

        automations.MapGet("/", async (Caller by, AutomationStatus status, CancellationToken ct) =>
            new ListOf<AutomationAnswer>(
            [
                await status.OfLeads(by.Tenant, ct), await status.OfOpportunities(by.Tenant, ct), await status.OfMetrics(by.Tenant, ct),
                await status.OfApprovals(by.Tenant, ct), await status.OfCommitments(by.Tenant, ct), await status.OfReviews(by.Tenant, ct),
                await status.OfHelp(by.Tenant, ct), await status.OfFollowUps(by.Tenant, ct),
                await status.OfDailyReports(by.Tenant, ct),
                await status.OfSources(by.Tenant, ct),
                await status.OfCustomers(by.Tenant, ct), await status.OfWarnings(by.Tenant, ct), await status.OfMessages(by.Tenant, ct),
                await status.OfForecasts(by.Tenant, ct)
            ]))
            .Needs(Functions.AutomationsRead).WithName("listAutomations").WithSummary("What goes on by itself, and how it stands");

        automations.MapPost("/{automation}/mode", (string automation, Body<SwitchAutomationRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(PlaybookDecider.Instance, CurrentPlaybook.StreamOf(incoming.By.Tenant),
                new SwitchAutomation(Switched(automation), body.Value.Mode, body.Value.Reason), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.AutomationsManage).WithName("switchAutomation").WithSummary("Have it act, only say what it would do, or do nothing");

        automations.MapGet("/{automation}/trials", async (string automation, Caller by, AutomationTable table, CancellationToken ct) =>
            new ListOf<AutomationTrialAnswer>([.. (await table.Trials(by.Tenant, Switched(automation), ct))
                .Select(AutomationTrialAnswer.Of)]))
            .Needs(Functions.AutomationsRead).WithName("listAutomationTrials").WithSummary("What it would have done while it was only tried, the newest first");

        automations.MapGet("/{automation}/failures", async (
            string automation, Query<FailuresQuestion> query, Caller by, AutomationTable table, CancellationToken ct) =>
            new ListOf<AutomationFailureAnswer>([.. (await table.Failures(by.Tenant, Known(automation), ct, query.Value.Subject))
                .Select(AutomationFailureAnswer.Of)]))
            .HasNoVersion().Needs(Functions.AutomationsRead).WithName("listAutomationFailures").WithSummary("What it could not do, the newest first");

        automations.MapPost("/{automation}/failures/{subject:guid}/retry", async (string automation, Guid subject, Body<RetryAutomationRequest> body, Caller by, AutomationTable table, CancellationToken ct) =>
            await table.TryAgain(by.Tenant, Known(automation), subject, ct) ? Results.NoContent() : throw Unknown())
            .Produces(StatusCodes.Status204NoContent).HasNoVersion().Needs(Functions.AutomationsManage).WithName("retryAutomation").WithSummary("Have it try again what it could not do");

        automations.MapPost("/{automation}/failures/{subject:guid}/dismissal", async (string automation, Guid subject, Body<DismissAutomationFailureRequest> body, Caller by, AutomationTable table, CancellationToken ct) =>
            await table.LetBe(by.Tenant, Known(automation), subject, ct) ? Results.NoContent() : throw Unknown())
            .Produces(StatusCodes.Status204NoContent).HasNoVersion().Needs(Functions.AutomationsManage).WithName("dismissAutomationFailure").WithSummary("Let be what it could not do");
    }

    private static string Known(string automation) => automation is PostRound.Automation ? automation : Switched(automation);

    // What is sent is what members and playbooks say; it is not tried, nor switched off.
    private static string Switched(string automation) =>
        automation is LeadCare.Automation or OpportunityCare.Automation or MetricDuty.Automation or ApprovalDesk.Automation
            or ClashDuty.Automation or AskForReview.Automation or HelpDesk.Automation or OfferFollowUp.Automation or CustomerCare.Automation
            or TellOfWarning.Automation
            or DailyReportDuty.Automation or TellOfSource.Automation or ForecastDuty.Automation
            ? automation : throw Rejection.Unknown("automation.unknown", "There is no such automation, or none that can be switched.");

    private static Rejection Unknown() => Rejection.Unknown("automation.no-failure", "There is no such failure, or none any more.");
}

/// <param name="Reason">In a few words, for those who look later.</param>
public sealed record SwitchAutomationRequest(AutomationMode Mode, string? Reason = null);

/// <param name="Subject">Only what could not be done for this record.</param>
public sealed record FailuresQuestion(Guid? Subject = null);

public sealed record RetryAutomationRequest;

public sealed record DismissAutomationFailureRequest;

/// <param name="Key">By which it is named.</param>
/// <param name="Mode"><c>on</c>, <c>dry-run</c> or <c>off</c>.</param>
/// <param name="Position">Up to where it has followed the log.</param>
/// <param name="Behind">Positions between that and the newest event, of all tenants.</param>
/// <param name="LastActedAt">When it last did something for this tenant.</param>
/// <param name="Acts">How much it did in the last 24 hours, by kind of event; of messages, by what became of them.</param>
/// <param name="Due">How many records have something that is due now and not done, or messages are; 0 of figures.</param>
/// <param name="LatestDueAt">Since when the longest of those is due.</param>
/// <param name="Waiting">How many records have something that will be due, or messages will be.</param>
/// <param name="NextDueAt">When the next of those will.</param>
/// <param name="Failures">How much it could not do and nobody has looked at.</param>
public sealed record AutomationAnswer(
    string Key, string Mode, long Position, long Behind, DateTimeOffset? LastActedAt, IReadOnlyDictionary<string, long> Acts, long Due, DateTimeOffset? LatestDueAt, long Waiting,
    DateTimeOffset? NextDueAt, long Failures);

/// <param name="Subject">The lead, the customer, the approval, or the stream of the rule.</param>
/// <param name="Cause">The event that it took for its cause; null where a moment had come.</param>
/// <param name="Facts">The events that it would have written.</param>
public sealed record AutomationTrialAnswer(Guid Id, Guid Subject, Guid? Cause, DateTimeOffset At, IReadOnlyList<TriedFact> Facts)
{
    public static AutomationTrialAnswer Of(AutomationTrial trial) => new(
        trial.Id, trial.Subject, trial.Cause, trial.At, [.. trial.Facts.AsArray().Select(fact => new TriedFact(fact!["type"]!.GetValue<string>(), fact["data"]!.DeepClone()))]);
}

public sealed record TriedFact(string Type, System.Text.Json.Nodes.JsonNode Data);

/// <param name="Subject">The lead, the customer, the approval, the stream of the rule, or what a message was to tell of: an alert or a lead.</param>
/// <param name="Cause">The event that it took for its cause; null where a moment had come.</param>
/// <param name="DueAt">By the rules of which moment it was to be done.</param>
/// <param name="Again">Somebody wants it tried again; it will be, in a moment.</param>
public sealed record AutomationFailureAnswer(Guid Subject, Guid? Cause, DateTimeOffset DueAt, DateTimeOffset FailedAt, int Attempts, string Error, bool Again)
{
    public static AutomationFailureAnswer Of(AutomationFailure failure) =>
        new(failure.Subject, failure.Cause, failure.DueAt, failure.FailedAt, failure.Attempts, failure.Error, failure.Again);
}
