using System.Net;
using Crm.Api.Access;
using Crm.Api.Activities;
using Crm.Api.Approvals;
using Crm.Api.Attachments;
using Crm.Api.Audit;
using Crm.Api.Automations;
using Crm.Api.Batches;
using Crm.Api.Campaigns;
using Crm.Api.Commitments;
using Crm.Api.Compliance;
using Crm.Api.Contacts;
using Crm.Api.Conversion;
using Crm.Api.Customers;
using Crm.Api.Customers.Cadences;
using Crm.Api.Customers.Care;
using Crm.Api.Customers.Lifecycles;
using Crm.Api.Customers.Overview;
using Crm.Api.CustomFields;
using Crm.Api.Events;
using Crm.Api.Exports;
using Crm.Api.FollowUps;
using Crm.Api.Forms;
using Crm.Api.Handovers;
using Crm.Api.HelpRequests;
using Crm.Api.Http;
using Crm.Api.Imports;
using Crm.Api.Imports.Runs;
using Crm.Api.Jobs;
using Crm.Api.Knowledge;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Api.MetricAlerts;
using Crm.Api.Notifications;
using Crm.Api.Notifications.Sending;
using Crm.Api.Notifications.Sending.Ports;
using Crm.Api.Nurture;
using Crm.Api.Opportunities;
using Crm.Api.Opportunities.Care;
using Crm.Api.Orders;
using Crm.Api.Outside;
using Crm.Api.Pipeline;
using Crm.Api.Playbooks;
using Crm.Api.Reviews;
using Crm.Api.Scoring;
using Crm.Api.SpotChecks;
using Crm.Api.Tasks;
using Crm.Api.Tasks.Alerts;
using Crm.Api.Tasks.Calendars;
using Crm.Api.Visits;
using Crm.Api.Webhooks;
using Crm.Api.Webhooks.Sending;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Microsoft.AspNetCore.HttpOverrides;

namespace Crm.Api;

/// <summary>The engine with its doors open: HTTP, and followers behind it.</summary>
public static class Server
{
    /// <param name="with">What is put in place of something else, by tests.</param>
    public static WebApplication Build(Engine engine, Action<IServiceCollection>? with = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(engine.Settings.Listen, engine.Settings.Port));
        builder.AddHttpManners();

        builder.Services.AddSingleton(engine);
        builder.Services.AddSingleton(engine.Store);
        builder.Services.AddSingleton(engine.Sealer);
        builder.Services.AddSingleton(engine.Commands);
        builder.Services.AddSingleton(engine.Playbooks);
        builder.Services.AddSingleton(engine.Settings);
        builder.Services.AddSingleton(engine.Organisations);
        builder.Services.AddSingleton(new DevKey(engine.DevKey));
        var development = engine.DevKey is null ? null : new DevIssuer(TimeProvider.System);
        builder.Services.AddSingleton(new Tokens(
            [.. engine.Settings.Issuers.Select(TrustedIssuer.Discovered), .. development is null ? Array.Empty<TrustedIssuer>() : [development.Trusted]]));
        builder.Services.AddSingleton<Door>();
        builder.Services.AddSingleton<Limits>();
        builder.Services.AddSingleton<KeyUse>();
        builder.Services.AddSingleton<AccessWrites>();
        builder.Services.AddSingleton<Arrivals>();
        builder.Services.AddSingleton<FollowerTroubles>();
        builder.Services.AddSingleton<Queries>();
        builder.Services.AddSingleton<TimeProvider>(engine.Store.Clock);
        builder.Services.AddSingleton<IProblemSource, StoreProblems>();
        builder.Services.AddSingleton<Unsealer>();
        builder.Services.AddSingleton<Writes>();
        builder.Services.AddSingleton<Records>();
        builder.Services.AddSingleton(engine.Cursors);
        builder.Services.AddSingleton<ListReader>();
        builder.Services.AddSingleton<ListExports>();
        builder.Services.DescribeSparseAnswers();
        builder.Services.AddSingleton(engine.LeadKeys);
        builder.Services.AddSingleton(engine.Captures);
        builder.Services.AddSingleton<Submissions>();
        builder.Services.AddSingleton<LeadChanges>();
        builder.Services.AddSingleton<LeadClaims>();
        builder.Services.AddSingleton<Flags>();
        builder.Services.AddSingleton<SilentLeads>();
        builder.Services.AddSingleton<LevelsReached>();
        builder.Services.AddSingleton<GatesAhead>();
        builder.Services.AddSingleton<AmountChanges>();
        builder.Services.AddSingleton<LevelFigures>();
        builder.Services.AddSingleton<SpotCheckDesk>();
        builder.Services.AddSingleton<ApprovalRules>();
        builder.Services.AddSingleton<ApprovalDesk>();
        builder.Services.AddSingleton<ApprovalReader>();
        builder.Services.AddSingleton(new ApprovalAddress(engine.MasterKey.Derive(ApprovalAddress.Purpose)));
        builder.Services.AddSingleton<LinkedDeciding>();
        builder.Services.AddSingleton<Merges>();
        builder.Services.AddSingleton<Duplicates>();
        builder.Services.AddSingleton<Qualification>();
        builder.Services.AddSingleton<Correction>();
        builder.Services.AddSingleton<KnownCustomers>();
        builder.Services.AddSingleton<Upsert>();
        builder.Services.AddSingleton<DecisionChains>();
        builder.Services.AddSingleton<KnownCommitments>();
        builder.Services.AddSingleton<HelpDesk>();
        builder.Services.AddSingleton<HelpReport>();
        builder.Services.AddSingleton<VisitTrail>();
        builder.Services.AddSingleton<VisitDesk>();
        builder.Services.AddSingleton<VisitReader>();
        builder.Services.AddSingleton<Clashes>();
        builder.Services.AddSingleton<CustomerOverview>();
        builder.Services.AddSingleton<CaredCustomers>();
        builder.Services.AddSingleton<CustomerFactsReader>();
        builder.Services.AddSingleton<KnownSubjects>();
        builder.Services.AddSingleton<TaskBoard>();
        builder.Services.AddSingleton<Calendars>();
        builder.Services.AddSingleton<PipelineReport>();
        builder.Services.AddSingleton<ConversionReport>();
        builder.Services.AddSingleton<WinRateReport>();
        builder.Services.AddSingleton<DealReviews>();
        builder.Services.AddSingleton<FollowUpPacks>();
        builder.Services.AddSingleton<ComplianceReport>();
        builder.Services.AddSingleton<ActivityReport>();
        builder.Services.AddSingleton<Telling>();
        builder.Services.AddSingleton<AuditReader>();
        builder.Services.AddSingleton<Wakeup>();
        builder.Services.AddSingleton<Tail>();
        builder.Services.AddSingleton(new EventFeed(engine.Store.Reader, engine.Store.Types));
        builder.Services.AddSingleton<Feed>();
        builder.Services.AddSingleton<FeedPlaces>();
        builder.Services.AddSingleton<OpenStreams>();
        builder.Services.AddSingleton<PublicAddress>();
        builder.Services.AddSingleton<Spelling>();
        builder.Services.AddSingleton(services => new EventWriter(engine.Store.Types, services.GetRequiredService<Unsealer>(), () => engine.Store.Epoch));
        builder.Services.AddHostedService(services => services.GetRequiredService<Tail>());
        builder.Services.AddHostedService<Following>();
        builder.Services.AddSingleton<Policies>();
        builder.Services.AddSingleton<FieldsInForce>();
        builder.Services.AddSingleton<AutomationTable>();
        builder.Services.AddSingleton<AutomationStatus>();
        builder.Services.AddHostedService<Caretaker>();
        builder.Services.AddHostedService<MetricWatch>();
        builder.Services.AddHostedService<ApprovalWatch>();
        builder.Services.AddHostedService<CommitmentWatch>();
        builder.Services.AddSingleton<DealTexts>();
        builder.Services.AddSingleton<EntryDeeds>();
        builder.Services.AddHostedService<OpportunityWatch>();
        builder.Services.AddHostedService<ReviewWatch>();
        builder.Services.AddHostedService<HelpWatch>();
        builder.Services.AddHostedService<FollowUpWatch>();
        builder.Services.AddHostedService<CustomerWatch>();
        builder.Services.AddHostedService<Watching>();
        builder.Services.AddHostedService<Tidying>();
        builder.Services.AddSingleton<ExportState>();
        builder.Services.AddHostedService<ScheduledExports>();
        builder.Services.AddSingleton(engine.Secrets);
        builder.Services.AddSingleton(new Reach(engine.Settings));
        builder.Services.AddSingleton(new SendingTerms(TimeProvider.System));
        builder.Services.AddSingleton(services => new Courier(services.GetRequiredService<Reach>(), services.GetRequiredService<SendingTerms>().Limit));
        builder.Services.AddSingleton<Messages>();
        builder.Services.AddSingleton<Trial>();
        builder.Services.AddSingleton<WebhookStreams>();
        builder.Services.AddSingleton<Deliveries>();
        builder.Services.AddSingleton<WebhookWrites>();
        builder.Services.AddHostedService<Sender>();
        builder.Services.AddSingleton(new MessageTerms());
        builder.Services.AddSingleton<ChannelStreams>();
        builder.Services.AddSingleton<ChannelWrites>();
        builder.Services.AddSingleton<NotificationWishes>();
        builder.Services.AddSingleton<NotificationChoice>();
        builder.Services.AddSingleton<MessageLog>();
        builder.Services.AddSingleton<IPort, MailPort>();
        builder.Services.AddSingleton<IPort, WecomPort>();
        builder.Services.AddSingleton<IPort, DingtalkPort>();
        builder.Services.AddSingleton<IPort, FeishuPort>();
        builder.Services.AddSingleton<IPort, WebhookPort>();
        builder.Services.AddSingleton<ChannelTrial>();
        builder.Services.AddSingleton<AlertLetters>();
        builder.Services.AddSingleton<NurtureLetters>();
        builder.Services.AddSingleton<EntryLetters>();
        builder.Services.AddSingleton<Letters>();
        builder.Services.AddSingleton(new UnsubscribeAddress(engine.MasterKey.Derive(UnsubscribeAddress.Purpose)));
        builder.Services.AddSingleton<Unsubscribing>();
        builder.Services.AddSingleton<NurtureDesk>();
        builder.Services.AddSingleton<RefusedMail>();
        builder.Services.AddSingleton<Lanes>();
        builder.Services.AddHostedService<Postman>();
        builder.Services.AddSingleton<Inside>();
        builder.Services.AddSingleton<AttachmentDesk>();
        builder.Services.AddSingleton<IScanner>(services => engine.Settings.Scanner is { } scanner
            ? new ClamAv(ClamAv.Parse(scanner)!, TimeProvider.System, services.GetRequiredService<ILogger<ClamAv>>()) : new NoScanner());
        builder.Services.AddSingleton<JobTable>();
        builder.Services.AddSingleton<ImportTable>();
        builder.Services.AddSingleton<ImportDesk>();
        builder.Services.AddSingleton<ResultFiles>();
        builder.Services.AddSingleton<Retractions>();
        builder.Services.AddSingleton(new Uploads(engine.Files, engine.Settings));
        builder.Services.AddSingleton<IJobKind>(services => new ImportWork(engine, services.GetRequiredService<ImportTable>(), TimeProvider.System, isDryRun: false));
        builder.Services.AddSingleton<IJobKind>(services => new ImportWork(engine, services.GetRequiredService<ImportTable>(), TimeProvider.System, isDryRun: true));
        builder.Services.AddSingleton<IJobKind, ImportUndo>();
        builder.Services.AddSingleton<IJobKind, ProfileWork>();
        builder.Services.AddSingleton<IJobKind>(new HistoryWork(engine, TimeProvider.System));
        builder.Services.AddSingleton<IJobKind, SimulationWork>();
        builder.Services.AddSingleton<SimulationDesk>();
        builder.Services.AddSingleton<IJobKind, HandoverWork>();
        builder.Services.AddSingleton<HandoverDesk>();
        builder.Services.AddSingleton<HistoryDesk>();
        builder.Services.AddSingleton<IJobKind, TrainingWork>();
        builder.Services.AddSingleton<TrainingDesk>();
        builder.Services.AddSingleton<ScoreModels>();
        builder.Services.AddSingleton<ModelUses>();
        builder.Services.AddSingleton<LeadScores>();
        builder.Services.AddHostedService<JobRunner>();
        builder.Services.DescribeWebhooks();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));

        with?.Invoke(builder.Services);
        var app = builder.Build();
        app.BelieveProxies(engine.Settings.Proxies);
        var inside = app.Services.GetRequiredService<Inside>();
        app.Use(inside.Learn);
        app.UseHttpManners(guard: guarded => guarded.UseMiddleware<Identify>());
        app.MapHealth();
        app.MapSubmissions();
        app.MapCalendars();
        app.MapUnsubscribing();
        app.MapLinkedDeciding();
        if (development is not null)
        {
            app.MapDevIssuer(development);
            app.Lifetime.ApplicationStopped.Register(development.Dispose);
        }

        var api = app.MapGroup("/api/v1");
        api.MapAccess();
        api.MapLeads();
        api.MapPool();
        api.MapNurture();
        api.MapHandovers();
        api.MapForms();
        api.MapCustomers();
        api.MapContacts();
        api.MapDecisionChains();
        api.MapCommitments();
        api.MapVisits();
        api.MapHelpRequests();
        api.MapDeliveryPlans();
        api.MapOverviews();
        api.MapCadences();
        api.MapLifecycles();
        api.MapCampaigns();
        api.MapOpportunities();
        api.MapOrders();
        api.MapTasks();
        api.MapAlerts();
        api.MapNotifications();
        api.MapApprovals();
        api.MapSpotChecks();
        api.MapAttachments();
        api.MapPlaybooks();
        api.MapAutomations();
        api.MapScoring();
        api.MapPipeline();
        api.MapConversion();
        api.MapWinRate();
        api.MapReviews();
        api.MapKnowledge();
        api.MapFollowUps();
        api.MapCompliance();
        api.MapActivity();
        api.MapImports();
        api.MapImportRuns();
        api.MapHistories();
        api.MapAudit();
        api.MapEvents();
        api.MapWebhooks();
        api.MapBatch();
        return app;
    }

    // Nobody else says for whom he asks, or that he came over https.
    private static void BelieveProxies(this WebApplication app, IReadOnlyList<IPAddress> proxies)
    {
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownProxies.Add(proxy);
        }

        app.UseForwardedHeaders(options);
    }
}
