using System.CommandLine;
using Crm.EventModel;
using Crm.Projections;

namespace Crm.Api.Ops;

/// <summary>How far the read models are, and what to do about one that stopped.</summary>
public static class ProjectionsVerb
{
    public static Command Make() => new("projections", "Look after the read models.")
        { List(), RebuildVerbs.Rebuild(), RebuildVerbs.Verify(), RebuildVerbs.Undo(), Resume("retry", skips: false), Resume("skip", skips: true) };

    /// <exception cref="InvalidOperationException">There is no read model of that name.</exception>
    internal static ReadModel Find(string name) => Catalog.All.FirstOrDefault(m => m.Name == name) ?? throw new InvalidOperationException(
        $"There is no read model '{name}'; there are: {string.Join(", ", Catalog.All.Select(m => m.Name))}.");

    private static Command List()
    {
        var verb = new Command("list", "Name, version, position, lag and state of each read model.");
        verb.SetAction((_, ct) => CommandLine.Guard(async () =>
        {
            await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
            Console.WriteLine($"{"read model",-20} {"version",7} {"position",12} {"behind",10}  state");
            foreach (var m in await engine.ReadModels.Status(ct))
            {
                var state = m.Stop is { } stop ? $"stopped at {stop.Position} ({stop.EventType}): {stop.Error}" : m.Position == m.Head ? "up to date" : "following";
                Console.WriteLine($"{m.Model.Name,-20} {m.Model.Version,7} {m.Position,12} {m.Head - m.Position,10}  {state}");
            }

            return 0;
        }));
        return verb;
    }

    private static Command Resume(string name, bool skips)
    {
        var model = new Argument<string>("name") { Description = "The read model." };
        var reason = new Option<string>("--reason") { Description = "Why the event may be passed over; kept for the record.", Required = skips };
        var verb = new Command(name, skips ? "Let a stopped read model pass over the event that stopped it." : "Let a stopped read model try its event again.") { model };
        if (skips)
        {
            verb.Add(reason);
        }

        verb.SetAction((parsed, ct) => CommandLine.Guard(async () =>
        {
            var wanted = parsed.GetRequiredValue(model);
            var found = Find(wanted);
            await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
            var resumed = await engine.ReadModels.Resume(found, skips ? parsed.GetRequiredValue(reason) : null, ct);
            Console.WriteLine(resumed ? $"{wanted} goes on." : $"{wanted} was not stopped.");
            return 0;
        }));
        return verb;
    }
}
