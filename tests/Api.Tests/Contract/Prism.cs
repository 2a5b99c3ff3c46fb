using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Crm.Support;

namespace Crm.Api.Tests.Contract;

/// <summary>Stoplight's Prism as a proxy before a program: it holds every request and answer that passes against an OpenAPI document.</summary>
public sealed partial class Prism : IAsyncDisposable
{
    private readonly Process process;
    private readonly string document;

    private Prism(Process process, string document, Uri program, Uri address) =>
        (this.process, this.document, Program, Address) = (process, document, program, address);

    /// <summary>Whether all journeys are to lead through it. Where it cannot be run, they fail then.</summary>
    public static bool IsWanted => Environment.GetEnvironmentVariable("CRM_THROUGH_PRISM") == "1";

    public static bool IsHere => Node.Find("node") is not null && Node.Find("npm") is not null;

    /// <summary>Where the program itself listens.</summary>
    public Uri Program { get; }

    /// <summary>Where Prism listens.</summary>
    public Uri Address { get; }

    /// <param name="changed">Makes another document of the one that the program serves.</param>
    public static async Task<Prism> Before(Uri program, Func<string, string>? changed = null)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(program, "/openapi/v1.json"));
        var document = Path.Combine(Path.GetTempPath(), $"crm-prism-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(document, changed?.Invoke(text) ?? text);

        // Headers that are too large are for the program to refuse, and what Prism says of an answer has to fit in as well.
        var process = await Node.Serve(
            "prism", ["proxy", document, program.ToString(), "--errors=false", "--cors=false", "--multiprocess=false", "--host=127.0.0.1", "--port=0"],
            ("NODE_OPTIONS", "--max-http-header-size=65536"));
        return new Prism(process, document, program, await Listening(process).Soon());
    }

    /// <summary>A way to the program that leads through Prism.</summary>
    public HttpMessageHandler Way() => new ThroughPrism(this, new SocketsHttpHandler());

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        File.Delete(document);
    }

    private static async Task<Uri> Listening(Process process)
    {
        var said = new StringBuilder();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Where().Match(line) is { Success: true } where)
            {
                // It goes on telling of each request, and would stand still were nobody to listen.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new Uri(where.Groups[1].Value);
            }

            said.AppendLine(line);
        }

        throw new InvalidOperationException($"Prism ended before it listened: {said}");
    }

    [GeneratedRegex(@"listening on (http://\S+)")]
    private static partial Regex Where();
}
