using Crm.Api.Activities;
using Crm.Api.Approvals;
using Crm.Api.Attachments;
using Crm.Api.Audit;
using Crm.Api.Automations;
using Crm.Api.Batches;
using Crm.Api.Commitments;
using Crm.Api.Compliance;
using Crm.Api.Contacts;
using Crm.Api.Conversion;
using Crm.Api.Customers;
using Crm.Api.Customers.Cadences;
using Crm.Api.Customers.Care;
using Crm.Api.Customers.Journeys;
using Crm.Api.Customers.Overview;
using Crm.Api.CustomFields;
using Crm.Api.DailyReports;
using Crm.Api.DataSources;
using Crm.Api.Events;
using Crm.Api.Exports;
using Crm.Api.FollowUps;
using Crm.Api.Forecasting;
using Crm.Api.Forecasting.Backtests;
using Crm.Api.Forms;
using Crm.Api.Handovers;
using Crm.Api.HelpRequests;
using Crm.Api.Http;
using Crm.Api.Imports.Runs;
using Crm.Api.Jobs;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Api.MetricAlerts;
using Crm.Api.Notifications;
using Crm.Api.Notifications.Sending;
using Crm.Api.Notifications.Sending.Ports;
using Crm.Api.Nurture;
using Crm.Api.Opportunities;
using Crm.Api.Opportunities.Care;
using Crm.Api.Outside;
using Crm.Api.Pipeline;
using Crm.Api.Playbooks;
using Crm.Api.ProductRequests;
using Crm.Api.Reviews;
using Crm.Api.Scoring;
using Crm.Api.SpotChecks;
using Crm.Api.Tasks;
using Crm.Api.Tasks.Calendars;
using Crm.Api.Tickets;
using Crm.Api.Visits;
using Crm.Api.Warnings;
using Crm.Api.Warnings.Learning;
using Crm.Api.Webhooks;
using Crm.Api.Webhooks.Sending;
using Crm.EventStore;
using Crm.EventStore.ReadModels;

namespace Crm.Api;

/// <summary>What the program is put together from.</summary>
internal static class Parts
{
    /// <summary>Who writes and looks up records.</summary>
    public static IServiceCollection AddRecords(this IServiceCollection parts, Engine engine)
    {
        parts.AddSingleton<IProblemSource, StoreProblems>();
        parts.AddSingleton<Unsealer>();
        parts.AddSingleton<Writes>();
        parts.AddSingleton<Records>();
        parts.AddSingleton(engine.Cursors);
        parts.AddSingleton<ListReader>();
        parts.AddSingleton<ListExports>();
        parts.DescribeSparseAnswers();
        parts.AddSingleton(engine.LeadKeys);
        parts.AddSingleton(engine.Captures);
        parts.AddSingleton<Submissions>();
        parts.AddSingleton<LeadChanges>();
        parts.AddSingleton<LeadClaims>();
        parts.AddSingleton<Flags>();
        parts.AddSingleton<LevelsReached>();
        parts.AddSingleton<GatesAhead>();
        parts.AddSingleton<AmountChanges>();
        parts.AddSingleton<ApprovalRules>();
        parts.AddSingleton<ApprovalDesk>();
        parts.AddSingleton<ApprovalReader>();
        parts.AddSingleton(new ApprovalAddress(engine.MasterKey.Derive(ApprovalAddress.Purpose)));
        parts.AddSingleton<LinkedDeciding>();
        parts.AddSingleton<Merges>();
        parts.AddSingleton<Duplicates>();
        parts.AddSingleton<Qualification>();
        parts.AddSingleton<Correction>();
        parts.AddSingleton<KnownCustomers>();
        parts.AddSingleton<Upsert>();
        parts.AddSingleton<KnownCommitments>();
        parts.AddSingleton<HelpDesk>();
        parts.AddSingleton<DailyReader>();
        parts.AddSingleton<DailyReportDesk>();
        parts.AddSingleton<VisitTrail>();
        parts.AddSingleton<VisitDesk>();
        parts.AddSingleton<TicketUpsert>();
        parts.AddSingleton<KnownSubjects>();
        parts.AddSingleton<TaskBoard>();
        parts.AddSingleton<Calendars>();
        parts.AddSingleton<Inside>();
        parts.AddSingleton<AttachmentDesk>();
        parts.AddSingleton<IScanner>(services => engine.Settings.Scanner is { } scanner
            ? new ClamAv(ClamAv.Parse(scanner)!, TimeProvider.System, services.GetRequiredService<ILogger<ClamAv>>()) : new NoScanner());
        return parts;
    }

    /// <summary>Who makes figures and views of what is told.</summary>
    public static IServiceCollection AddReports(this IServiceCollection parts)
    {
        parts.AddSingleton<SilentLeads>();
        parts.AddSingleton<LevelFigures>();
        parts.AddSingleton<SpotCheckDesk>();
        parts.AddSingleton<DecisionChains>();
        parts.AddSingleton<HelpReport>();
        parts.AddSingleton<DailyTeamReport>();
        parts.AddSingleton<VisitReader>();
        parts.AddSingleton<Clashes>();
        parts.AddSingleton<CustomerOverview>();
        parts.AddSingleton<CaredCustomers>();
        parts.AddSingleton<CustomerFactsReader>();
        parts.AddSingleton<KnownTouches>();
        parts.AddSingleton<KnownOrders>();
        parts.AddSingleton<CustomerJourney>();
        parts.AddSingleton<DealReader>();
        parts.AddSingleton<SignReader>();
        parts.AddSingleton<ForecastDesk>();
        parts.AddSingleton<ForecastFacts>();
        parts.AddSingleton<BacktestDesk>();
        parts.AddSingleton<IJobKind, BacktestWork>();
        parts.AddSingleton<SourceDesk>();
        parts.AddSingleton<ReadingReader>();
        parts.AddSingleton<DealChanges>();
        parts.AddSingleton<ForecastSplits>();
        parts.AddSingleton<ForecastCompare>();
        parts.AddSingleton<WhatIfDesk>();
        parts.AddSingleton<CurrentForecasts>();
        parts.AddSingleton<ForecastRecorder>();
        parts.AddSingleton<ForecastRestatement>();
        parts.AddSingleton<RestateOnRecovery>();
        parts.AddSingleton<PipelineReport>();
        parts.AddSingleton<ConversionReport>();
        parts.AddSingleton<WinRateReport>();
        parts.AddSingleton<DealReviews>();
        parts.AddSingleton<FollowUpPacks>();
        parts.AddSingleton<ComplianceReport>();
        parts.AddSingleton<ActivityReport>();
        parts.AddSingleton<Telling>();
        parts.AddSingleton<AuditReader>();
        parts.AddSingleton<SimulationDesk>();
        parts.AddSingleton<ScoreModels>();
        parts.AddSingleton<ModelUses>();
        parts.AddSingleton<LeadScores>();
        parts.AddSingleton<WarningReader>();
        return parts;
    }

    /// <summary>Who tells others of events: streams and webhooks.</summary>
    public static IServiceCollection AddFeeds(this IServiceCollection parts, Engine engine)
    {
        parts.AddSingleton<Wakeup>();
        parts.AddSingleton<Tail>();
        parts.AddHostedService(services => services.GetRequiredService<Tail>());
        parts.AddSingleton(new EventFeed(engine.Store.Reader, engine.Store.Types));
        parts.AddSingleton<Feed>();
        parts.AddSingleton<FeedPlaces>();
        parts.AddSingleton<OpenStreams>();
        parts.AddSingleton<PublicAddress>();
        parts.AddSingleton<Spelling>();
        parts.AddSingleton(services => new EventWriter(engine.Store.Types, services.GetRequiredService<Unsealer>(), () => engine.Store.Epoch));
        parts.AddSingleton(engine.Secrets);
        parts.AddSingleton(new Reach(engine.Settings));
        parts.AddSingleton(new SendingTerms(TimeProvider.System));
        parts.AddSingleton(services => new Courier(services.GetRequiredService<Reach>(), services.GetRequiredService<SendingTerms>().Limit));
        parts.AddSingleton<Messages>();
        parts.AddSingleton<Trial>();
        parts.AddSingleton<WebhookStreams>();
        parts.AddSingleton<Deliveries>();
        parts.AddSingleton<WebhookWrites>();
        parts.AddHostedService<Sender>();
        return parts;
    }

    /// <summary>Who follows the log, and who acts by it.</summary>
    public static IServiceCollection AddAutomations(this IServiceCollection parts)
    {
        parts.AddHostedService<Following>();
        parts.AddSingleton<Policies>();
        parts.AddSingleton<FieldsInForce>();
        parts.AddSingleton<AutomationTable>();
        parts.AddSingleton<AutomationStatus>();
        parts.AddHostedService<Caretaker>();
        parts.AddHostedService<MetricWatch>();
        parts.AddHostedService<ApprovalWatch>();
        parts.AddHostedService<CommitmentWatch>();
        parts.AddSingleton<DealTexts>();
        parts.AddSingleton<EntryDeeds>();
        parts.AddHostedService<OpportunityWatch>();
        parts.AddHostedService<ReviewWatch>();
        parts.AddHostedService<HelpWatch>();
        parts.AddHostedService<DailyReportWatch>();
        parts.AddHostedService<ForecastWatch>();
        parts.AddHostedService<FollowUpWatch>();
        parts.AddHostedService<WarningWatch>();
        parts.AddHostedService<CustomerWatch>();
        parts.AddSingleton<SourceFetch>();
        parts.AddHostedService<SourceWatch>();
        parts.AddHostedService<Watching>();
        parts.AddHostedService<Tidying>();
        return parts;
    }

    /// <summary>Who writes to people, and by which ports.</summary>
    public static IServiceCollection AddMessages(this IServiceCollection parts, Engine engine)
    {
        parts.AddSingleton(new MessageTerms());
        parts.AddSingleton<ChannelStreams>();
        parts.AddSingleton<ChannelWrites>();
        parts.AddSingleton<NotificationWishes>();
        parts.AddSingleton<NotificationChoice>();
        parts.AddSingleton<MessageLog>();
        parts.AddSingleton<IPort, MailPort>();
        parts.AddSingleton<IPort, WecomPort>();
        parts.AddSingleton<IPort, DingtalkPort>();
        parts.AddSingleton<IPort, FeishuPort>();
        parts.AddSingleton<IPort, WebhookPort>();
        parts.AddSingleton<ChannelTrial>();
        parts.AddSingleton<AlertLetters>();
        parts.AddSingleton<NurtureLetters>();
        parts.AddSingleton<EntryLetters>();
        parts.AddSingleton<Letters>();
        parts.AddSingleton(new UnsubscribeAddress(engine.MasterKey.Derive(UnsubscribeAddress.Purpose)));
        parts.AddSingleton<ContactMail>();
        parts.AddSingleton<Unsubscribing>();
        parts.AddSingleton<NurtureDesk>();
        parts.AddSingleton<RefusedMail>();
        parts.AddSingleton<Lanes>();
        parts.AddHostedService<Postman>();
        return parts;
    }

    /// <summary>Work that takes long, and what it works on.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection parts, Engine engine)
    {
        parts.AddSingleton<ExportState>();
        parts.AddHostedService<ScheduledExports>();
        parts.AddSingleton<JobTable>();
        parts.AddSingleton<ImportTable>();
        parts.AddSingleton<ImportDesk>();
        parts.AddSingleton<ResultFiles>();
        parts.AddSingleton<Retractions>();
        parts.AddSingleton(new Uploads(engine.Files, engine.Settings));
        parts.AddSingleton<IJobKind>(services => new ImportWork(engine, services.GetRequiredService<ImportTable>(), TimeProvider.System, isDryRun: false));
        parts.AddSingleton<IJobKind>(services => new ImportWork(engine, services.GetRequiredService<ImportTable>(), TimeProvider.System, isDryRun: true));
        parts.AddSingleton<IJobKind, ImportUndo>();
        parts.AddSingleton<IJobKind, ProfileWork>();
        parts.AddSingleton<IJobKind>(new HistoryWork(engine, TimeProvider.System));
        parts.AddSingleton<IJobKind, SimulationWork>();
        parts.AddSingleton<IJobKind, HandoverWork>();
        parts.AddSingleton<HandoverDesk>();
        parts.AddSingleton<HistoryDesk>();
        parts.AddSingleton<IJobKind, TrainingWork>();
        parts.AddSingleton<TrainingDesk>();
        parts.AddSingleton<IJobKind, LearningWork>();
        parts.AddSingleton<LearningDesk>();
        parts.AddHostedService<JobRunner>();
        return parts;
    }
}
