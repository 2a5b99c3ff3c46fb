using Crm.Api.Automations;

namespace Crm.Api.Forecasting;

/// <summary>Runs forecasts that are due, and says those anew that a data source had failed.</summary>
public sealed class ForecastWatch(Engine engine, ForecastRecorder recorder, RestateOnRecovery restate, AutomationTable table, ILogger<ForecastWatch> log)
    : Watch(engine, "crm.forecasts", "Running forecasts", TimeSpan.FromSeconds(2),
        connection => new ForecastDuty(engine, recorder, restate, table, connection), log, hears: false);
