using System.CommandLine;

namespace Crm.Api.Ops;

/// <summary>Brings the configured database to the shape that this program needs.</summary>
public static class MigrateVerb
{
    public static Command Make()
    {
        var verb = new Command("migrate", "Make or extend the tables in the configured PostgreSQL. May be run again at any time.");
        verb.SetAction((_, ct) => CommandLine.Guard(async () =>
        {
            await Engine.Migrate(CommandLine.Settings(), CommandLine.Say, ct);
            Console.WriteLine("The database is ready.");
            return 0;
        }));
        return verb;
    }
}
