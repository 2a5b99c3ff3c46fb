using System.CommandLine;

namespace Crm.Api.Ops;

/// <summary>Serves HTTP on loopback until told to stop.</summary>
public static class ServeVerb
{
    public static Command Make()
    {
        var verb = new Command("serve", "Serve the API on the loopback address, with the configured PostgreSQL or a private one.");
        verb.SetAction((_, ct) => CommandLine.Guard(async () =>
        {
            await using var engine = await Engine.Open(CommandLine.Settings(), CommandLine.Say, ct);
            return await Serve(engine, ct);
        }));
        return verb;
    }

    /// <param name="started">Told the address once it serves.</param>
    public static async Task<int> Serve(Engine engine, CancellationToken ct, Action<string>? started = null)
    {
        await using var app = Server.Build(engine);
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException taken)
        {
            throw new IOException($"{taken.Message} Crm__Port chooses another port.", taken);
        }

        Console.WriteLine($"Serving on {app.Urls.First()} · documentation at /docs · stop with Ctrl+C");
        started?.Invoke(app.Urls.First());
        await app.WaitForShutdownAsync(ct);
        return 0;
    }
}
