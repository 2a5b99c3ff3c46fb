using Crm.Api.Automations;

namespace Crm.Api.Forecasting;

/// <summary>Runs forecasts that are due.</summary>
public sealed class ForecastWatch(Engine engine, ForecastRecorder recorder, AutomationTable table, ILogger<ForecastWatch> log)
    : Watch(engine, "crm.forecasts", "Running forecasts", TimeSpan.FromSeconds(2),
        connection => new ForecastDuty(engine, recorder, table, connection), log, hears: false);
