using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Api;

/// <summary>Keeps the read models up with the events for as long as the program serves.</summary>
public sealed class Following(Engine engine) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stop)
    {
        var wakeup = new Wakeup();
        engine.Store.Appended += _ => wakeup.Call();
        return Task.WhenAll([
            wakeup.Listen(engine.Database, stop),
            .. Catalog.All.Select(model => new Follower(engine.Database, model, engine.Store.Types, wakeup).Run(stop))]);
    }
}
