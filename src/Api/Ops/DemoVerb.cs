using System.CommandLine;

namespace Crm.Api.Ops;

/// <summary>Loads a small company of our own making and serves it.</summary>
public static class DemoVerb
{
    public static Command Make()
    {
        var verb = new Command("demo", "Load a small sample company into a private PostgreSQL, once, and serve it.");
        verb.SetAction((_, ct) => CommandLine.Guard(async () =>
        {
            await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
            return await ServeVerb.Serve(engine, ct);
        }));
        return verb;
    }
}
