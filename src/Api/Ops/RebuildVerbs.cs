using System.CommandLine;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Ops;

/// <summary>Builds a read model anew while people work, proves that it is right, or takes the last rebuild back.</summary>
internal static class RebuildVerbs
{
    private static readonly Option<bool> Polite = new("--polite") { Description = "Leave room for live traffic: one worker, resting as long as it works." };

    public static Command Rebuild() => Make(
        "rebuild", "Build a read model anew beside the live tables and put it in their place. Goes on where it was when it was killed.", hasGear: true,
        async (rebuild, gear, progress, ct) =>
        {
            var report = await rebuild.Run(gear, progress, ct);
            Console.WriteLine($"Rebuilt from {report.Events:N0} events; live since position {report.Position}. 'projections undo' takes it back.");
            return 0;
        });

    public static Command Verify() => Make(
        "verify", "Build a read model beside the live tables, compare both at one position, and name the rows that differ.", hasGear: true,
        async (rebuild, gear, progress, ct) =>
        {
            var report = await rebuild.Verify(gear, progress, ct);
            foreach (var difference in report.Differences)
            {
                Console.WriteLine(difference);
            }

            Console.WriteLine(report.Differences.Count == 0
                ? $"Every row is as {report.Events:N0} events make it, at position {report.Position}."
                : $"{report.Differences.Count} rows or more differ at position {report.Position}.");
            return report.Differences.Count == 0 ? 0 : 1;
        });

    public static Command Undo() => Make(
        "undo", "Put back what the last rebuild replaced, carried up to the present. Said twice, the rebuilt tables are live again.", hasGear: false,
        async (rebuild, _, progress, ct) =>
        {
            Console.WriteLine($"Taken back; live since position {await rebuild.Undo(progress, ct)}.");
            return 0;
        });

    private static Command Make(
        string name, string description, bool hasGear, Func<Rebuild, Gear, IProgress<RebuildProgress>, CancellationToken, Task<int>> run)
    {
        var model = new Argument<string>("name") { Description = "The read model." };
        var verb = new Command(name, description) { model };
        if (hasGear)
        {
            verb.Add(Polite);
        }

        verb.SetAction((parsed, ct) => CommandLine.Guard(async () =>
        {
            var found = ProjectionsVerb.Find(parsed.GetRequiredValue(model));
            await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
            var result = 0;
            await Progress.Phases(async progress => result = await run(
                new Rebuild(engine.Database, found, engine.Store.Types), hasGear && parsed.GetValue(Polite) ? Gear.Polite : Gear.FlatOut, progress, ct));
            return result;
        }));
        return verb;
    }
}
