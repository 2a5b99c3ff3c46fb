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
using Crm.Api.Customers.Journeys;
using Crm.Api.Customers.Lifecycles;
using Crm.Api.Customers.Overview;
using Crm.Api.DailyReports;
using Crm.Api.DataSources;
using Crm.Api.Events;
using Crm.Api.Exports;
using Crm.Api.FollowUps;
using Crm.Api.Forecasting;
using Crm.Api.Forms;
using Crm.Api.Handovers;
using Crm.Api.HelpRequests;
using Crm.Api.Http;
using Crm.Api.Imports;
using Crm.Api.Imports.Runs;
using Crm.Api.Knowledge;
using Crm.Api.Leads;
using Crm.Api.Notifications;
using Crm.Api.Nurture;
using Crm.Api.Opportunities;
using Crm.Api.Orders;
using Crm.Api.Pipeline;
using Crm.Api.Playbooks;
using Crm.Api.ProductRequests;
using Crm.Api.Reviews;
using Crm.Api.Scoring;
using Crm.Api.SpotChecks;
using Crm.Api.Tasks;
using Crm.Api.Tasks.Alerts;
using Crm.Api.Tasks.Calendars;
using Crm.Api.Tickets;
using Crm.Api.Visits;
using Crm.Api.Warnings;
using Crm.Api.Webhooks;
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
        builder.Services.AddRecords(engine).AddReports().AddFeeds(engine).AddAutomations().AddMessages(engine).AddJobs(engine);
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
        api.MapDailyReports();
        api.MapDeliveryPlans();
        api.MapOverviews();
        api.MapCadences();
        api.MapLifecycles();
        api.MapTickets();
        api.MapProductRequests();
        api.MapJourneys();
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
        api.MapForecasts();
        api.MapDataSources();
        api.MapReviews();
        api.MapKnowledge();
        api.MapFollowUps();
        api.MapWarnings();
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
