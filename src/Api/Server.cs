using Crm.Api.Audit;
using Crm.Api.Conversion;
using Crm.Api.Customers;
using Crm.Api.Http;
using Crm.Api.Imports;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Api.Opportunities;
using Crm.Api.Pipeline;
using Crm.EventStore.ReadModels;

namespace Crm.Api;

/// <summary>The engine with its doors open: HTTP on loopback, and followers behind it.</summary>
public static class Server
{
    public static WebApplication Build(Engine engine)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenOnLoopback(engine.Settings.Port));
        builder.AddHttpManners();

        builder.Services.AddSingleton(engine);
        builder.Services.AddSingleton(engine.Store);
        builder.Services.AddSingleton(engine.Sealer);
        builder.Services.AddSingleton(engine.Commands);
        builder.Services.AddSingleton(engine.Playbooks);
        builder.Services.AddSingleton<Arrivals>();
        builder.Services.AddSingleton(services => new Queries(engine.Store, services.GetRequiredService<Arrivals>(), engine.Settings.DateTimeZone));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IProblemSource, StoreProblems>();
        builder.Services.AddSingleton<Unsealer>();
        builder.Services.AddSingleton<Writes>();
        builder.Services.AddSingleton<Records>();
        builder.Services.AddSingleton(engine.Cursors);
        builder.Services.AddSingleton<ListReader>();
        builder.Services.DescribeSparseAnswers();
        builder.Services.AddSingleton<Qualification>();
        builder.Services.AddSingleton<Correction>();
        builder.Services.AddSingleton<KnownCustomers>();
        builder.Services.AddSingleton<PipelineReport>();
        builder.Services.AddSingleton<ConversionReport>();
        builder.Services.AddSingleton(services => new Telling(engine.Store, services.GetRequiredService<Unsealer>(), engine.Settings.DateTimeZone));
        builder.Services.AddSingleton<AuditReader>();
        builder.Services.AddHostedService<Following>();
        builder.Services.AddHostedService<Watching>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));

        var app = builder.Build();
        app.UseHttpManners();
        app.MapHealth();
        var api = app.MapGroup("/api/v1");
        api.MapLeads();
        api.MapCustomers();
        api.MapOpportunities();
        api.MapPipeline();
        api.MapConversion();
        api.MapImports();
        api.MapAudit();
        return app;
    }

    private static void ListenOnLoopback(this Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, int port) =>
        // Until there is identity, nobody but this machine: whoever reaches the port may do everything.
        kestrel.Listen(System.Net.IPAddress.Loopback, port);
}
