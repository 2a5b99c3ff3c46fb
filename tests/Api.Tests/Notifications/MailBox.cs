using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Crm.Api.Tests.Contract;
using Crm.Support;

namespace Crm.Api.Tests.Notifications;

/// <summary>A mail as the server of others read it.</summary>
public sealed record GotMail(
    IReadOnlyList<string> To, string From, string Id, string Subject, string? Text, string? Html, string? Unsubscribe, string? OneClick,
    string? Automatic);

/// <summary>A mail server of others on this machine, and what it was given.</summary>
public sealed class MailBox : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<GotMail> got = new();

    private MailBox(Process process, int port) => (this.process, Port) = (process, port);

    public int Port { get; }

    public IReadOnlyList<GotMail> Got => [.. got];

    /// <param name="words"><c>--login</c> for one that takes mail only of those who log in, <c>--plain</c> for one that cannot
    /// encrypt.</param>
    public static async Task<MailBox> Open(params string[] words)
    {
        var process = await Node.Serve("node", ["mail.mjs", .. words]);
        var box = new MailBox(process, int.Parse((await process.StandardOutput.ReadLineAsync().Soon())!));
        _ = box.Read();
        return box;
    }

    public async Task<IReadOnlyList<GotMail>> Until(int least)
    {
        await Patience.Until($"{least} mails came", () => got.Count >= least);
        return Got;
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }

    private async Task Read()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            got.Enqueue(JsonSerializer.Deserialize<GotMail>(line, JsonSerializerOptions.Web)!);
        }
    }
}
