using Crm.Api.Automations;

namespace Crm.Api.DataSources;

/// <summary>Fetches what is due, and tells of data sources from which nothing comes.</summary>
public sealed class SourceWatch(Engine engine, SourceDesk desk, SourceFetch fetch, AutomationTable table, ILogger<SourceWatch> log)
    : Watch(engine, "crm.data-sources", "Looking after data sources", TimeSpan.FromSeconds(1),
        connection => new SourceDuty(engine, desk, fetch, table, connection), log, hears: false);
