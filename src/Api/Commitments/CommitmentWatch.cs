using Crm.Api.Automations;

namespace Crm.Api.Commitments;

/// <summary>Looks whether promises clash.</summary>
public sealed class CommitmentWatch(Engine engine, Clashes clashes, AutomationTable table, ILogger<CommitmentWatch> log)
    : Watch(engine, "crm.commitments", "Looking whether promises clash", TimeSpan.FromSeconds(1),
        connection => new ClashDuty(engine, clashes, table, connection), log);
