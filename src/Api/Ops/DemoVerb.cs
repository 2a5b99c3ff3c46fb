using System.CommandLine;
using Crm.Api.Access;
using Crm.Api.Ops.Demo;

namespace Crm.Api.Ops;

/// <summary>Plays two years of a company of our own making into an empty store, once, and serves it.</summary>
public static class DemoVerb
{
    public static Command Make()
    {
        var verb = new Command("demo", "Play two years of a sample company into an empty store, once, and serve it. Uses a private PostgreSQL unless one is configured.");
        verb.SetAction((_, ct) => CommandLine.Guard(async () =>
        {
            await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
            engine.DevKey ??= DevKey.InFolder(engine.Folder);
            var sample = new SampleStore(engine, Caller.Developer, SampleSize.Full);
            if (await sample.Fill(DateTimeOffset.UtcNow, ct) is { } played)
            {
                Console.WriteLine(FormattableString.Invariant(
                    $"{played.Events:N0} events in {played.Took.TotalSeconds:0.0} s, {played.Events / played.Took.TotalSeconds:N0} a second."));
            }

            var until = await sample.PlayedUntil(ct);
            if (until is not null)
            {
                await new SampleOrganisation(engine, Caller.Developer).Fill(ct);
            }

            var year = until is { } day ? await YearAgo.Of(engine, Caller.Developer, day, ct) : null;
            Console.WriteLine(year?.Table() ?? """
                This store holds something else. The sample company is only played into an empty one: Crm__DataDirectory=/some/folder makes one of
                its own. Serving what is here.
                """);
            return await ServeVerb.Serve(engine, ct, started: url => Console.WriteLine(year?.Invitation(url, engine.DevKey) ?? ""));
        }));
        return verb;
    }
}
