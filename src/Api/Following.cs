using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Api;

/// <summary>Keeps the read models up with the events for as long as the program serves.</summary>
public sealed class Following(Engine engine, Wakeup wakeup, Arrivals arrivals, FollowerTroubles troubles, ILogger<Following> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stop)
    {
        engine.Store.Appended += _ => wakeup.Call();
        return Task.WhenAll([wakeup.Listen(engine.Database, stop), .. Catalog.All.Select(model => Follow(model, stop)), .. Catalog.All.Select(model => Gather(model, stop))]);
    }

    private Task Follow(ReadModel model, CancellationToken stop)
    {
        var follower = new Follower(engine.Followers, model, engine.Store.Types, wakeup);
        follower.Trouble += Tell();
        follower.Moved += arrivals.Tell;
        follower.Waiting += arrivals.Forget;

        // After trouble it is told to wait as well; only to wait without trouble is to be well, with another process in the lead.
        var failed = false;
        follower.Trouble += (_, error) =>
        {
            failed = true;
            troubles.Fails(model, error);
        };
        follower.Moved += (_, _) => troubles.Goes(model);
        follower.Waiting += _ =>
        {
            if (!failed)
            {
                troubles.Goes(model);
            }

            failed = false;
        };
        return follower.Run(stop);
    }

    private Task Gather(ReadModel model, CancellationToken stop)
    {
        var checkpoints = new Checkpoints(engine.Followers, model);
        checkpoints.Trouble += Tell();
        return checkpoints.Run(stop);
    }

    private Action<ReadModel, Exception> Tell()
    {
        var told = long.MinValue;
        return (model, error) =>
        {
            // It tries every second; a line every half minute says enough.
            if (Environment.TickCount64 - told > 30_000 || told == long.MinValue)
            {
                told = Environment.TickCount64;
                log.LogWarning("{ReadModel} begins anew: {Reason}", model.Name, error.Message.Split('\n')[0]);
            }
        };
    }
}
